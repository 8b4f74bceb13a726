"""What is said of a record that changes hands: to whom, why, and why not."""

from typing import Any

from django import forms

from audit.reasons import HandoverReason, HandoverRefusal
from registry.forms.choosing import StepForm, choose, radios
from registry.selectors.identities import councils


class OfferForm(forms.Form):
    """Which council should answer for the record, and why."""

    to = forms.ChoiceField(
        label="Which council should answer for the record?", error_messages=choose("Choose a council")
    )
    reason = radios("Why?", HandoverReason.choices, "Choose why", coerce=HandoverReason)

    def __init__(self, *args: Any, own: int, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(str(each.pk), each.name) for each in councils() if each.pk != own]
        self.fields["to"].choices = [("", "Choose a council"), *others]  # type: ignore[attr-defined]  # a ChoiceField


class DeclineForm(StepForm):
    """Why a record is not taken over."""

    why = radios(
        "Why do you not take it over?",
        HandoverRefusal.choices,
        "Choose why you do not take it over",
        coerce=HandoverRefusal,
    )
