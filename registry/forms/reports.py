"""What is wrong on a record, and what came of it: one press from a closed list each."""

from collections.abc import Collection

from django import forms
from django.db.models import TextChoices

from audit.reported import ReportAnswer, ReportedPart
from registry.forms.choosing import StepForm, radios


class ReportForm(forms.Form):
    """What is wrong."""

    part = radios("What is wrong?", ReportedPart.choices, "Choose what is wrong", coerce=ReportedPart)


class AnswerForm(StepForm):
    """What came of it."""

    answer = radios("What came of it?", ReportAnswer.choices, "Choose what came of it", coerce=ReportAnswer)


def offer(form: forms.Form, name: str, choices: Collection[TextChoices]) -> None:
    """Have the form show these of a closed list, and take no others."""
    form.fields[name].choices = [(each.value, each.label) for each in choices]  # type: ignore[attr-defined]
