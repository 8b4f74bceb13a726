"""A simulated span in a filled registry of its own: what it writes, that the log holds, and what it refuses."""

import io
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from access.models import OrganisationKind, OwnHome, Role, User, UserState
from audit import sequencer
from audit.events import EventKind
from audit.models import Event
from contactpoint.local import servers as local_servers
from registry.demonstration.users import PEOPLE
from registry.search import index
from registry.traits import prints
from review.simulation import labels
from review.simulation.labels import Labels, NoLabelsError
from review.simulation.misuse import KINDS
from review.simulation.misuse.clear_case import TIMES
from review.simulation.world import World, load
from review.simulation.year import Order, Year, assemble
from tests import servers
from tests.integration.audit.sealing import connected, keys, raised
from transparency import cli
from transparency.publication import Directory

CHILDREN, USERS, DAYS = 1_200, 120, 42
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Simulated:
    """Where it is, and what there is to compare it with."""

    cluster: local_servers.Servers
    directory: Path
    file: Path
    labels: Labels
    said: str

    def command(self, *arguments: str) -> str:
        said = io.StringIO()
        call_command("simulate_year", *arguments, stdout=said)
        return said.getvalue()


@pytest.fixture(scope="module")
def simulated(
    running_servers: object, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Simulated]:
    """A registry of some hundred families, six weeks of which were simulated and then sealed."""
    # Not in pytest's own folders, which PostgreSQL's user may not enter.
    place = servers.run_directory() / f"{servers.own_database()}_simulated"
    place.mkdir()
    cluster = servers.start_another(place)
    directory = tmp_path_factory.mktemp("simulated")
    file = directory / "labels"
    index.forget()
    kept = override_settings(PUBLICATION_DIR=directory / "publication", POSTCODES_FILE=directory / "postcodes")
    with django_db_blocker.unblock(), kept:
        with connected(cluster.database_address("worker")):
            options = [f"--children={CHILDREN}", f"--users-file={directory / 'users.json'}"]
            call_command("make_demonstration", *options, stdout=io.StringIO())
        with connected(cluster.database_address("owner")):
            made = Simulated(cluster, directory, file, Labels(_order()), "")
            said = made.command(f"--users={USERS}", f"--days={DAYS}", f"--labels={file}", "--each-kind")
            yield replace(made, labels=labels.read(file), said=said)
    index.forget()
    local_servers.stop(place)


def _order() -> labels.Order:
    return labels.Order(labels.FORMAT, 0, 0, date.min, date.min, 0.0)


@pytest.fixture
def here(simulated: Simulated, django_db_blocker: DjangoDbBlocker) -> Iterator[Simulated]:
    with django_db_blocker.unblock(), override_settings(KEYRING_HOLDER="web"):
        yield simulated


def _world() -> World:
    return load(most=CHILDREN)


def _year_order(**changes: object) -> Order:
    last = timezone.localdate() - timedelta(days=1)
    return replace(Order(60, last - timedelta(days=20), last, 7, 0.0, True), **changes)  # type: ignore[arg-type]


def _acts(order: Order, world: World) -> list[tuple[object, ...]]:
    company = assemble(order, world)
    for person in company.people:
        person.user_id = 1_000 + person.index
    return [
        (act.past.at, act.past.kind, act.past.outcome, act.user_id, act.past.about, act.label)
        for _, acts in Year(order, world, company).days()
        for act in acts
    ]


def test_the_log_is_sealed_and_whoever_checks_it_finds_nothing_wrong(here: Simulated) -> None:
    with connected(here.cluster.database_address("sequencer")):
        sealed = sequencer.seal()
        export, key = here.directory / "log.txt", here.directory / "keys"
        call_command("export_log", str(export), stdout=io.StringIO())
        key.write_text("".join(f"{each}\n" for each in keys()))
    with connected(here.cluster.database_address("owner")):
        assert sealed == Event.objects.exclude(process="export_log").count()
    said = io.StringIO()
    with redirect_stdout(said):
        code = cli.main(["verify", "--key", str(key), "--publication", str(settings.PUBLICATION_DIR), str(export)])
    assert code == 0, said.getvalue()
    assert Directory(settings.PUBLICATION_DIR).sizes()[-1] == sealed
    assert raised(here.cluster, local_servers.DATABASE) == {}


def test_every_process_of_the_span_ended_in_order(here: Simulated) -> None:
    written = Event.objects.filter(role__in=Role.values).values_list("writer", flat=True)
    closed = Event.objects.filter(kind=EventKind.LOG_CLOSED).values_list("writer", flat=True)
    assert set(written) == set(closed)
    assert set(Event.objects.filter(kind=EventKind.LOG_CLOSED).values_list("process", flat=True)) == {"web", "sign-in"}


