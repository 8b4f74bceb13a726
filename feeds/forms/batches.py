"""What is sent for a feed, and a step with a batch."""

from typing import Any

from django import forms

from feeds.models import BatchState
from registry.forms.choosing import OUT_OF_DATE, StepForm

CHOOSE = "Choose a file"
FILE = "file"


class SendForm(forms.Form):
    """A file, which the view reads as it comes in (pages/streamed.py). Here it is a box and its errors."""

    # Not Django's own widget, which says `disabled` in its attributes.
    file = forms.FileField(label="The file", required=False, widget=forms.FileInput)

    def __init__(self, *args: Any, most_bytes: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[FILE].help_text = f"At most {most_bytes // 1024**2} MB, as the supplier wrote it"


class BatchStepForm(StepForm):
    """A step with a batch, and the state in which the page showed it."""

    seen = forms.TypedChoiceField(  # type: ignore[assignment]  # a batch has states and no steps to count
        choices=BatchState.choices,
        coerce=BatchState,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), OUT_OF_DATE),
    )
