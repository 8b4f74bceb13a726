"""A step with the bounds of a feed."""

from django import forms

from feeds.models import BoundsState
from registry.forms.choosing import OUT_OF_DATE, StepForm


class BoundsStepForm(StepForm):
    """A step with bounds, and the state in which the page showed them."""

    seen = forms.TypedChoiceField(  # type: ignore[assignment]  # bounds have states and no steps to count
        choices=BoundsState.choices,
        coerce=BoundsState,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), OUT_OF_DATE),
    )
