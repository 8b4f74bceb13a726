"""What an auditor says about a case, and what is answered: all of it chosen from lists."""

from collections.abc import Mapping
from typing import Any

from django import forms

from audit.reasons import Answer, CaseResult, ManagerAnswer, Verdict
from review.models import AskedOf, Query, Rests

ANSWERS = {AskedOf.PERSON.value: Answer.choices, AskedOf.MANAGER.value: ManagerAnswer.choices}
# Whom somebody knows, and whether it was they, they alone can say.
QUERIES = {
    AskedOf.PERSON.value: Query.choices,
    AskedOf.MANAGER.value: [(Query.OCCASION.value, Query.OCCASION.label)],
}
OUT_OF_DATE = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"),
    "This page is out of date. Look at it again, and choose once more",
)
MOST = 2**31 - 1


def _choose(label: str, choices: Any, *, what: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": f"Choose {what}", "invalid_choice": f"Choose from the list {what}"},
    )


class TakeCaseForm(forms.Form):
    """When the case was taken last, as the page showed it."""

    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class DecideCaseForm(forms.Form):
    """What came of a case, and how far it had grown, as the page showed it."""

    found = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    result = _choose("What came of it?", CaseResult.choices, what="what came of it")

    def __init__(self, *args: Any, people: Mapping[int, str] | None = None, **kwargs: Any) -> None:
        """`people`: the names, by id, of those whom a case names that is about several."""
        super().__init__(*args, **kwargs)
        self.people = dict(people or {})
        for person_id, name in self.people.items():
            self.fields[f"person_{person_id}"] = forms.ChoiceField(
                label=f"What came of it for {name}?",
                choices=(("", "The same"), *CaseResult.choices),
                required=False,
                error_messages={"invalid_choice": f"Choose from the list what came of it for {name}"},
            )

    @property
    def of_each(self) -> list[str]:
        """The names of the fields about one person each."""
        return [f"person_{person_id}" for person_id in self.people]

    @property
    def apart(self) -> dict[int, CaseResult]:
        """For whom something else came of it than for all."""
        chosen = {person_id: self.cleaned_data[f"person_{person_id}"] for person_id in self.people}
        return {person_id: CaseResult(result) for person_id, result in chosen.items() if result}


class AgreeForm(forms.Form):
    """Whether a second auditor agrees, and when it was decided, as the page showed it."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    agrees = _choose(
        "Do you agree?",
        (("yes", "Yes, and the case is closed"), ("no", "No, and it goes back to whoever decided it")),
        what="whether you agree",
    )


class AskForm(forms.Form):
    """What is asked. Who is asked decides what there is to choose from; one question alone is not chosen."""

    query = _choose("What do you ask?", (), what="what you ask")

    def __init__(self, *args: Any, asked_of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        query = self.fields["query"]
        assert isinstance(query, forms.ChoiceField)  # noqa: S101 - for the type checker
        query.choices = QUERIES[asked_of]
        if len(QUERIES[asked_of]) == 1:
            query.widget = forms.HiddenInput()
            ((query.initial, _),) = QUERIES[asked_of]


class AnswerForm(forms.Form):
    """An answer, and what it rests on. Whose it is decides what there is to choose from."""

    answer = _choose("Your answer", (), what="an answer")
    rests_on = _choose("What does that rest on?", Rests.choices, what="what that rests on")

    def __init__(self, *args: Any, asked_of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        assert isinstance(answer, forms.ChoiceField)  # noqa: S101 - for the type checker
        answer.choices = ANSWERS[asked_of]


class JudgeForm(forms.Form):
    """How an access looks by itself."""

    verdict = _choose("How does this access look?", Verdict.choices, what="how it looks")