def test_the_same_seed_makes_the_same_span(here: Simulated) -> None:
    world = _world()
    once, again = _acts(_year_order(), world), _acts(_year_order(), world)
    other = _acts(_year_order(seed=8), world)
    assert len(once) > 1_000
    assert once == again
    assert once != other


def test_who_misuses_the_service_changes_nobody_elses_life(here: Simulated) -> None:
    world = _world()
    with_misuse = assemble(_year_order(), world)
    without = assemble(_year_order(each_kind=False), world)
    touched = {person.index for case in with_misuse.cases for person in case.people}
    for one, other in zip(with_misuse.people, without.people, strict=True):
        if one.index not in touched:
            assert (one.given, one.family, one.home, one.hours) == (other.given, other.family, other.home, other.hours)


@pytest.mark.parametrize(("share", "people"), [(0.0, 0), (0.02, 2), (0.1, 12)])
def test_as_many_misuse_it_as_were_asked_for(here: Simulated, share: float, people: int) -> None:
    company = assemble(_year_order(users=120, share=share, each_kind=False), _world())
    assert sum(len(case.people) for case in company.cases) == people


def test_too_few_people_for_each_kind_are_told_so(here: Simulated) -> None:
    file = here.directory / "too_few"
    with pytest.raises(CommandError, match="Ask for more users"):
        here.command("--users=20", "--days=14", f"--labels={file}", "--each-kind", "--beside-others")
    assert User.objects.count() == USERS + len(PEOPLE)
    assert not file.exists()


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_case_that_is_clear_has_nothing_that_speaks_for_it(here: Simulated, seed: int) -> None:
    """Somebody who lived with the children, and at whose place of work nobody has to do with them."""
    world = _world()
    six_weeks = {"first": timezone.localdate() - timedelta(days=DAYS)}
    order = _year_order(users=120, share=0.3, seed=seed, each_kind=False, clear_case=True, **six_weeks)
    company = assemble(order, world)
    case, *others = company.cases
    (person,) = case.people
    assert others
    assert not any(each.kind.code == case.kind.code for each in others), "one that looks the same would mislead"
    assert person.former is not None
    children = [world.children[each] for each in world.households[person.former].children]
    planned = list(case.kind.plan(company.stage, [person]))
    assert person.home in {home for child in children for home in child.earlier}
    assert person.kind in {OrganisationKind.GP_PRACTICE, OrganisationKind.HOSPITAL, OrganisationKind.MENTAL_HEALTH}
    assert not any(work.organisation_id == person.organisation.pk for child in children for work in child.works)
    assert not any(child.summary.shielded for child in children)
    assert len(planned) == TIMES
    assert len({each.at.date() for each in planned}) >= 8


def test_each_kind_of_misuse_is_there_and_labelled(here: Simulated) -> None:
    misusers = here.labels.misusers()
    by_kind = Counter(label.kind for label in here.labels.events.values())
    assert len(KINDS) >= 14
    assert set(misusers) == set(by_kind) == set(KINDS)
    assert len(misusers["in_the_news"]) >= 4
    assert {label.user_id for label in here.labels.events.values()} == set().union(*misusers.values())
    assert all(KINDS[code].words in here.said for code in KINDS)


def test_labels_name_events_of_those_people_and_stand_in_no_table(here: Simulated) -> None:
    events = {each.pk: each for each in Event.objects.filter(pk__in=list(here.labels.events))}
    assert len(events) == len(here.labels.events)
    assert all(events[label.event_id].actor_id == label.user_id for label in here.labels.events.values())
    assert stat.S_IMODE(here.file.stat().st_mode) == 0o600
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} AS one WHERE one::text ~ %s", ["|".join(KINDS)])
            assert cursor.fetchone() == (0,), table


