"""However many families ask: no letter carries anything of another child or of another asker."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.models import Organisation, Role, User
from audit.reasons import Asker, AskerIdentity, AskerRight
from registry.models import Child
from registry.rules import numbers
from review.actions.answers import NewAnswer, begin_answer, confirm_answer, make_answer, release_answer
from review.answering.reading import read_answer
from review.letters.words import GREETINGS
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.review.answering import answer, looked
from tests.pdf import text_in

CHILDREN, SCHOOLS = 3, 4
# For each child, which schools looked at the record, and who asks about it.
FAMILIES = st.lists(
    st.tuples(st.frozensets(st.integers(0, SCHOOLS - 1)), st.sampled_from(Asker)), min_size=2, max_size=CHILDREN
)


@given(families=FAMILIES)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_letter_tells_of_its_own_record_alone(
    council: Organisation, families: list[tuple[frozenset[int], Asker]]
) -> None:
    """Every answer is begun before any is confirmed, and all are confirmed before any is made."""
    with as_owner_here():
        people = [factories.user(works_for=factories.organisation(authority=council)) for _ in range(SCHOOLS)]
        first, second = (factories.user(role=Role.AUDITOR, works_for=council) for _ in range(2))
        children = [factories.child(authority=council) for _ in families]
    for child, (schools, _asker) in zip(children, families, strict=True):
        for school in schools:
            looked(people[school], child.pk)
    asked = [_begun(first, council, child, asker) for child, (_, asker) in zip(children, families, strict=True)]
    for answer_id in asked:
        _confirmed(first, answer_id)
    for answer_id in asked:
        release_answer(actor=factories.actor_for(second), answer_id=answer_id, seen=answer(answer_id).row_version)

    for answer_id, child, (schools, asker) in zip(asked, children, families, strict=True):
        said = text_in(make_answer(actor=factories.actor_for(second), answer_id=answer_id))
        others = [each for each in asked if each != answer_id]
        assert [f"FA {each} " for each in others if f"FA {each} " in said] == []
        assert f"FA {answer_id} " in said
        assert [each.pk for each in children if _number(each) in said] == [child.pk]
        named = {place for place, person in enumerate(people) if f"{person.organisation.name} (" in said}
        assert named == schools
        assert [each for each in Asker if GREETINGS[each] in said] == [asker]


def _begun(auditor: User, council: Organisation, child: Child, asker: Asker) -> int:
    today = timezone.localdate()
    number = _number(child)
    new = NewAnswer(
        authority_id=council.pk,
        number_kind=numbers.OWN,
        number=numbers.own_number(number),
        number_shown=number,
        asker=asker,
        identity_check=AskerIdentity.IN_PERSON,
        right_check=AskerRight.BIRTH_CERTIFICATE,
        since=today - timedelta(days=10),
        until=today - timedelta(days=1),
    )
    return begin_answer(actor=factories.actor_for(auditor), new=new, typed={})


def _confirmed(auditor: User, answer_id: int) -> None:
    actor = factories.actor_for(auditor)
    read = read_answer(actor, answer_id)
    decisions = {key: (proposal.telling, proposal.why) for key, proposal in read.proposals.items()}
    confirm_answer(actor=actor, answer_id=answer_id, decisions=decisions, seen=read.answer.row_version)


def _number(child: Child) -> str:
    with as_owner_here():
        return numbers.shown(Child.objects.get(pk=child.pk).number.open())
