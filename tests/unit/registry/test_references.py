"""References in links: good for the user and session that they were made for, and for nobody else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.rules.errors import NotFoundError
from audit.actors import Actor
from registry.references import child_id_of, refer_to

NINA = Actor(
    user_id=5,
    role="practitioner",
    organisation_id=2,
    authority_id=1,
    session_id=9,
    request_id=UUID(int=1),
    session_key="0" * 32,
)
CHILD = 4_000_000_019


def test_reference_leads_its_own_user_to_the_child() -> None:
    assert child_id_of(NINA, refer_to(NINA, CHILD)) == CHILD
    assert child_id_of(replace(NINA, request_id=UUID(int=2)), refer_to(NINA, CHILD)) == CHILD


def test_reference_tells_nothing_and_is_new_each_time() -> None:
    one, other = refer_to(NINA, 1), refer_to(NINA, 1)
    assert one != other
    assert len(one) == len(refer_to(NINA, CHILD))
    assert one.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("someone", [replace(NINA, user_id=6), replace(NINA, session_id=10)])
def test_reference_of_another_user_or_session_leads_nowhere(someone: Actor) -> None:
    with pytest.raises(NotFoundError):
        child_id_of(someone, refer_to(NINA, CHILD))


@given(st.data())
def test_reference_altered_anywhere_leads_nowhere(data: st.DataObject) -> None:
    reference = refer_to(NINA, CHILD)
    place = data.draw(st.integers(0, len(reference) - 2))  # the last letter holds bits that stand for nothing
    letter = data.draw(st.characters(codec="utf-8").filter(lambda each: each != reference[place]))
    with pytest.raises(NotFoundError):
        child_id_of(NINA, reference[:place] + letter + reference[place + 1 :])


@given(st.data())
def test_reference_truncated_or_lengthened_leads_nowhere(data: st.DataObject) -> None:
    reference = refer_to(NINA, CHILD)
    cut = data.draw(st.integers(0, len(reference) - 1))
    for wrong in (reference[:cut], reference + reference[: cut + 1]):
        with pytest.raises(NotFoundError):
            child_id_of(NINA, wrong)


@given(st.text())
def test_reference_of_any_text_leads_nowhere(text: str) -> None:
    with pytest.raises(NotFoundError):
        child_id_of(NINA, text)


@pytest.mark.parametrize("text", ["", "=", "A", "1", "A" * 500, "A" * 501, "\x00", "😀", "../../etc/passwd", "%00"])
def test_reference_of_junk_leads_nowhere(text: str) -> None:
    with pytest.raises(NotFoundError):
        child_id_of(NINA, text)
