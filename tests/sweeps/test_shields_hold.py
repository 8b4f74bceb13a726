"""Whatever is done to children in whatever order: of one who is shielded nobody reaches what a shield hides.

Not through the pages, not as the web role in the database, whatever it may call or read, and not in the search index.
Actions are those of tests/sweeps/holding.py.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation, OrganisationKind, Role
from audit.actors import Actor
from audit.reasons import Reason
from contactpoint.grants import FUNCTIONS, TABLES
from contactpoint.local.servers import Servers
from contactpoint.roles import WEB
from encryption.tokens import Tokeniser
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement, Shield
from registry.references import child_id_of, refer_to
from registry.search.families import SCHEMES
from registry.search.summaries import summarise
from registry.values import Summary
from registry.vocabulary import NameKind
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.sweeps import holding
from tests.sweeps.attacking import Place, Web, ask, commit_event, placed, show, show_session
from tests.sweeps.holding import ACTIONS, TOKENS_FOR, Family
from tests.sweeps.pairing import UNLIMITED, Caller, caller_of

pytestmark = pytest.mark.timeout(1200)  # each step is followed by some 300 questions

SHORT = settings(
    max_examples=3,
    stateful_step_count=7,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TICKETS = (
    {"kind": "child.shown"},
    {"kind": "child.opened", "reason": "safeguarding"},
    {"kind": "involvement.read"},
    {"kind": "child.searched"},
    {"kind": "history.read"},
)
# One of each type, for whatever a function may take. Of bigint the event's number, and the child's.
GIVEN = {"integer": ["1"], "integer[]": ["'{1}'"], "date": ["now()::date"], "text[]": ["'{}'"], "sealed": ["NULL"]}


@dataclass(frozen=True)
class Hidden:
    """What a shield hides of one child: sealed as it is stored, in words, and as search would file it."""

    child_id: int
    stored: frozenset[str]
    words: frozenset[str]
    legal: str
    full: Summary


@dataclass
class Looker:
    """Somebody who has nothing to do with the family, in a browser and at the web role's own login."""

    place: Place
    caller: Caller
    web: Web

    @property
    def actor(self) -> Actor:
        assert self.caller.actor
        return self.caller.actor

    def pages(self, hidden: Hidden) -> Iterator[tuple[str, str]]:
        """What each page shows that leads to the child, is about them, or could have found them."""
        browser = self.caller.browser()
        reference = refer_to(self.actor, hidden.child_id)
        browser.post(reverse("open_record", args=[reference]), {"reason": Reason.SAFEGUARDING.value})
        for name in ("open_record", "record", "ask_shield", "record_involvement"):
            yield name, text(browser.get(reverse(name, args=[reference])))
        for name in ("lately", "my_history", "home"):
            yield name, told_of(self.actor, hidden, text(browser.get(reverse(name))))
        given, family = hidden.legal.split()
        born = hidden.full.date_of_birth
        date = {f"date_of_birth_{part}": str(getattr(born, part)) for part in ("day", "month", "year")}
        names = {"given_name": given, "family_name": family}
        yield "found by what is visible", rows_of(self.actor, hidden, browser, names | date)
        by_hidden = {"postcode": names | {"postcode": hidden.full.postcode}}
        for other in hidden.full.names:
            if other.kind != NameKind.LEGAL and other.family != family:
                by_hidden["another name"] = {"family_name": other.family} | date
        for what, typed in by_hidden.items():
            yield f"found by {what}", rows_of(self.actor, hidden, browser, typed)

    def reached(self, hidden: Hidden) -> Iterator[tuple[str, str]]:
        """Whatever the web role may call or read, with each ticket that this person can have."""
        for claims in TICKETS:
            about = {} if claims["kind"] in ("child.searched", "history.read") else {"child_id": hidden.child_id}
            event = commit_event(self.web, self.actor, **claims, **about)
            yield from self._called(event, hidden.child_id)
            yield from self._read(event)
        for tokens in self.place.as_owner("SELECT tokens FROM search.child_token WHERE child_id = %s", hidden.child_id):
            yield "search.drawn", self._drawn(hidden.child_id, tokens[0])

    def _called(self, event: int, child_id: int) -> Iterator[tuple[str, str]]:
        given = GIVEN | {"bigint": [str(event), str(child_id)], "text": [f"'{self.actor.session_key}'"]}
        for function, holders in FUNCTIONS.items():
            if WEB not in holders or "jsonb" in function:
                continue
            name, _, kinds = function.removesuffix(")").partition("(")
            types = [kind for kind in kinds.split(", ") if kind]
            for which in range(1 + types.count("bigint")):
                arguments = [
                    given.get(kind, ["NULL"])[min(which, len(given.get(kind, ["NULL"])) - 1)] for kind in types
                ]
                yield function, self._told(event, f"SELECT f::text FROM {name}({', '.join(arguments)}) AS f")

    def _read(self, event: int) -> Iterator[tuple[str, str]]:
        for table, rights in TABLES.items():
            if "SELECT" in rights.get(WEB, ""):
                columns = re.findall(r"SELECT \(([^)]*)\)", rights[WEB])
                yield (
                    table,
                    self._told(event, f"SELECT row({columns[0] if columns else 'f.*'})::text FROM {table} AS f"),
                )

    def _told(self, event: int, statement: str) -> str:
        """What the statement tells with the event's ticket. Nothing of it stays."""
        try:
            show_session(self.web, self.actor)
            show(self.web, self.actor, event)
            return "\n".join(str(row[0]) for row in self.web.execute(statement).fetchall())  # type: ignore[arg-type]
        except psycopg.Error:
            return ""
        finally:
            self.web.rollback()

    def _drawn(self, child_id: int, tokens: list[int]) -> str:
        """The child's summary as a search gets it, opened: not cut to what may be shown."""
        event = commit_event(self.web, self.actor, kind="child.searched")
        number = ask(self.web, self.actor, event, tokens)
        self.web.commit()
        self.web.execute("SELECT search.draw(%s, %s, %s)", [event, self.actor.session_key, number])
        self.web.commit()
        rows = self.web.execute(
            "SELECT child_id, row_version, summary FROM search.drawn(%s, %s, %s) WHERE child_id = %s",
            [event, self.actor.session_key, number, child_id],
        ).fetchall()
        self.web.rollback()
        field = Child._meta.get_field("summary")
        return "\n".join(
            str(field.open_stored(bytes(stored), row=child, version=version)) for child, version, stored in rows
        )


