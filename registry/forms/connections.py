"""What is said when a connection is asked for, and of each step towards it: from closed lists, and a number to ring."""

from django import forms

from audit.reasons import ConnectionOutcome, ConnectionReason, ConnectionSoon, ConnectionStep
from pages.shaped_fields import TelephoneField
from registry.actions.connections import Wanted
from registry.forms.choosing import StepForm, radios


class AskConnectionForm(forms.Form):
    """Why a connection is needed, how soon, and where the asker can be rung."""

    reason = radios("Why must you speak to them?", ConnectionReason.choices, "Choose why you must speak to them")
    soon = radios("How soon do you need it?", ConnectionSoon.choices, "Choose how soon you need it")
    telephone = TelephoneField(
        label="Your telephone number",
        help_text="The one that you answer yourself, with its extension if it has one, like 0161 496 0000 extension 23",
    )

    def wanted(self) -> Wanted:
        """What is asked for. Call it only when the form is valid."""
        values = self.cleaned_data
        return Wanted(ConnectionReason(values["reason"]), ConnectionSoon(values["soon"]), values["telephone"])


class NoteForm(StepForm):
    """What was done."""

    step = radios("What did you do?", ConnectionStep.choices, "Choose what you did", coerce=ConnectionStep)


class CloseForm(StepForm):
    """How it ended."""

    outcome = radios("How did it end?", ConnectionOutcome.choices, "Choose how it ended", coerce=ConnectionOutcome)
