"""An insider at the database: the web role's real login, a live session or a stolen one, and no page in between.

A place is a database of its own, in which everything is committed. Nothing here goes through Django's connection but
the setting up.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit import numbering
from audit.actors import Actor
from audit.encoding import WRITTEN, written
from contactpoint.local import servers as local_servers
from contactpoint.local.servers import Servers
from encryption.authentication import authenticate
from registry.search import index
from tests import factories, servers
from tests.conftest import as_owner_here
from tests.integration.access.lives import Council
from tests.integration.audit.sealing import connected
from tests.integration.registry.people import Town, build_town, full_draft, stranger

# By what a row is known, where that is no number of its own.
KEYS = {"registry_untold": "following_id"}
CHILD_TABLES = (
    "feeds_arrival",
    "feeds_batch",
    "feeds_bounds",
    "feeds_batchrow",
    "feeds_chunk",
    "feeds_match",
    "feeds_sourcerecord",
    "feeds_supplier",
    "feeds_verdict",
    "registry_archiverequest",
    "registry_child",
    "registry_childaddress",
    "registry_childname",
    "registry_childnumber",
    "registry_childsaidby",
    "registry_connectionnote",
    "registry_connectionrequest",
    "registry_destroyedcohort",
    "registry_escrow",
    "registry_escrowrequest",
    "registry_following",
    "registry_guardian",
    "registry_handover",
    "registry_identityrequest",
    "registry_involvement",
    "registry_keeping",
    "registry_newidentity",
    "registry_report",
    "registry_reporter",
    "registry_shield",
    "registry_shieldrequest",
    "registry_leaverequest",
    "registry_mergerequest",
    "registry_childgrant",
    "registry_override",
    "registry_spareid",
    "registry_unplaced",
    "registry_unplacedcount",
    "registry_unplacedmonth",
    "registry_untold",
)
# What is compared of children, for the examiner: no other role may read it (tests/integration/registry/test_traits.py).
COMPARED_TABLE = "registry_childtraits"
OPENED = {"kind": "child.opened", "reason": "safeguarding"}
CHANGED = {"kind": "involvement.corrected"}
NO_SESSION, OVER_BUDGET, NO_CALL = "CP001", "CP002", "CP003"
OLDER = """
    INSERT INTO audit_event SELECT (jsonb_populate_record(event, jsonb_build_object(
        'id', %s, 'at', event.at - make_interval(secs => %s)
    ))).* FROM audit_event AS event WHERE id = %s
"""
_ids = count(10**12)

Web = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Place:
    """A database with two children of whom everything is known, a shielded one, and people who are signed in."""

    name: str
    running: Servers
    town: Town
    child: int
    other: int
    shielded: int
    teacher: Actor
    colleague: Actor

    @contextmanager
    def connected(self, role: str = "web", **options: Any) -> Iterator[Web]:
        """A connection by the role's own login. What it did not commit is gone afterwards."""
        with psycopg.connect(self.running.database_address(role, self.name), **options) as opened:
            try:
                yield opened
            finally:
                if not opened.closed:
                    opened.rollback()

    def newcomer(self, role: Role = Role.PRACTITIONER) -> Actor:
        """Somebody signed in who has used nothing of their budget."""
        with transaction.atomic(), as_owner_here():
            person = factories.user(role=role, works_for=self.town.school)
        return factories.actor_for(person)

    def as_owner(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Set up or look on as the owner, committed."""
        with self.connected("owner") as owner:
            cursor = owner.execute(statement, arguments)
            rows = cursor.fetchall() if cursor.description else []
            owner.commit()
            return rows

    def aged(self, event: int, seconds: int) -> int:
        """A copy of the event, so many seconds older."""
        self.as_owner(OLDER, number := next(_ids), seconds, event)
        return number

    def tokens(self, number: int = 300) -> list[int]:
        """Tokens that lead to children, which nobody at the web role can read."""
        rows = self.as_owner(
            "SELECT DISTINCT token FROM search.child_token, unnest(tokens) AS token ORDER BY token LIMIT %s", number
        )
        return [token for (token,) in rows]

    def tokens_of(self, child: int) -> list[int]:
        """Those under which the child is filed."""
        rows = self.as_owner("SELECT unnest(tokens) FROM search.child_token WHERE child_id = %s", child)
        return [token for (token,) in rows]


def confirm(place: Place, actor: Actor, ago: str | None = "0 seconds") -> None:
    """Have the actor's second factor be of this moment, of so long ago, or never."""
    place.as_owner("UPDATE access_session SET confirmed_at = now() - %s::interval WHERE id = %s", ago, actor.session_id)


def confirmed(place: Place, council: Council) -> Council:
    """The council, once each administrator has just confirmed: decisions want that, and a slow run outlasts it."""
    for actor in (council.first, council.second, council.third):
        confirm(place, actor)
    return council


def spend_all_but(place: Place, actor: Actor, left: int) -> None:
    """Have the actor opened so many records that the day has `left` of them: no hour that begins meanwhile adds any."""
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " SELECT %s, measure, date_trunc('hour', clock_timestamp() - interval '12 hours', 'UTC'), daily - %s"
        " FROM access_budget WHERE role = 'practitioner' AND measure = 'records'",
        actor.user_id,
        left,
    )