def text(answer: Any) -> str:
    return str(answer.content.decode())


def rows_of(actor: Actor, hidden: Hidden, browser: Client, typed: dict[str, str]) -> str:
    """What results say of the child: other children, such as brothers and sisters, may show what is theirs."""
    sent = browser.post(reverse("search"), typed)
    # What was asked for stands above what was found.
    found = text(browser.get(sent["Location"])).rpartition("</dl>")[2]
    return told_of(actor, hidden, found)


def told_of(actor: Actor, hidden: Hidden, page: str) -> str:
    """The lines of a list that are about the child."""
    lines = (line for line in re.split("<li|<tr", page) if hidden.legal in line)
    return "\n".join(line for line in lines if not _is_of_an_opened_record(actor, hidden, line))


def _is_of_an_opened_record(actor: Actor, hidden: Hidden, line: str) -> bool:
    """Whether it leads to another record of the same name, whose own shield two people ended: that one may show."""
    paths = re.findall(r'href="(/[^"?]*)', line)
    references = (found.kwargs["reference"] for found in map(resolve, paths) if found.url_name == "open_record")
    children = {child_id_of(actor, reference) for reference in references}
    with as_owner_here():
        ended = set(Shield.objects.filter(child__in=children).exclude(ended_on=None).values_list("child_id", flat=True))
    return bool(children) and children <= ended and not any(map(is_shielded, children))


HIDDEN_ROWS = (ChildAddress, ChildNumber, ChildSaidBy, Guardian)


