"""What the database itself asks of an answer to a family, whatever the web process says."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from access.models import Organisation, User
from audit.actors import Actor
from audit.errors import NotAllowedError
from audit.events import EventKind
from audit.reading import reading
from audit.recorder import About, record
from registry.models import Child, Shield
from review.models import Answer
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.review.alerting import call
from tests.integration.review.answering import answer, answers, begun, child_with, confirmed, looked, step
from tests.integration.review.reading import opened

CONFIRM = "update review_answer set confirmed_by_id = %s, confirmed_at = now() where id = %s"
RELEASE = "update review_answer set released_by_id = %s, released_at = now() where id = %s"
CLOSE = "update review_answer set closed_by_id = %s, closed_at = now(), result = 'no_right' where id = %s"
GIVE_BACK = "update review_answer set confirmed_by_id = null, confirmed_at = null where id = %s"


@pytest.fixture
def asked(visitor: Client, council: Organisation, teacher: User) -> Answer:
    looked(teacher, child_with(authority=council).pk)
    return begun(visitor)


def beside(actor: Actor, kind: EventKind, asked: Answer, *statement: object, **about: object) -> int:
    """Do it in the transaction of an event that says so."""
    told: dict[str, object] = {"child_id": asked.child_id, "fields": [f"answer.{asked.pk}"], **about}
    with transaction.atomic():
        record(kind, About(**told), actor=actor)  # type: ignore[arg-type]
        return call(*statement)  # type: ignore[arg-type]


def is_refused(do: Callable[[], int]) -> bool:
    """Whether it raises, or changes nothing."""
    try:
        return do() == 0
    except DatabaseError:
        return True


@pytest.mark.parametrize("statement", [CONFIRM, RELEASE, CLOSE])
def test_without_an_event_nothing_is_seen_or_changed(asked: Answer, auditor: User, statement: str) -> None:
    assert is_refused(lambda: call(statement, auditor.pk, asked.pk))
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from review_answer")
        assert cursor.fetchone() == (0,)
    assert answer(asked.pk).row_version == asked.row_version


def test_nothing_is_deleted(asked: Answer, auditor: User) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="permission denied"):
        beside(actor, EventKind.ANSWER_CLOSED, asked, "delete from review_answer where id = %s", asked.pk)


@pytest.mark.parametrize(
    "column", ["child_id", "authority_id", "asker", "identity_check", "right_check", "since", "until"]
)
def test_what_was_asked_does_not_change(asked: Answer, auditor: User, column: str) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="permission denied"):
        beside(
            actor,
            EventKind.ANSWER_RETURNED,
            asked,
            f"update review_answer set {column} = {column} where id = {asked.pk}",
        )


def test_one_event_allows_no_other_step(asked: Answer, auditor: User, colleague: User) -> None:
    first, second = factories.actor_for(auditor), factories.actor_for(colleague)

    assert is_refused(lambda: beside(first, EventKind.ANSWER_RETURNED, asked, CONFIRM, auditor.pk, asked.pk))
    assert is_refused(lambda: beside(first, EventKind.ANSWER_CONFIRMED, asked, CONFIRM, colleague.pk, asked.pk))
    assert is_refused(lambda: beside(first, EventKind.ANSWER_MADE, asked, CONFIRM, auditor.pk, asked.pk))
    # Released before it is confirmed, alone or in one go with it.
    assert is_refused(lambda: beside(second, EventKind.ANSWER_RELEASED, asked, RELEASE, colleague.pk, asked.pk))
    both = (
        "update review_answer set confirmed_by_id = %s, confirmed_at = now(), released_by_id = %s, released_at = now() "
        "where id = %s"
    )
    assert is_refused(
        lambda: beside(second, EventKind.ANSWER_RELEASED, asked, both, auditor.pk, colleague.pk, asked.pk)
    )
    assert is_refused(
        lambda: beside(first, EventKind.ANSWER_CLOSED, asked, CLOSE, auditor.pk, asked.pk, reason="taken_back")
    )
    assert beside(first, EventKind.ANSWER_CLOSED, asked, CLOSE, auditor.pk, asked.pk, reason="no_right") == 1


def test_nobody_releases_what_they_confirmed(asked: Answer, visitor: Client, auditor: User, colleague: User) -> None:
    confirmed(visitor, asked)
    actor = factories.actor_for(auditor)

    assert is_refused(lambda: beside(actor, EventKind.ANSWER_RELEASED, asked, RELEASE, auditor.pk, asked.pk))
    # Nor by making somebody else the one who confirmed it.
    swapped = "update review_answer set confirmed_by_id = %s, released_by_id = %s, released_at = now() where id = %s"
    assert is_refused(
        lambda: beside(actor, EventKind.ANSWER_RELEASED, asked, swapped, colleague.pk, auditor.pk, asked.pk)
    )
    other = factories.actor_for(colleague)
    assert beside(other, EventKind.ANSWER_RELEASED, asked, RELEASE, colleague.pk, asked.pk) == 1
    assert answer(asked.pk).confirmed_by_id == auditor.pk


def test_what_was_released_changes_no_more(asked: Answer, visitor: Client, auditor: User, colleague: User) -> None:
    confirmed(visitor, asked)
    step(factories.signed_in(colleague), asked, "release_answer")
    actor = factories.actor_for(auditor)

    for kind, *statement in (
        (EventKind.ANSWER_RETURNED, GIVE_BACK, asked.pk),
        (EventKind.ANSWER_CONFIRMED, CONFIRM, auditor.pk, asked.pk),
        (EventKind.ANSWER_CLOSED, CLOSE, auditor.pk, asked.pk),
    ):
        assert is_refused(
            lambda kind=kind, statement=statement: beside(actor, kind, asked, *statement, reason="no_right")
        )


def test_the_hours_are_the_databases(asked: Answer, auditor: User) -> None:
    long_ago = "update review_answer set confirmed_by_id = %s, confirmed_at = '2001-01-01' where id = %s"

    assert beside(factories.actor_for(auditor), EventKind.ANSWER_CONFIRMED, asked, long_ago, auditor.pk, asked.pk) == 1

    assert timezone.now() - answer(asked.pk).confirmed_at < timedelta(minutes=1)


def test_nobody_but_an_auditor_says_so(asked: Answer, teacher: User) -> None:
    with pytest.raises(NotAllowedError):
        beside(factories.actor_for(teacher), EventKind.ANSWER_CONFIRMED, asked, CONFIRM, teacher.pk, asked.pk)


def test_auditor_of_elsewhere_takes_no_step(asked: Answer) -> None:
    with as_owner_here():
        foreign = factories.user(role="auditor")

    assert is_refused(
        lambda: beside(factories.actor_for(foreign), EventKind.ANSWER_CONFIRMED, asked, CONFIRM, foreign.pk, asked.pk)
    )


def test_event_about_another_record_allows_nothing(asked: Answer, auditor: User) -> None:
    actor = factories.actor_for(auditor)
    for about in ({"child_id": 4711}, {"child_id": None}, {"fields": [f"answer.{asked.pk + 1}"]}):
        assert is_refused(
            lambda about=about: beside(actor, EventKind.ANSWER_CONFIRMED, asked, CONFIRM, auditor.pk, asked.pk, **about)
        )


# --------------------------------------------------------------------------------------------------------- what is read


def read(actor: Actor, fields: list[str], statement: str, *arguments: object) -> list[tuple[object, ...]]:
    with reading(actor, About(fields=fields)), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


@pytest.mark.parametrize("statement", ["select * from review_looks(%s, 10)", "select review_answer_standing(%s)"])
def test_looks_and_standing_are_read_of_the_answer_that_the_ticket_names(
    asked: Answer, auditor: User, statement: str
) -> None:
    actor = factories.actor_for(auditor)
    assert read(actor, [f"answer.{asked.pk}"], statement, asked.pk)
    for fields in ([], ["answers"], [f"answer.{asked.pk + 1}"], [f"answer.{asked.pk}", "more"]):
        with pytest.raises(DatabaseError, match="reading an answer is recorded first"):
            read(actor, fields, statement, asked.pk)
    with pytest.raises(DatabaseError, match="permission denied"):
        call(statement, asked.pk)


def test_answer_about_a_record_with_which_nobody_of_ours_had_to_do_tells_nothing_of_it(
    auditor: User, council: Organisation, stranger: User
) -> None:
    """Whoever took the web process over may name any child: they learn neither who looked nor of the shield."""
    child = child_with(authority=council, shielded_since=timezone.localdate() - timedelta(days=30))
    opened(stranger, child_id=child.pk)
    actor = factories.actor_for(auditor)
    with as_owner_here():
        made = Answer(
            child_id=child.pk,
            authority=council,
            number="1",
            asker="parent",
            identity_check="asker_known",
            right_check="court_order",
            since=timezone.localdate(),
            until=timezone.localdate(),
            begun_by=auditor,
            begun_at=timezone.now(),
        )
        made.save()

    assert read(actor, [f"answer.{made.pk}"], "select * from review_looks(%s, 10)", made.pk) == []
    assert read(actor, [f"answer.{made.pk}"], "select review_answer_standing(%s)", made.pk) == [(None,)]


def test_the_record_of_an_answer_that_is_closed_for_a_new_identity_is_gone_and_no_more_is_told(
    asked: Answer, auditor: User
) -> None:
    """It stays shielded, and is not said to be: whoever prepares the answer takes what is gone for shielded."""
    actor, statement = factories.actor_for(auditor), "select review_answer_standing(%s)"
    with as_owner_here():
        shield = {"authority_id": asked.authority_id, "started_on": timezone.localdate()}
        Shield.objects.create(child_id=asked.child_id, review_on=timezone.localdate() + timedelta(days=1), **shield)
    assert read(actor, [f"answer.{asked.pk}"], statement, asked.pk) == [("shielded",)]
    with as_worker():
        Child.objects.filter(pk=asked.child_id).update(severed=True)
    assert read(actor, [f"answer.{asked.pk}"], statement, asked.pk) == [("gone",)]


def test_answers_of_elsewhere_are_not_seen(asked: Answer) -> None:
    with as_owner_here():
        foreign = factories.user(role="auditor")

    assert read(factories.actor_for(foreign), ["answers"], "select id from review_answer") == []
    assert len(answers()) == 1
