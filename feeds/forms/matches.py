"""What somebody says of a doubtful match."""

from django import forms

from feeds.models import VerdictKind
from registry.forms.choosing import StepForm, choose


class VerdictForm(StepForm):
    """One of three buttons."""

    verdict = forms.TypedChoiceField(
        choices=VerdictKind.choices,
        coerce=VerdictKind,
        widget=forms.HiddenInput,
        error_messages=choose("Press one of the three buttons"),
    )
