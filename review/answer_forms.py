"""What an auditor says about a family's question, and confirms of its answer. Nothing here is free text."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from access.models import Organisation
from audit.reasons import AnswerResult, Asker, AskerIdentity, AskerRight, Confirming, GivenBack
from pages.form_fields import DateField
from registry.rules import numbers
from review.actions.answers import NewAnswer
from review.answering.lines import Line
from review.answering.redaction import Proposal, Telling, tellings_of
from review.forms import RecordNumber, RecordNumberField

RIGHTS = {
    Asker.PARENT: frozenset({AskerRight.BIRTH_CERTIFICATE, AskerRight.ORDER}),
    Asker.YOUNG_PERSON: frozenset({AskerRight.OWN_RECORD}),
    Asker.ACTS_FOR: frozenset({AskerRight.AUTHORITY}),
}
UNFIT_RIGHT = {
    Asker.PARENT: "Choose how you know that they have parental responsibility: a birth certificate, or a court order "
    "or an agreement",
    Asker.YOUNG_PERSON: "Of a young person who asks for themself, choose that it is their own record",
    Asker.ACTS_FOR: "Of somebody who acts for another, choose the written authority",
}
OUT_OF_DATE = "This page is out of date. Open the answer again"


def _radios(label: str, choices: Sequence[tuple[str, str]], missing: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": f"{missing}, from the list"},
        **options,
    )


class BeginAnswerForm(forms.Form):
    """Who asks who looked at which record, and when. `councils` are those of whose log the auditor can answer."""

    record = RecordNumberField(
        label="Number of the record",
        help_text="As the family gave it: a registry number, an NHS number or a unique pupil number; or the number in "
        "brackets, like (4711), that the log shows of a record that is archived or not kept any more",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={"required": "Enter the number of the record"},
    )
    since = DateField(label="From")
    until = DateField(label="To", help_text="Yesterday, or a day before")
    asker = _radios("Who asks?", Asker.choices, "Choose who asks")
    identity_check = _radios(
        "How did you make sure who they are?", AskerIdentity.choices, "Choose how you made sure who they are"
    )
    right_check = _radios(
        "How did you make sure that they may ask?", AskerRight.choices, "Choose how you made sure that they may ask"
    )

    def __init__(self, data: Any = None, *, councils: Sequence[Organisation]) -> None:
        super().__init__(data)
        self._only = councils[0].pk if len(councils) == 1 else None
        if self._only is None:
            choices = [(str(each.pk), each.name) for each in councils]
            self.fields["authority"] = _radios("Which council answers?", choices, "Choose which council answers")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until >= timezone.localdate():
            self.add_error("until", "To must be before today: until midnight somebody may still look at the record")
        elif since and until and until < since:
            self.add_error("until", "To must be the same day as From or after it")
        asker, right = cleaned.get("asker"), cleaned.get("right_check")
        if asker and right and right not in RIGHTS[Asker(asker)]:
            self.add_error("right_check", UNFIT_RIGHT[Asker(asker)])
        return cleaned

    def typed(self) -> dict[str, str]:
        """The number as it was typed, which its look-up keeps sealed in the log."""
        return {"record": str(self.data.get("record", ""))}

    def asked(self) -> NewAnswer:
        """The answer to begin. Call it only when the form is valid."""
        values = self.cleaned_data
        number: RecordNumber = values["record"]
        return NewAnswer(
            authority_id=self._only or int(values["authority"]),
            number_kind=number.kind,
            number=number.number,
            number_shown=_shown(number),
            asker=Asker(values["asker"]),
            identity_check=AskerIdentity(values["identity_check"]),
            right_check=AskerRight(values["right_check"]),
            since=values["since"],
            until=values["until"],
        )


class StepForm(forms.Form):
    """Which version of the answer the page showed."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )


class ConfirmLinesForm(StepForm):
    """What the letter tells of each line, and why. Nothing is chosen beforehand, so that each line is looked at."""

    def __init__(
        self,
        data: Any = None,
        *,
        lines: Sequence[Line],
        proposals: Mapping[int, Proposal],
        seen: int,
        before: Any = None,
    ) -> None:
        super().__init__(data, initial={"seen": seen, **(before or {})})
        self._keys = [line.key for line in lines]
        for place, line in enumerate(lines, start=1):
            missing = f"Choose what the letter says of line {place}, of {date_format(line.day, 'j F Y')}"
            self.fields[name_of(line.key)] = forms.ChoiceField(
                label=f"Line {place}",
                choices=[("", "Choose"), *_choices(proposals[line.key])],
                error_messages={"required": missing, "invalid_choice": f"{missing}: the list has changed"},
            )

    def decisions(self) -> dict[int, tuple[Telling, Confirming]]:
        """What was chosen of each line. Call it only when the form is valid."""
        chosen = {key: self.cleaned_data[name_of(key)].split(".") for key in self._keys}
        return {key: (Telling(telling), Confirming(why)) for key, (telling, why) in chosen.items()}


class GiveBackForm(StepForm):
    """Why the second person does not release it."""

    why = _radios("Why do you give it back?", GivenBack.choices, "Choose why you give it back")


class CloseAnswerForm(StepForm):
    """Why it ends without a letter."""

    result = _radios("Why is there no letter?", AnswerResult.choices, "Choose why there is no letter")


def name_of(key: int) -> str:
    """The name of a line's box."""
    return f"line_{key}"


def code_of(telling: str, why: str) -> str:
    """A choice as it is posted."""
    return f"{telling}.{why}"


def in_words(telling: Telling, why: Confirming) -> str:
    """A choice as it is read."""
    return f"{telling.label}. {why.label}"


def _choices(proposal: Proposal) -> list[tuple[str, str]]:
    """What may be chosen, what the rules propose first."""
    proposed = (proposal.telling, proposal.why)
    rest = [each for each in tellings_of(proposal) if each != proposed]
    return [(code_of(*each), in_words(*each)) for each in (proposed, *rest)]


def _shown(number: RecordNumber) -> str:
    """The number as it is read out."""
    if not number.kind:
        return number.number
    if number.kind == numbers.OWN:
        return numbers.shown(number.number)
    return numbers.shown_nhs(number.number) if number.kind == "nhs" else number.number
