"""What a practitioner says of the basis of a sensitive service, and of its end. From closed lists alone, and a day."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from audit.reasons import BasisEnd
from pages.form_fields import DateField
from registry.forms.choosing import radios
from registry.forms.involvements import wrong_day_told
from registry.rules.basis import ENDS, Unfit, is_doubtful, unfit
from registry.rules.retention import age
from registry.rules.service_days import Life, wrong_start
from registry.values import BasisDecision
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis

DECIDERS = [(each.value, each.label) for each in BasisDecider if each != BasisDecider.CHILD]
WHO_CONSENTED = "Choose who consented: a parent, the council or a court"
WHO_DECIDED = "Choose who decided: a manager, your safeguarding lead, children’s social care or a court"
WHETHER_ABLE = "Choose whether the child was judged able to decide"
# What to do about what does not fit: in which field, and in which words. `years` is how old the child was on that day.
TOLD: dict[Unfit, str] = {
    Unfit.SIXTEEN: "The child was {years} on that day. Choose that they were 16 or 17, or check the day",
    Unfit.UNDER_SIXTEEN: "The child was {years} on that day. Choose how they were judged able, or check the day",
    Unfit.NOT_SO_YOUNG: "The child was {years} on that day. Choose how it was judged, or check the day",
}
NOT_ABLE = {
    SensitiveBasis.CONSENT_OF_CHILD: (
        "Choose how the child was judged able to decide. If they were not, their own consent is not enough"
    ),
    SensitiveBasis.CONSENT_OF_GUARDIAN: (
        "Choose why the child could not decide. If they could, it is their own consent that is needed"
    ),
}
ASKED_AGAIN = "The child was {years} on that day. Check the day and your answer, and say below if both are right"


class BasisForm(forms.Form):
    """Why a sensitive service may be entered, who decided, whether the child was able to, and when.

    `sure` is asked only where so young a child was judged able that it may be a slip of the hand.
    """

    basis = radios("Why may this service be entered?", SensitiveBasis.choices, "Choose why this service may be entered")
    decided_by = radios(
        "Who decided?",
        DECIDERS,
        "Choose who decided",
        help_text="You can leave this out if the child or young person consented",
        required=False,
    )
    competence = radios("Was the child judged able to decide for themselves?", Competence.choices, WHETHER_ABLE)
    decided_on = DateField(label="Decision date")
    sure = radios(
        "Was so young a child really judged able to decide?",
        [("yes", "Yes, both the day and the answer are right")],
        "Choose whether both are right",
        required=False,
    )

    def __init__(self, *args: Any, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.life = life
        if not self.is_bound:
            del self.fields["sure"]

    def clean_decided_on(self) -> date:
        decided_on: date = self.cleaned_data["decided_on"]
        wrong = wrong_start(decided_on, self.life, today=timezone.localdate())
        if wrong:
            raise wrong_day_told("Decision date", wrong, self.life)
        return decided_on

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        basis = cleaned.get("basis")
        if basis == SensitiveBasis.CONSENT_OF_CHILD:
            cleaned["decided_by"] = BasisDecider.CHILD.value
            self.errors.pop("decided_by", None)
        elif basis and not cleaned.get("decided_by") and "decided_by" not in self.errors:
            self.add_error("decided_by", _who(basis))
        doubtful = False
        if basis and not set(self.errors) - {"sure"}:
            decision = self._decision()
            self._say_what_does_not_fit(SensitiveBasis(basis), decision)
            doubtful = is_doubtful(decision, self.life)
            if doubtful and not self.errors and cleaned.get("sure") != "yes":
                self.add_error("competence", ASKED_AGAIN.format(years=self._years()))
        if not doubtful:
            self.errors.pop("sure", None)
            del self.fields["sure"]
        return cleaned

    def answer(self) -> tuple[SensitiveBasis, BasisDecision]:
        """What was answered, once valid."""
        return SensitiveBasis(self.cleaned_data["basis"]), self._decision()

    def _say_what_does_not_fit(self, basis: SensitiveBasis, decision: BasisDecision) -> None:
        wrong = unfit(basis, decision, self.life)
        if wrong == Unfit.DECIDER:
            self.add_error("decided_by", _who(basis))
        elif wrong == Unfit.COMPETENCE:
            self.add_error("competence", NOT_ABLE[basis])
        elif wrong:
            self.add_error("competence", TOLD[wrong].format(years=self._years()))

    def _decision(self) -> BasisDecision:
        values = self.cleaned_data
        return BasisDecision(
            by=BasisDecider(values["decided_by"]),
            competence=Competence(values["competence"]),
            on=values["decided_on"],
        )

    def _years(self) -> int:
        return age(self.life.born, self.cleaned_data["decided_on"])


class BasisEndForm(forms.Form):
    """Why nothing allows any more that a sensitive service stands on the record: what can end that basis alone."""

    def __init__(self, *args: Any, basis: SensitiveBasis, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each.value, each.label) for each in ENDS[basis]]
        self.fields["basis_end"] = radios("What has changed?", choices, "Choose what has changed")
        if len(choices) == 1:  # what ends it is known; that it did is confirmed on the page that follows
            self.fields["basis_end"].initial = choices[0][0]

    def why(self) -> BasisEnd:
        """What has changed, once valid."""
        return BasisEnd(self.cleaned_data["basis_end"])


def _who(basis: str) -> str:
    return WHO_CONSENTED if basis == SensitiveBasis.CONSENT_OF_GUARDIAN else WHO_DECIDED
