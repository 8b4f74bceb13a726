"""What is said of a shield: why, who wants it, what is decided. From closed lists alone."""

from typing import Any

from django import forms

from audit.reasons import ShieldAsker, ShieldDecision, ShieldIdentity, ShieldLifting, ShieldReason, ShieldReview
from registry.actions.shields import Wanted
from registry.forms.choosing import StepForm, radios

CHECKED = [(each.value, each.label) for each in ShieldIdentity if each != ShieldIdentity.OWN]


class AskShieldForm(forms.Form):
    """Why a child's details must not show, who wants that, and whether it can wait."""

    urgent = radios(
        "Must the details be hidden now?",
        [
            ("yes", "Yes, somebody could be harmed before a decision is made"),
            ("no", "No, it can wait for a decision"),
        ],
        "Choose whether the details must be hidden now",
    )
    reason = radios("Why must they not show?", ShieldReason.choices, "Choose why the details must not show")
    asker = radios("Who asks for it?", ShieldAsker.choices, "Choose who asks for it")
    identity_check = radios(
        "How did you make sure who they are?",
        CHECKED,
        "Choose how you made sure who they are",
        help_text="You can leave this out if nobody asked you",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        asker, checked = cleaned.get("asker"), cleaned.get("identity_check")
        if asker == ShieldAsker.SELF:
            cleaned["identity_check"] = ShieldIdentity.OWN.value
        elif asker and not checked and "identity_check" not in self.errors:
            self.add_error("identity_check", "Choose how you made sure who they are")
        elif checked == ShieldIdentity.NOT_YET and cleaned.get("urgent") == "no":
            self.add_error("identity_check", "Check who they are first, or choose that the details must be hidden now")
        return cleaned

    def wanted(self) -> Wanted:
        """What is asked for. Call it only when the form is valid."""
        values = self.cleaned_data
        return Wanted(
            reason=ShieldReason(values["reason"]),
            asker=ShieldAsker(values["asker"]),
            identity_check=ShieldIdentity(values["identity_check"]),
            urgent=values["urgent"] == "yes",
        )


class DecideShieldForm(StepForm):
    """What is decided about a request."""

    decision = radios("What do you decide?", ShieldDecision.choices, "Choose what you decide", coerce=ShieldDecision)


class ReviewShieldForm(StepForm):
    """Why a shield is still needed."""

    why = radios("Why is it still needed?", ShieldReview.choices, "Choose why it is still needed", coerce=ShieldReview)


class AskLiftingForm(StepForm):
    """Why a shield should be lifted."""

    why = radios("Why should it end?", ShieldLifting.choices, "Choose why it should end", coerce=ShieldLifting)
