"""Closed lists to choose one from, and the form of a step that is taken with what others asked for."""

from typing import Any

from django import forms

OUT_OF_DATE = "This page is out of date. Open it again"


def choose(what_to_do: str) -> dict[str, str]:
    """One message where nothing was chosen and where what was sent is not on the list; Django's own would repeat it."""
    return dict.fromkeys(("required", "invalid_choice"), what_to_do)


def radios(label: str, choices: list[tuple[str, str]], missing: str, **options: Any) -> forms.TypedChoiceField:
    """One of a closed list, as `coerce` makes it. What is missing is said in the same words as what is not on it."""
    return forms.TypedChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=choose(missing), **options
    )


class StepForm(forms.Form):
    """A step, and how many steps the page knew of. Its fields have the names that the step's action gives them."""

    seen = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), OUT_OF_DATE),
    )