def test_people_have_accounts_homes_and_an_end(here: Simulated) -> None:
    people = here.labels.people
    assert len(people) == USERS
    told = {row.user_id: row.prints.open() for row in OwnHome.objects.all()}
    lived = {each.user_id: prints.home(", ".join(each.lines), each.postcode) for each in people.values()}
    assert told == {user_id: (home.home, home.postcode, home.near) for user_id, home in lived.items()}
    for user in User.objects.filter(pk__in=people):
        assert user.name.open() == f"{people[user.pk].given} {people[user.pk].name}"
        assert user.state_at.date() <= timezone.localdate()
    assert set(Counter(each.role for each in people.values())) == set(Role.values)
    left = Event.objects.filter(kind=EventKind.USER_LEFT, actor_id__in=people).values_list("user_id", flat=True)
    assert set(left) <= set(User.objects.filter(state=UserState.LEFT).values_list("pk", flat=True))
    assert sum(bool(each.family) for each in people.values()) in range(USERS // 5, USERS // 2)


def test_honest_days_are_as_working_days_are(here: Simulated) -> None:
    opened = Event.objects.filter(kind=EventKind.CHILD_OPENED).exclude(pk__in=list(here.labels.events))
    each = Counter(opened.values_list("actor_id", flat=True))
    schools = {person.user_id for person in here.labels.people.values() if _kind_of(person.organisation_id) == "school"}
    hours = defaultdict(int)
    weekend = 0
    for at, actor in opened.values_list("at", "actor_id"):
        local = at.astimezone(LONDON)
        hours[local.hour] += 1
        weekend += local.weekday() >= 5
        if actor in schools:
            assert local.weekday() < 5
            assert 6 <= local.hour < 19
    total = sum(hours.values())
    assert set(opened.values_list("reason", flat=True)) >= {"s10", "s11", "s47", "s436a", "upkeep"}
    assert 0.75 < sum(hours[hour] for hour in range(8, 18)) / total < 0.99
    assert weekend / total < 0.2
    assert 0.2 < total / USERS / DAYS < 1.5, "about 0.6 enquiries a day were planned for"
    assert max(each.values()) > 4 * median(each.values()), "some do far more than others"


def _kind_of(organisation_id: int) -> str:
    return str(User.objects.filter(organisation_id=organisation_id)[0].organisation.kind)


def test_most_is_about_children_with_whom_somebody_works(here: Simulated) -> None:
    world = _world()
    opened = Event.objects.filter(kind=EventKind.CHILD_OPENED, role=Role.PRACTITIONER)
    honest = opened.exclude(pk__in=list(here.labels.events))
    soon = timedelta(days=7)
    known, later, none = 0, 0, 0
    for event in honest:
        day = event.at.astimezone(LONDON).date()
        assert world.children[event.child_id].born <= day, "nobody is looked up before they are born"
        works = [work for work in world.children[event.child_id].works if work.organisation_id == event.organisation_id]
        if any(work.runs_on(day) for work in works):
            known += 1
        elif any(day < work.since <= day + soon for work in works):
            later += 1
        else:
            none += 1
    total = known + later + none
    assert 0.8 < known / total < 0.98
    assert later > 0
    assert 0.01 < none / total < 0.15


def test_every_opening_is_shown_first_and_lists_name_who_was_looked_for(here: Simulated) -> None:
    sessions = defaultdict(list)
    for event in Event.objects.filter(role__in=Role.values).order_by("id"):
        sessions[event.session_id].append(event)
    for events in sessions.values():
        assert events[0].kind in {EventKind.SIGNED_IN, EventKind.SIGN_IN_FAILED}
        shown = {each.child_id for each in events if each.kind == EventKind.CHILD_SHOWN}
        assert {each.child_id for each in events if each.kind == EventKind.CHILD_OPENED} <= shown
        asked = {each.trail for each in events if each.kind == EventKind.CHILD_SEARCHED}
        assert {each.trail for each in events if each.kind == EventKind.CHILD_LISTED} == asked
        assert len({each.actor_id for each in events}) == 1


def test_nobody_looks_at_their_own_but_those_who_are_said_to(here: Simulated) -> None:
    opened = Event.objects.filter(kind=EventKind.CHILD_OPENED).exclude(pk__in=list(here.labels.events))
    for event in opened.exclude(role=Role.MEDIATOR):
        person = here.labels.people[event.actor_id]
        if len(person.family) and not person.misuse:
            siblings = set(person.family)
            assert event.child_id not in siblings or _only_listed(event), person


def _only_listed(event: Event) -> bool:
    """Of the wrong child, opened by mistake, nobody knows beforehand whose it is."""
    return Event.objects.filter(session_id=event.session_id, kind=EventKind.CHILD_OPENED).count() > 1


def test_the_year_is_made_once(here: Simulated) -> None:
    with pytest.raises(CommandError, match="nobody has used"):
        here.command("--users=40", "--days=14", f"--labels={here.directory / 'second'}")
    assert not (here.directory / "second").exists()


def test_labels_that_are_there_are_not_written_over(here: Simulated) -> None:
    before = here.file.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        here.command("--users=40", "--days=14", f"--labels={here.file}")
    assert here.file.read_bytes() == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("--days=2", "between 7 and 730 days"),
        ("--users=3", "20 users at least"),
        ("--misuse=7", "between 0 and 0.5"),
        (f"--until={timezone.localdate()}", "must be over"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(here: Simulated, wrong: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        here.command("--users=40", "--days=14", f"--labels={here.directory / 'none'}", wrong)


def test_a_file_that_holds_no_labels_says_so(tmp_path: Path) -> None:
    for content in (b"", b"{}\n", b"not json\n", b'{"is":"event","event_id":1,"user_id":2,"kind":"x"}\n'):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(NoLabelsError):
            labels.read(tmp_path / "file")
