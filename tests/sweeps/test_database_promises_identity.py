"""New identities, to an insider with the web role's own login and live sessions: nobody reads what is wanted, nobody
severs or links alone, and nothing that can be asked leads from one record to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from django.db import transaction
from django.test import override_settings
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry import escrow, new_identity, severing
from registry.actions.children import number_fingerprint
from registry.models import Child
from registry.numbers import OWN
from registry.vocabulary import Gender
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, full_draft
from tests.integration.registry.severing import make, number_of
from tests.integration.registry.shielding import file_shielded
from tests.sweeps.attacking import (
    OPENED,
    Place,
    Web,
    commit_event,
    confirm,
    find,
    forged,
    placed,
    read_child,
    record,
    refusal,
    show,
    show_session,
)

NO_EVENT, NOT_THEIRS = "CP001", "CP004"
TABLES = ("identityrequest", "newidentity", "spareid", "escrow", "escrowrequest")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        made = factories.children(full_draft(place.town, numbers=[]))
    return int(made[0].pk)


@dataclass(frozen=True)
class Pair:
    """A closed record and the one that goes on, with the number of each."""

    old: int
    new: int
    old_number: str
    new_number: str


@pytest.fixture
def pair(place: Place, child: int) -> Pair:
    """Asked for, approved, closed and made, by two administrators at the web role."""
    number = number_of(child)
    make()  # what other tests left
    with place.connected() as web:
        about = asked(web, looked(place, web, child), child)
        assert decide(web, administrator(place), "identity.approved", child, about, 0, "adopted")
        web.commit()
    with as_worker():
        assert severing.sever_approved() == 1
    (new,) = make()
    return Pair(child, new, number, number_of(new))


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def looked(place: Place, web: Web, child: int) -> Actor:
    """An administrator who has read who the child is."""
    actor = administrator(place)
    commit_event(web, actor, kind="identity.read", child_id=child)
    return actor


def sealed(place: Place, child: int) -> bytes:
    wanted = new_identity.Wanted("Wren", "Alderton", BORN, Gender.FEMALE, place.town.authority.pk, None)
    return new_identity.seal_wanted(wanted, child_id=child)


def ask(web: Web, actor: Actor, child: int, box: bytes, reason: str = "adopted") -> int | None:
    record(web, actor, kind="identity.asked", child_id=child, reason=reason)
    ((made,),) = web.execute("SELECT registry_identity_ask(%s)", [box]).fetchall()
    return made  # type: ignore[no-any-return]


def asked(web: Web, actor: Actor, child: int) -> str:
    """A request for the child, committed."""
    wanted = new_identity.Wanted("Wren", "Alderton", BORN, Gender.FEMALE, actor.authority_id, None)
    made = ask(web, actor, child, new_identity.seal_wanted(wanted, child_id=child))
    web.commit()
    return f"identity.{made}"


def decide(web: Web, actor: Actor, kind: str, child: int, about: str, seen: int, reason: str) -> bool:
    record(web, actor, kind=kind, child_id=child, fields=[about], reason=reason)
    number = int(about.partition(".")[2])
    ((taken,),) = web.execute("SELECT registry_identity_decide(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def ask_link(web: Web, actor: Actor, child: int, reason: str = "link_for_harm") -> int | None:
    record(web, actor, kind="escrow.asked", child_id=child, reason=reason)
    ((made,),) = web.execute("SELECT registry_escrow_ask()").fetchall()
    return made  # type: ignore[no-any-return]


def give(web: Web, actor: Actor, pair: Pair, which: int, *, kind: str = "escrow.opened", **changes: object) -> bool:
    told = {"number": pair.old_number, "seen": 0, "reason": "link_for_harm", "child": pair.old, **changes}
    record(web, actor, kind=kind, child_id=told["child"], fields=[f"escrow.{which}"], reason=told["reason"])
    presented = number_fingerprint(OWN, str(told["number"]))
    statement = "SELECT registry_escrow_decide(%s, %s, %s)"
    ((taken,),) = web.execute(statement, [which, told["seen"], presented]).fetchall()
    return bool(taken)


def answer(web: Web, actor: Actor, pair: Pair, which: int) -> list[tuple[object, ...]]:
    """What the database shows of the link to the actor, who has said that they read it."""
    event = commit_event(web, actor, kind="identity.read", child_id=pair.old, fields=[f"escrow.{which}"])
    show(web, actor, event)
    return web.execute("SELECT * FROM registry_escrow_answer(%s)", [which]).fetchall()


def open_given() -> int:
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        return escrow.open_given()


def how(act: object, *arguments: object, **options: object) -> str | None:
    """How it is refused, in a transaction that goes on; None where it is merely not done."""
    web = arguments[0]
    assert isinstance(web, psycopg.Connection)
    try:
        with web.transaction():
            assert not act(*arguments, **options), "done"  # type: ignore[operator]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def is_closed(child: int) -> bool:
    with as_worker():
        return Child.objects.filter(pk=child, severed=True).exists()


def test_web_role_has_no_right_on_requests_links_or_what_waits(place: Place) -> None:
    with place.connected() as web:
        for table in TABLES:
            for statement in (
                f"SELECT 1 FROM registry_{table}",
                f"SELECT xmin, ctid FROM registry_{table}",
                f"INSERT INTO registry_{table} DEFAULT VALUES",
                f"UPDATE registry_{table} SET id = id",
                f"DELETE FROM registry_{table}",
                f"SELECT last_value FROM registry_{table}_id_seq"
                if table != "spareid"
                else "TRUNCATE registry_spareid",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
        for statement in (
            "SELECT id, severed, xmin, ctid FROM registry_child",
            "UPDATE registry_child SET severed = true",
            "SELECT last_value FROM registry_child_id_seq",
            "SELECT nextval('registry_child_id_seq')",
            "SELECT tokens FROM search.child_token",
            "SELECT traits FROM registry_childtraits",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement


def test_no_step_without_its_event_in_the_same_transaction(place: Place, child: int) -> None:
    box = sealed(place, child)
    with place.connected() as web:
        actor = looked(place, web, child)
        assert refusal(web, "SELECT registry_identity_ask(%s)", box).sqlstate == NO_EVENT
        commit_event(web, actor, kind="identity.asked", child_id=child, reason="adopted")
        assert refusal(web, "SELECT registry_identity_ask(%s)", box).sqlstate == NO_EVENT
        number = int(asked(web, actor, child).partition(".")[2])
        for statement in (
            f"SELECT registry_identity_decide({number}, 0)",
            "SELECT registry_escrow_ask()",
            "SELECT registry_escrow_decide(1, 0, NULL)",
            "SELECT * FROM registry_identities()",
            "SELECT registry_identity_who()",
            "SELECT * FROM registry_identity_child('x')",
            "SELECT * FROM registry_escrows()",
            "SELECT * FROM registry_escrow_answer(1)",
        ):
            assert refusal(web, statement).sqlstate == NO_EVENT, statement


def test_only_who_answers_for_the_record_and_has_read_it_asks(place: Place, child: int) -> None:
    box = sealed(place, child)
    with place.connected() as web:
        stranger = administrator(place, elsewhere=True)
        commit_event(web, stranger, kind="identity.read", child_id=child)
        assert how(ask, web, stranger, child, box) == NOT_THEIRS
        blind = administrator(place)
        assert how(ask, web, blind, child, box) == NOT_THEIRS
        # A reading of the same transaction, which could be rolled back with the rest, is none.
        record(web, blind, kind="identity.read", child_id=child)
        assert how(ask, web, blind, child, box) == NOT_THEIRS
        web.rollback()
        practitioner = place.newcomer()
        commit_event(web, practitioner, child_id=child, **OPENED)
        assert how(ask, web, practitioner, child, box) == NOT_THEIRS
        actor = looked(place, web, child)
        for reason, wrong in (("made_up", box), ("", box), ("adopted", b"short"), ("adopted", b"x" * 5000)):
            assert how(ask, web, actor, child, wrong, reason), reason
        assert ask(web, actor, child, box)
        web.rollback()
    assert not place.as_owner("SELECT 1 FROM registry_identityrequest WHERE child_id = %s", child)
    assert not place.as_owner("SELECT 1 FROM registry_shield WHERE child_id = %s", child)


def test_asking_hides_the_child_in_the_same_transaction(place: Place, child: int) -> None:
    with place.connected() as web:
        asked(web, looked(place, web, child), child)
        opener = place.newcomer()
        told = read_child(web, opener, commit_event(web, opener, child_id=child, **OPENED))
    assert told is not None
    assert (told["shielded"], told["addresses"], told["involvements"]) == (True, None, None)


def test_nobody_approves_alone_twice_late_or_for_another_reason(place: Place, child: int) -> None:
    with place.connected() as web:
        first = looked(place, web, child)
        about = asked(web, first, child)
        second, stranger = administrator(place), administrator(place, elsewhere=True)
        approved = ("identity.approved", child, about)
        assert how(decide, web, first, *approved, 0, "adopted") == NOT_THEIRS
        assert how(decide, web, stranger, *approved, 0, "adopted") == NOT_THEIRS
        assert how(decide, web, second, "identity.approved", place.child, about, 0, "adopted") == NOT_THEIRS
        assert how(decide, web, second, *approved, 1, "adopted") is None
        assert how(decide, web, second, *approved, 0, "protected_person") is None
        confirm(place, second, "7 minutes")
        assert how(decide, web, second, *approved, 0, "adopted") == NO_EVENT
        confirm(place, second)
        assert decide(web, second, *approved, 0, "adopted")
        web.rollback()
        with as_worker():
            assert severing.sever_approved() == 0
        assert decide(web, second, *approved, 0, "adopted")
        web.commit()
        assert how(decide, web, second, "identity.refused", child, about, 1, "not_this_child") is None
        assert ask(web, first, child, sealed(place, child)) is None
        web.rollback()
    with as_worker():
        assert severing.sever_approved() == 1
    assert is_closed(child)


def test_what_is_wanted_shows_to_nobody_and_to_no_event(place: Place, child: int) -> None:
    with place.connected() as web:
        first = looked(place, web, child)
        asked(web, first, child)
        for actor, rows in ((first, 1), (administrator(place), 1), (administrator(place, elsewhere=True), 0)):
            show(web, actor, commit_event(web, actor, kind="identity.read", child_id=child))
            cursor = web.execute("SELECT * FROM registry_identities()")
            assert len(cursor.fetchall()) == rows
            assert "wanted" not in [column.name for column in cursor.description or ()]
            ((who,),) = web.execute("SELECT registry_identity_who()").fetchall()
            assert (who is not None) == bool(rows)
            assert not who or (len(who["names"]), who["addresses"], who["child"]["date_of_death"]) == (1, None, None)
            web.commit()


def test_no_event_of_any_kind_reads_a_closed_record(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        practitioner, decides = place.newcomer(), administrator(place)
        for actor, kind in (
            (practitioner, OPENED),
            (practitioner, {"kind": "child.shown"}),
            (practitioner, {"kind": "involvement.read"}),
            (decides, {"kind": "shield.read"}),
        ):
            assert read_child(web, actor, commit_event(web, actor, child_id=pair.old, **kind)) is None, kind
            web.commit()
        show(web, decides, commit_event(web, decides, kind="identity.read", child_id=pair.old))
        assert web.execute("SELECT registry_identity_who()").fetchall() == [(None,)]
        assert web.execute("SELECT * FROM registry_identities()").fetchall() == []
        web.commit()
        for kind in ("shield.listed", "identity.listed"):
            show(web, decides, commit_event(web, decides, kind=kind))
            functions = (
                ("registry_shields()", "registry_shield_requests()")
                if kind == "shield.listed"
                else ("registry_identities()",)
            )
            for function in functions:
                rows = web.execute(f"SELECT child_id FROM {function}").fetchall()
                assert (pair.old,) not in rows, function
            web.commit()
        show(web, practitioner, commit_event(web, practitioner, kind="child.recalled", shown=[pair.old]))
        assert web.execute("SELECT * FROM registry_recalled()").fetchall() == []


def test_tokens_that_led_to_the_old_record_lead_nowhere(place: Place, child: int) -> None:
    ((tokens,),) = place.as_owner("SELECT tokens FROM search.child_token WHERE child_id = %s LIMIT 1", child)
    with place.connected() as web:
        searcher = place.newcomer()
        event = commit_event(web, searcher, kind="child.searched")
        assert child in find(web, searcher, event, tokens[:300])
        web.commit()
        about = asked(web, looked(place, web, child), child)
        file_shielded()
        assert decide(web, administrator(place), "identity.approved", child, about, 0, "adopted")
        web.commit()
        with as_worker():
            assert severing.sever_approved() == 1
        # Even where chance or an old index leads there, nothing is shown.
        ((left,),) = place.as_owner("SELECT tokens FROM search.child_token WHERE child_id = %s LIMIT 1", child)
        again = commit_event(web, searcher, kind="child.searched")
        assert child not in find(web, searcher, again, [*tokens[:100], *left[:100]])


def test_a_link_wants_two_people_the_number_and_a_fresh_factor(place: Place, pair: Pair) -> None:
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        stranger = administrator(place, elsewhere=True)
        assert how(ask_link, web, stranger, pair.old) == NOT_THEIRS
        assert how(ask_link, web, place.newcomer(), pair.old) == NOT_THEIRS
        assert how(ask_link, web, first, pair.new) == NOT_THEIRS
        assert how(ask_link, web, first, pair.old, "made_up")
        which = ask_link(web, first, pair.old)
        assert which
        web.commit()
        assert ask_link(web, second, pair.old) is None
        web.rollback()
        assert how(give, web, first, pair, which) == NOT_THEIRS
        assert how(give, web, stranger, pair, which) == NOT_THEIRS
        assert how(give, web, second, pair, which, child=pair.new) == NOT_THEIRS
        assert how(give, web, second, pair, which, number=pair.new_number) is None
        assert how(give, web, second, pair, which, seen=1) is None
        assert how(give, web, second, pair, which, reason="link_by_order") is None
        confirm(place, second, "7 minutes")
        assert how(give, web, second, pair, which) == NO_EVENT
        confirm(place, second)
        assert give(web, second, pair, which)
        web.rollback()
        assert open_given() == 0
        assert give(web, second, pair, which)
        web.commit()
        # Nothing is there to be read before the sequencer has looked at the log.
        assert [row[2] for row in answer(web, first, pair, which)] in ([], [None])
        web.commit()


def record_tagged(web: Web, actor: Actor, pair: Pair, kind: str, fields: list[str]) -> int:
    """Have the database write the event with a tag of our software, as the pages do."""
    show_session(web, actor)
    told = forged(actor, kind=kind, child_id=pair.old, reason="link_for_harm", fields=fields)
    ((event,),) = web.execute("SELECT audit_record(%s, %s)", [actor.session_key, told]).fetchall()
    return int(event)


def given(place: Place, web: Web, pair: Pair) -> tuple[Actor, Actor, int]:
    """Asked for by one person and given by another."""
    first, second = administrator(place), administrator(place)
    record_tagged(web, first, pair, "escrow.asked", [])
    ((which,),) = web.execute("SELECT registry_escrow_ask()").fetchall()
    web.commit()
    record_tagged(web, second, pair, "escrow.opened", [f"escrow.{which}"])
    presented = number_fingerprint(OWN, pair.old_number)
    assert web.execute("SELECT registry_escrow_decide(%s, 0, %s)", [which, presented]).fetchall() == [(True,)]
    web.commit()
    return first, second, int(which)


def test_a_link_is_shown_once_to_each_of_the_two_and_to_nobody_else(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, second, which = given(place, web, pair)
        assert open_given() == 1
        for actor in (administrator(place), administrator(place, elsewhere=True)):
            assert answer(web, actor, pair, which) == []
            web.commit()
        for actor in (first, second):
            ((row, version, stored),) = answer(web, actor, pair, which)
            assert escrow.open_answer(bytes(stored), row=int(row), version=int(version)) == pair.new_number  # type: ignore[call-overload]
            # Taken back, it was read all the same: that it was, is committed.
            web.rollback()
            assert answer(web, actor, pair, which) == []
            web.commit()
        alerts = place.as_owner(
            "SELECT subject, times FROM audit_raisedalert WHERE what = 'escrow_opened' AND subject = %s",
            f"escrow.{which}",
        )
        assert alerts == [(f"escrow.{which}", 1)]


def test_after_a_day_a_link_is_shown_to_nobody(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, pair)
        assert open_given() == 1
        place.as_owner(
            "UPDATE registry_escrowrequest SET decided_at = decided_at - interval '25 hours' WHERE id = %s", which
        )
        assert answer(web, first, pair, which) == []
        web.commit()
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        escrow.forget_answers()
    assert place.as_owner("SELECT answer FROM registry_escrow WHERE child_id = %s", pair.old) == [(None,)]


def test_the_owner_of_the_tables_opens_no_link_by_rows_or_events_of_their_own(place: Place, pair: Pair) -> None:
    """Nor does a web role without our keys: its events bear no tag of ours."""
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        which = ask_link(web, first, pair.old)
        assert which
        web.commit()
        assert give(web, second, pair, which)
        web.commit()
        assert open_given() == 0
        # One person in both places, by rows that their owner wrote; and events that say something else.
        good, _other = events_of(place, which)
        for asked_event, decided_event in ((good, good), (None, None), (good, 1)):
            place.as_owner(
                "UPDATE registry_escrowrequest SET asked_event = coalesce(%s, 0), decided_event = coalesce(%s, 0)"
                " WHERE id = %s",
                asked_event,
                decided_event,
                which,
            )
            assert open_given() == 0
    assert place.as_owner("SELECT answer FROM registry_escrow WHERE child_id = %s", pair.old) == [(None,)]


def events_of(place: Place, which: int) -> tuple[int, int]:
    ((first, second),) = place.as_owner(
        "SELECT asked_event, decided_event FROM registry_escrowrequest WHERE id = %s", which
    )
    return first, second


def test_one_persons_two_events_open_nothing_though_both_are_ours(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, pair)
        asked_event, decided_event = events_of(place, which)
        alone = record_tagged(web, first, pair, "escrow.opened", [f"escrow.{which}"])
        web.commit()
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        escrow.check_two(which, asked_event, decided_event, child_id=pair.old)
        for request, decided, child_id in (
            (which, alone, pair.old),
            (which, asked_event, pair.old),
            (which + 1, decided_event, pair.old),
            (which, decided_event, pair.new),
        ):
            with pytest.raises(escrow.NotByTwoError):
                escrow.check_two(request, asked_event, decided, child_id=child_id)


def test_a_number_is_looked_up_only_as_recorded_and_leads_from_neither_to_the_other(place: Place, pair: Pair) -> None:
    decides = administrator(place)
    with place.connected() as web:
        for number, leads_to in ((pair.old_number, [(pair.old, True)]), (pair.new_number, [(pair.new, False)])):
            request_id = uuid4()
            presented = number_fingerprint(OWN, number)
            token = sha256(presented + request_id.bytes).hexdigest()
            event = commit_event(
                web, decides, kind="identity.listed", fields=[f"asked.{token}"], request_id=str(request_id)
            )
            show(web, decides, event)
            found = "SELECT * FROM registry_identity_child(%s)"
            assert web.execute(found, [presented]).fetchall() == leads_to
            other = number_fingerprint(OWN, pair.new_number if number == pair.old_number else pair.old_number)
            assert refusal(web, found, other).sqlstate == NO_EVENT
            web.commit()


def test_ids_and_order_of_rows_do_not_tell_which_goes_on(place: Place, pair: Pair) -> None:
    """The new record's id was taken before; the newest ids are those of children who came since."""
    with transaction.atomic(), as_owner_here():
        (later,) = factories.children(full_draft(place.town, numbers=[]))
    with as_worker():
        for _ in range(3):
            severing.keep_spare_ids()
    with transaction.atomic(), as_owner_here():
        newest = factories.children(*(full_draft(place.town, numbers=[]) for _ in range(3)))[-1]
    with place.connected() as web:
        about = asked(web, looked(place, web, later.pk), later.pk)
        assert decide(web, administrator(place), "identity.approved", later.pk, about, 0, "adopted")
        web.commit()
    with as_worker():
        assert severing.sever_approved() == 1
    (new,) = make()
    assert new < newest.pk
    # Nothing of the two stands in one row, and no two rows of them have come in one transaction.
    shared = place.as_owner(
        "SELECT count(*) FROM audit_event AS one JOIN audit_event AS two USING (transaction_id)"
        " WHERE one.child_id = %s AND two.child_id = %s",
        later.pk,
        new,
    )
    assert shared == [(0,)]
    with place.connected("worker") as worker:
        rows = worker.execute("SELECT xmin::text FROM registry_child WHERE id = ANY (%s)", [[later.pk, new]]).fetchall()
    assert len(set(rows)) == 2


