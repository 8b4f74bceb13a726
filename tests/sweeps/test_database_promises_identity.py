"""New identities, to an insider with the web role's own login and live sessions: nobody reads what is wanted, nobody
severs or links alone, and nothing that can be asked leads from one record to the other.
"""

from collections.abc import Iterator
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from registry.rules.numbers import OWN, number_fingerprint
from registry.worker import severing
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import make, number_of
from tests.integration.registry.shielding import file_shielded
from tests.sweeps.attacking import (
    OPENED,
    Place,
    commit_event,
    confirm,
    find,
    placed,
    read_child,
    record,
    refusal,
    show,
)
from tests.sweeps.severing import (
    NO_EVENT,
    NOT_THEIRS,
    Pair,
    administrator,
    another_session,
    ask,
    asked,
    decide,
    how,
    is_closed,
    look_up,
    looked,
    sealed,
    severed_pair,
    who_is,
)

TABLES = ("identityrequest", "newidentity", "spareid", "escrow", "escrowrequest")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


@pytest.fixture
def pair(place: Place, child: int) -> Pair:
    return severed_pair(place, child)


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
        look_up(web, stranger, number_of(child))
        commit_event(web, stranger, kind="identity.read", child_id=child)
        assert how(ask, web, stranger, child, box) == NOT_THEIRS
        blind = administrator(place)
        look_up(web, blind, number_of(child))
        web.commit()
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


def test_who_a_child_is_shows_to_whoever_knows_the_number_or_decides_about_a_shield(place: Place, child: int) -> None:
    """Administrators open no records: by our ids one after the other they would read who everybody is."""
    number = number_of(child)
    with place.connected() as web:
        actor, colleague = administrator(place), administrator(place)
        assert who_is(web, actor, child) is None
        box = sealed(place, child)
        assert how(ask, web, actor, child, box) == NOT_THEIRS
        # Nor by what another looked up, in another session, for another number, or in a transaction that is taken back.
        look_up(web, colleague, number)
        web.commit()
        look_up(web, actor, number_of(place.child))
        web.commit()
        assert who_is(web, actor, child) is None
        assert who_is(web, another_session(colleague), child) is None
        request = uuid4()
        token = sha256(number_fingerprint(OWN, number) + request.bytes).hexdigest()
        event = commit_event(web, actor, kind="identity.read", child_id=child)
        record(web, actor, kind="identity.listed", fields=[f"asked.{token}"], request_id=str(request))
        show(web, actor, event)
        assert web.execute("SELECT registry_identity_who()").fetchall() == [(None,)]
        web.rollback()
        stranger = administrator(place, elsewhere=True)
        look_up(web, stranger, number)
        web.commit()
        assert who_is(web, stranger, child) is None
        assert who_is(web, colleague, child)
        assert ask(web, colleague, child, box)
        web.commit()
        # From here on it is theirs to decide, as with each shield.
        assert who_is(web, actor, child)
        assert who_is(web, stranger, child) is None


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
        for seen in (1, None):
            assert how(decide, web, second, *approved, seen, "adopted") is None, seen
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


def test_ids_and_order_of_rows_do_not_tell_which_goes_on(place: Place, pair: Pair) -> None:
    """The new record's id was taken before; the newest ids are those of children who came since."""
    with transaction.atomic(), as_owner_here():
        (later,) = factories.children(stranger(place.town))
    with as_worker():
        for _ in range(3):
            severing.keep_spare_ids()
    with transaction.atomic(), as_owner_here():
        newest = factories.children(*(stranger(place.town) for _ in range(3)))[-1]
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
        for someone in (administrator(place), place.newcomer()):
            with pytest.raises(psycopg.Error) as refused, web.transaction():
                record(web, someone, kind="identity.severed", child_id=child, fields=["identity.1"])
            assert refused.value.sqlstate == NOT_THEIRS, "the worker alone says so"
    with as_worker():
        assert severing.sever_approved() == 0
    assert not is_closed(child)