@contextmanager
def placed(running: Servers, blocker: DjangoDbBlocker, *, tokens_for: int = 1000) -> Iterator[Place]:
    """Make the place, with Django connected to it as the web role, and tokens as long as for so many children."""
    servers.make_keys()
    name = f"{servers.own_database()}_attacked"
    shared = connection.settings_dict["NAME"]
    servers.clone(name)
    connection.features.supports_transactions = True
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        with blocker.unblock():
            with as_owner_here():
                index.start_epoch(tokens_for)
            yield _furnished(name, running)
            connections.close_all()
    finally:
        connection.settings_dict["NAME"] = shared
        servers.drop(name)


@contextmanager
def placed_apart(cluster: Servers, blocker: DjangoDbBlocker) -> Iterator[Place]:
    """The place on a cluster of its own, where nobody else writes, with Django signed in as the web role."""
    name = "attacked"
    cluster.make_database(name, template=local_servers.DATABASE)
    superuser = f"{cluster.postgresql.superuser_address.rpartition('/')[0]}/{name}"
    numbering._writer_of.cache_clear()  # what other tests rolled back elsewhere explains nothing here
    with blocker.unblock():
        with connected(superuser):
            place = _furnished(name, cluster)
        with connected(cluster.database_address("web", name)):
            yield place
    with psycopg.connect(cluster.postgresql.superuser_address, autocommit=True) as superuser_connection:
        superuser_connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _furnished(name: str, running: Servers) -> Place:
    with transaction.atomic(), as_owner_here():
        town = build_town()
        child, other, shielded = factories.children(
            full_draft(town),
            full_draft(town, numbers=[]),
            stranger(town, shielded_since=date(2026, 1, 5)),
        )
    return Place(
        name=name,
        running=running,
        town=town,
        child=child.pk,
        other=other.pk,
        shielded=shielded.pk,
        teacher=town.actor("teacher"),
        colleague=town.actor("colleague"),
    )


def told(actor: Actor, **changes: object) -> str:
    """An event of the actor as the recording functions take it, its tag made up: an insider has no key."""
    claims: dict[str, object] = {
        "kind": "child.shown",
        "outcome": "done",
        "actor_id": actor.user_id,
        "process": "",
        "role": str(actor.role),
        "organisation_id": actor.organisation_id,
        "authority_id": actor.authority_id,
        "session_id": actor.session_id,
        "reason": "",
        "shown": [],
        "fields": [],
        "writer": str(uuid4()),
        "number": 1,
        "voided": [],
        "authentication": "\\x" + "00" * 16,
    }
    return json.dumps(claims | changes)


def forged(actor: Actor, **changes: object) -> str:
    """As `told`, with the tag of the web process's own key: whoever took it over has that too."""
    claims = json.loads(told(actor, **changes))
    tag = authenticate(written(dict.fromkeys(WRITTEN) | claims))
    return json.dumps(claims | {"authentication": f"\\x{tag.hex()}"})


def record(web: Web, actor: Actor, *, function: str = "audit_record", **changes: object) -> int:
    """Have the database write the event, the actor's session presented and shown. Returns its id."""
    show_session(web, actor)
    row = web.execute(f"SELECT {function}(%s, %s)", [actor.session_key, told(actor, **changes)]).fetchone()
    assert row is not None
    return int(row[0])