def hidden_of(child_id: int) -> Hidden:
    """Read as the owner, who sees all."""
    with as_owner_here():
        child = Child.objects.get(pk=child_id)
        names = list(ChildName.objects.filter(child=child_id).order_by("pk"))
        others = [name for name in names if name.kind != NameKind.LEGAL]
        rows = [
            *others,
            *(row for model in HIDDEN_ROWS for row in model.objects.filter(child=child_id)),
            *Involvement.objects.filter(child=child_id),
        ]
        (legal,) = (name.details.open() for name in names if name.kind == NameKind.LEGAL)
        present = ChildAddress.objects.get(child=child_id, present=True).details.open()
        full = summarise(
            names=[(NameKind(name.kind), name.details.open()) for name in names],
            date_of_birth=child.date_of_birth.open(),
            gender=child.gender.open(),
            number=child.number.open(),
            numbers=[],
            address=present,
            shielded=False,
        )
        stored = _stored(rows)
    visible = {legal.given, legal.family}
    return Hidden(child_id, stored, _words(rows) - visible, f"{legal.given} {legal.family}", full)


def _stored(rows: list[Any]) -> frozenset[str]:
    """The sealed values, in hexadecimal, as PostgreSQL writes them."""
    found = set()
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(f"SELECT details FROM {row._meta.db_table} WHERE id = %s", [row.pk])
            found.add(bytes(cursor.fetchone()[0]).hex())
    return frozenset(found)


def _words(rows: list[Any]) -> frozenset[str]:
    """The made-up words that are told by these rows, and their postcodes."""
    told = json.dumps([str(row.details.open()) for row in rows])
    return frozenset(re.findall(r"\bZq[a-z]+x\b", told)) | frozenset(re.findall(r"\bZE\d \d[A-Z]{2}\b", told))


