"""What may be said of the basis of a sensitive service, and what of that fits to the child's age on that day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.reasons import BasisEnd
from registry.forms.basis import BasisEndForm, BasisForm
from registry.models import Involvement
from registry.rules.basis import COMPETENCES, DECIDERS, ENDS, Unfit, is_doubtful, unfit
from registry.rules.service_days import Life
from registry.values import BasisDecision, InvolvementDetails, Withdrawal
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis
from tests.unit.registry.typing_errors import LONG, assert_plain

BORN = date(2005, 5, 20)
LIFE = Life(BORN)
CHILD, GUARDIAN, HARM = SensitiveBasis


def boxes(day: date) -> dict[str, str]:
    return {f"decided_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def aged(years: int) -> dict[str, str]:
    """Decided on that birthday."""
    return boxes(date(BORN.year + years, BORN.month, BORN.day))


GILLICK = {"basis": CHILD.value, "competence": "gillick", **aged(14)}


def form_of(life: Life = LIFE, **changes: str) -> BasisForm:
    return BasisForm(GILLICK | changes, life=life)


def test_what_was_answered_is_kept() -> None:
    form = form_of()
    assert form.is_valid(), form.errors
    assert form.answer() == (CHILD, BasisDecision(BasisDecider.CHILD, Competence.GILLICK, date(2019, 5, 20)))
    assert "sure" not in form.fields
    assert "sure" not in BasisForm(life=LIFE).fields


@pytest.mark.parametrize("typed", ["", "parent", "made up"])
def test_where_the_child_consented_nobody_else_decided(typed: str) -> None:
    form = form_of(decided_by=typed)
    assert form.is_valid(), form.errors
    assert form.answer()[1].by == BasisDecider.CHILD


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"basis": ""}, {"basis"}),
        ({"basis": "curiosity"}, {"basis"}),
        ({"competence": ""}, {"competence"}),
        ({"competence": LONG}, {"competence"}),
        ({"decided_on_day": ""}, {"decided_on"}),
        ({"basis": GUARDIAN.value, "competence": "not_competent"}, {"decided_by"}),
        ({"basis": GUARDIAN.value, "competence": "not_competent", "decided_by": "manager"}, {"decided_by"}),
        ({"basis": GUARDIAN.value, "competence": "not_competent", "decided_by": "child"}, {"decided_by"}),
        ({"basis": GUARDIAN.value, "competence": "gillick", "decided_by": "parent"}, {"competence"}),
        ({"basis": GUARDIAN.value, "competence": "too_young", "decided_by": "parent"}, {"competence"}),
        ({"basis": HARM.value, "decided_by": "parent"}, {"decided_by"}),
        ({"competence": "not_judged"}, {"competence"}),
        ({"competence": "aged_16"}, {"competence"}),
        (aged(17), {"competence"}),
        (aged(5), {"competence"}),
        ({**aged(17), "competence": "aged_16"}, set()),
        ({"basis": GUARDIAN.value, "competence": "not_competent", "decided_by": "council"}, set()),
        ({"basis": GUARDIAN.value, "competence": "not_competent", "decided_by": "parent", **aged(17)}, set()),
        ({"basis": GUARDIAN.value, "competence": "too_young", "decided_by": "parent", **aged(5)}, set()),
        ({"basis": HARM.value, "competence": "not_judged", "decided_by": "safeguarding_lead"}, set()),
        ({"basis": HARM.value, "competence": "gillick", "decided_by": "court"}, set()),
    ],
)
def test_answers_fit_together_and_to_the_childs_age(changes: dict[str, str], wrong: set[str]) -> None:
    form = form_of(**changes)
    assert set(form.errors) == wrong
    for field in wrong:
        assert_plain(form, field, changes.get(field, ""))


@pytest.mark.parametrize(
    ("life", "day"),
    [
        (LIFE, BORN - timedelta(days=1)),
        (Life(date(2006, 5, 20)), date(2024, 5, 20)),
        (Life(BORN, died=date(2021, 1, 1)), date(2021, 1, 2)),
    ],
)
def test_the_day_lies_in_the_childs_life(life: Life, day: date) -> None:
    assert_plain(form_of(life, **boxes(day)), "decided_on")


def test_the_day_has_come() -> None:
    assert_plain(form_of(**boxes(timezone.localdate() + timedelta(days=1))), "decided_on")


def test_a_child_of_five_judged_able_is_asked_again_and_then_believed() -> None:
    asked = form_of(**aged(5))
    assert asked.errors == {
        "competence": ["The child was 5 on that day. Check the day and your answer, and say below if both are right"]
    }
    assert "sure" in asked.fields, "nowhere to say so"
    assert_plain(form_of(**aged(5), sure="made up"), "sure")
    assert form_of(**aged(5), sure="yes").is_valid()
    assert not form_of(**aged(5), sure="yes", competence="aged_16").is_valid()
    assert form_of(sure="made up").is_valid(), "what was not asked counts for nothing"


@pytest.mark.parametrize("years", range(18))
def test_at_each_age_something_fits_and_nobody_is_two_things(years: int) -> None:
    on = date(BORN.year + years, 6, 1)
    fitting = {
        competence
        for competence in Competence
        if unfit(CHILD, BasisDecision(BasisDecider.CHILD, competence, on), LIFE) is None
    }
    assert fitting == {Competence.AGED_16 if years >= 16 else Competence.GILLICK}
    assert is_doubtful(BasisDecision(BasisDecider.CHILD, Competence.GILLICK, on), LIFE) is (years < 13)
    unable = {
        competence
        for competence in Competence
        if unfit(GUARDIAN, BasisDecision(BasisDecider.PARENT, competence, on), LIFE) is None
    }
    assert unable == ({Competence.NOT_COMPETENT, Competence.TOO_YOUNG} if years < 13 else {Competence.NOT_COMPETENT})


def test_every_basis_has_somebody_who_decides_a_judgement_and_an_end() -> None:
    assert set(DECIDERS) == set(COMPETENCES) == set(ENDS) == set(SensitiveBasis)
    assert set().union(*DECIDERS.values()) == set(BasisDecider)
    assert set().union(*COMPETENCES.values()) == set(Competence)
    assert {end for ends in ENDS.values() for end in ends} == set(BasisEnd)
    decision = BasisDecision(BasisDecider.MANAGER, Competence.GILLICK, date(2019, 5, 20))
    assert unfit(CHILD, decision, LIFE) == Unfit.DECIDER


@pytest.mark.parametrize("basis", SensitiveBasis)
def test_an_end_is_one_of_that_basis(basis: SensitiveBasis) -> None:
    for end in BasisEnd:
        assert BasisEndForm({"basis_end": end.value}, basis=basis).is_valid() is (end in ENDS[basis])
    assert_plain(BasisEndForm({"basis_end": ""}, basis=basis), "basis_end")
    (chosen, *others) = ENDS[basis]
    assert BasisEndForm(basis=basis)["basis_end"].value() == (None if others else chosen.value)


def test_what_was_entered_before_all_this_was_asked_is_read() -> None:
    details, withdrawal = (Involvement._meta.get_field(name) for name in ("details", "withdrawal"))
    old: InvolvementDetails = details._decoder.decode(
        b'{"organisation_id":7,"service":"mental_health","practitioner":"Sam Okoro","telephone":"+441614960000",'
        b'"started_on":"2024-06-01","ended_on":null,"basis":"consent_child",'
        b'"provenance":{"source":"practitioner","confirmed_on":"2026-01-05","organisation_id":7}}'
    )
    assert (old.basis, old.decision) == (CHILD, None)
    gone: Withdrawal = withdrawal._decoder.decode(b'{"user_id":7,"at":"2026-01-05T10:11:12Z","reason":"twice"}')
    assert (gone.reason, gone.basis_end) == ("twice", None)
