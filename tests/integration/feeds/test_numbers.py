"""Children found by numbers: of both kinds, and by several of one kind."""

import pytest

from feeds.matching import Code, Outcome
from feeds.rows import Row
from registry.models import Child
from tests.integration.feeds.sending import AMINA, child_of, outcomes, supplier, take, values
from tests.integration.feeds.test_matching import ELSEWHERE, OTHER_NHS_NUMBER, match, row
from tests.integration.registry.merging import amina, shield
from tests.integration.registry.people import NHS_NUMBER, PUPIL_NUMBER, AddChildren, Town

NEW_PUPIL_NUMBER = "X801200001002"


def numbered(**told: str) -> Row:
    """Nothing but given name and birth agrees beside the number."""
    return row("Amina", "Quaye", postal=ELSEWHERE, **told)


@pytest.mark.parametrize(
    "told",
    [
        {"nhs_number": NHS_NUMBER},
        {"pupil_number": PUPIL_NUMBER},
        {"former_pupil_number": PUPIL_NUMBER},
        {"pupil_number": NEW_PUPIL_NUMBER, "former_pupil_number": PUPIL_NUMBER},
        {"nhs_number": NHS_NUMBER, "pupil_number": NEW_PUPIL_NUMBER, "former_pupil_number": PUPIL_NUMBER},
    ],
)
def test_a_number_of_either_kind_finds_the_child_the_former_one_too(child: Child, told: dict[str, str]) -> None:
    (decision,) = match(numbered(**told))
    assert (decision.outcome, decision.code, decision.child_id) == (Outcome.LINK, Code.NUMBER, child.pk)


def test_a_pupil_is_known_by_the_former_number_and_has_the_new_one_then(child: Child, town: Town) -> None:
    changed = {"pupil_number": NEW_PUPIL_NUMBER, "former_pupil_number": PUPIL_NUMBER}
    batch = take(supplier(town.authority), {**AMINA, "family": "Quaye", "postcode": "LA9 4AA", **changed})
    assert outcomes(batch) == [(2, "linked", "")]
    assert child_of(batch, 2) == child.pk
    assert [each.value for _kind, each in values(child.pk).numbers] == [NHS_NUMBER, NEW_PUPIL_NUMBER]


@pytest.mark.parametrize("protected", ["none", "stays", "both"])
def test_what_either_of_two_records_of_a_child_says_leads_to_the_one(
    town: Town, add: AddChildren, protected: str
) -> None:
    """Else a row under the other's number made an open record beside the shielded one."""
    bureau = amina(town, add)
    for each in {"none": (), "stays": (bureau.two.stays,), "both": (bureau.two.stays, bureau.two.under)}[protected]:
        shield(bureau, each)
    bureau.put_together()
    told = [numbered(nhs_number=NHS_NUMBER), numbered(nhs_number=OTHER_NHS_NUMBER), row("Amina", "Siddiqui")]
    for decision in match(*told):
        assert (decision.outcome, decision.child_id) == (Outcome.LINK, bureau.two.stays)