def test_the_protection_is_not_lifted_under_a_new_identity(place: Place, child: int) -> None:
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        asked(web, looked(place, web, child), child)
        ((shield, seen),) = place.as_owner("SELECT id, steps FROM registry_shield WHERE child_id = %s", child)
        record(web, first, kind="shield.lift_asked", child_id=child, fields=[f"shield.{shield}"], reason="risk_is_over")
        assert web.execute("SELECT registry_shield_step(%s, %s)", [shield, seen]).fetchall() == [(True,)]
        web.commit()
        record(web, second, kind="shield.lifted", child_id=child, fields=[f"shield.{shield}"], reason="risk_is_over")
        assert refusal(web, "SELECT registry_shield_step(%s, %s)", shield, seen + 1).sqlstate == NOT_THEIRS


def test_who_says_that_a_record_is_closed_closes_none(place: Place, child: int) -> None:
    with place.connected() as web:
        commit_event(web, administrator(place), kind="identity.severed", child_id=child, fields=["identity.1"])
        with pytest.raises(psycopg.Error) as refused, web.transaction():
            record(web, place.newcomer(), kind="identity.severed", child_id=child)
        assert refused.value.sqlstate == NOT_THEIRS
    with as_worker():
        assert severing.sever_approved() == 0
    assert not is_closed(child)
