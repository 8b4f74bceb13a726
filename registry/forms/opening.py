"""Why a record is opened; and why a protected one is opened in an emergency."""

from typing import Any

from django import forms

from audit.reasons import Reason, ShieldOverride
from registry.forms.choosing import choose, radios


class ReasonForm(forms.Form):
    """Why the record is opened; by a mediator in a call, for the colleague, who records nothing."""

    reason = radios(
        "Why do you need to open this record?",
        Reason.choices,
        "Choose the reason why you need to open this record",
    )

    def __init__(self, *args: Any, in_call: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_call:
            reason = self.fields["reason"]
            reason.label = "Why does your colleague need this record?"
            reason.error_messages |= choose("Choose the reason why your colleague needs this record")
            reason.choices = [choice for choice in Reason.choices if choice[0] != Reason.KEEP_UP_TO_DATE]  # type: ignore[attr-defined]


class OverrideForm(forms.Form):
    """Why a protected record must be opened now."""

    reason = radios("Why can it not wait?", ShieldOverride.choices, "Choose why it cannot wait")