def commit_event(web: Web, actor: Actor, **changes: object) -> int:
    """As `record`, and committed: what it allows may be read now."""
    event = record(web, actor, **changes)
    web.commit()
    return event


def show_session(web: Web, actor: Actor) -> None:
    """Have the connection show the actor's session, as each request of theirs does first of all."""
    web.execute("SELECT access_session_load(%s)", [actor.session_key])


def show(web: Web, actor: Actor, event: int) -> None:
    """Have the rest of the transaction read what the event allows."""
    web.execute("SELECT access_show_ticket(%s, %s)", [event, actor.session_key])


def keep(web: Web, actor: Actor, child: int, **change: object) -> None:
    """Be in a transaction that may change the child's involvements: read, committed and shown; the change recorded."""
    show(web, actor, commit_event(web, actor, kind="involvement.read", child_id=child))
    record(web, actor, child_id=child, **(change or CHANGED))


def read_child(web: Web, actor: Actor, event: int) -> dict[str, Any] | None:
    """What the database shows of the child because of the event, with the actor's session."""
    row = web.execute("SELECT registry_read(%s, %s)", [event, actor.session_key]).fetchone()
    assert row is not None
    told: dict[str, Any] | None = row[0]
    return told


def events_seen(web: Web) -> int:
    """How many events of the log the transaction sees as the reader."""
    web.execute("SET LOCAL ROLE contactpoint_reader")
    ((number,),) = web.execute("SELECT count(*) FROM audit_event").fetchall()
    web.execute("RESET ROLE")
    return int(number)


def ask(web: Web, actor: Actor, event: int, tokens: list[int]) -> int:
    """Have the database note what the search that was recorded asks for. Returns under which number."""
    row = web.execute("SELECT search.ask(%s, %s, %s)", [event, actor.session_key, tokens]).fetchone()
    assert row is not None
    return int(row[0])


def draw(web: Web, actor: Actor, event: int, tokens: list[int]) -> int:
    """Have the database note whom the tokens lead to, once it is committed that they are asked. Returns the number."""
    number = ask(web, actor, event, tokens)
    web.commit()
    web.execute("SELECT search.draw(%s, %s, %s)", [event, actor.session_key, number])
    return number


def drawn(web: Web, actor: Actor, event: int, number: int) -> set[int]:
    """The children whose summaries the database shows because of the draw."""
    rows = web.execute("SELECT child_id FROM search.drawn(%s, %s, %s)", [event, actor.session_key, number]).fetchall()
    return {child for (child,) in rows}


def find(web: Web, actor: Actor, event: int, tokens: list[int]) -> set[int]:
    """As the service does it: noted, committed, and then shown."""
    number = draw(web, actor, event, tokens)
    web.commit()
    return drawn(web, actor, event, number)


def find_by(web: Web, actor: Actor, event: int, tokens: tuple[list[int], list[int], list[int]]) -> set[int]:
    """As `find`, by tokens that lead alone, that are to be corroborated, and that stand beside them."""
    alone, corroborated, beside = tokens
    row = web.execute(
        "SELECT search.ask(%s, %s, %s, NULL, %s, %s)", [event, actor.session_key, alone, corroborated, beside]
    ).fetchone()
    assert row is not None
    web.commit()
    web.execute("SELECT search.draw(%s, %s, %s)", [event, actor.session_key, row[0]])
    web.commit()
    return drawn(web, actor, event, row[0])


def plan_of(web: Web, statement: str, options: str = "COSTS OFF") -> str:
    """What EXPLAIN says."""
    return "\n".join(line for (line,) in web.execute(f"EXPLAIN ({options}) {statement}").fetchall())


def refusal(web: Web, statement: str, *arguments: object) -> psycopg.Error:
    """The error with which the database refuses the statement; the transaction goes on. Fails when it does not."""
    try:
        with web.transaction():
            web.execute(statement, arguments)
    except psycopg.Error as error:
        return error
    raise AssertionError(f"not refused: {statement}")


def outright(web: Web, statement: str, *arguments: object) -> psycopg.Error:
    """As `refusal`, but without a savepoint round it, and the transaction is lost."""
    try:
        web.execute(statement, arguments)
    except psycopg.Error as error:
        web.rollback()
        return error
    raise AssertionError(f"not refused: {statement}")