def in_index(child_id: int) -> list[tuple[int, int, int, set[int]]]:
    """Epoch, bits, families, and the tokens under which the child is filed there, or will be."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch.number, epoch.bits, epoch.families, filed.tokens FROM search.epoch JOIN ("
            " SELECT epoch, child_id, tokens FROM search.child_token UNION ALL"
            " SELECT epoch, child_id, tokens FROM search.late) AS filed ON filed.epoch = epoch.number"
            " WHERE filed.child_id = %s AND epoch.state <> 'dropped'",
            [child_id],
        )
        return [(number, bits, families, set(tokens)) for number, bits, families, tokens in cursor.fetchall()]


def is_shielded(child_id: int) -> bool:
    with as_owner_here():
        return Shield.objects.filter(child=child_id, ended_on=None).exists()


def legal_names(family: Family) -> frozenset[str]:
    """Words that show: what one record hides as a former name may be the legal one of another."""
    with as_owner_here():
        rows = list(ChildName.objects.filter(child__in=family.children, kind=NameKind.LEGAL))
        return frozenset(word for row in rows for word in (row.details.open().given, row.details.open().family))


def check(looker: Looker, child_id: int, visible_words: frozenset[str]) -> None:
    """Nothing that is hidden of the child is reached by an ordinary user, in any way."""
    hidden = hidden_of(child_id)
    words = hidden.words - visible_words
    for page, shown in looker.pages(hidden):
        found = {word for word in words if word in shown}
        assert not found, f"{page} shows {found}"
        assert not (shown and page in ("found by postcode", "found by another name")), f"{page}"
    for where, told in looker.reached(hidden):
        assert not {sealed for sealed in hidden.stored if sealed in told}, f"{where} tells what is sealed"
        assert not {word for word in words if word in told}, f"{where} tells words"
        if where.startswith("registry_read") and '"child"' in told:
            assert '"responsible_authority_id":null' in told.replace(" ", ""), "who answers for the child shows"
    visible = only_visible(hidden.full)
    for number, bits, families, filed in in_index(child_id):
        tokeniser = Tokeniser(epoch=number, bits=bits)
        file = SCHEMES[families].child_tokens
        assert not filed & (file(hidden.full, tokeniser) - file(visible, tokeniser)), "filed under what is hidden"


def only_visible(full: Summary) -> Summary:
    """What is left of it by a shield, said here a second time."""
    names = tuple(name for name in full.names if name.kind == NameKind.LEGAL)
    return replace(full, names=names, town="", postcode="", lines="", numbers=(), shielded=True)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker, tokens_for=TOKENS_FOR) as made:
        made.as_owner("UPDATE access_budget SET hourly = %s, daily = %s", UNLIMITED, UNLIMITED)
        yield made


@pytest.fixture(scope="module")
def elsewhere(place: Place) -> Organisation:
    with as_owner_here():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture(scope="module")
def looker(place: Place) -> Iterator[Looker]:
    with as_owner_here():
        person = factories.user(role=Role.PRACTITIONER)
    with place.connected() as web:
        yield Looker(place, caller_of("looker", person, factories.signed_in(person)), web)


def machine(place: Place, elsewhere: Organisation, looker: Looker) -> type[RuleBasedStateMachine]:
    class Holding(RuleBasedStateMachine):
        family: Family

        @initialize()
        def begin(self) -> None:
            self.family = holding.start(place.town, elsewhere)

        @rule(action=st.sampled_from(sorted(ACTIONS)))
        def act(self, action: str) -> None:
            holding.take(self.family, action)
            for child_id in self.family.children:
                if is_shielded(child_id):
                    check(looker, child_id, legal_names(self.family))

        @rule()
        def shield(self) -> None:
            """What most sequences by chance would never come to."""
            for action in ("ask_urgently", "file_waiting"):
                self.act(action)

    return Holding


def test_what_is_hidden_stays_hidden_in_any_order(place: Place, elsewhere: Organisation, looker: Looker) -> None:
    run_state_machine_as_test(machine(place, elsewhere, looker), settings=SHORT)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_what_is_hidden_stays_hidden_in_any_order_at_length(
    place: Place, elsewhere: Organisation, looker: Looker
) -> None:
    longer = settings(SHORT, max_examples=60, stateful_step_count=20)
    run_state_machine_as_test(machine(place, elsewhere, looker), settings=longer)


def test_the_check_finds_what_shows(place: Place, elsewhere: Organisation, looker: Looker) -> None:
    """Of a child who is not shielded each way tells something: so it would of one whose shield failed there."""
    family = holding.start(place.town, elsewhere)
    hidden = hidden_of(family.children[0])
    pages = {page for page, shown in looker.pages(hidden) if any(word in shown for word in hidden.words)}
    assert {"record", "found by what is visible", "found by postcode", "found by another name"} <= pages
    ways = {where for where, told in looker.reached(hidden) if any(sealed in told for sealed in hidden.stored)}
    assert "registry_read(bigint, text)" in ways
    assert any(
        word in told for where, told in looker.reached(hidden) for word in hidden.words if where == "search.drawn"
    )
    assert all(filed for *_epoch, filed in in_index(hidden.child_id))


def test_of_an_archived_record_nothing_is_reached(place: Place, elsewhere: Organisation, looker: Looker) -> None:
    """Nor who the child is: to everybody but the worker there is no such record."""
    family = holding.start(place.town, elsewhere)
    hidden = hidden_of(family.children[0])
    with as_worker():
        Child.objects.filter(pk=hidden.child_id).update(archived=True)
    words = hidden.words | set(hidden.legal.split())
    for page, shown in looker.pages(hidden):
        assert not {word for word in words if word in shown}, f"{page} shows words"
    for where, told in looker.reached(hidden):
        assert not {sealed for sealed in hidden.stored if sealed in told}, f"{where} tells what is sealed"
        assert not {word for word in words if word in told}, f"{where} tells words"


def test_every_action_is_taken_in_a_life(place: Place, elsewhere: Organisation, looker: Looker) -> None:
    """Each of them does something where it fits: none is a line that is always refused."""
    family = holding.start(place.town, elsewhere)
    life = (
        *("record_involvement", "end_involvement", "withdraw_involvement", "ask", "decide_against", "send_back"),
        *("decide_to_protect", "approve", "file_waiting", "add_sibling", "add_second_record", "begin_rebuilding"),
        *("move_house", "change_name", "refile", "finish_rebuilding", "review", "ask_lifting", "refuse_lifting"),
        *("ask_lifting", "lift", "file_waiting", "ask_urgently", "move_away", "file_waiting"),
    )
    assert set(life) == set(ACTIONS)
    for action in life:
        assert holding.take(family, action), f"{action} was refused"
        for child_id in family.children:
            if is_shielded(child_id):
                check(looker, child_id, legal_names(family))
    assert is_shielded(family.children[0])
