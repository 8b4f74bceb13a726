"""The database of the running service, for what no page can do: add people, let time pass, seal the log."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Locator
from pytest_django.plugin import DjangoDbBlocker

from access.door.references import refer_to_user
from access.models import Session, User
from audit import proofs, sequencer
from audit.actors import Actor, Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.models import Event
from audit.reasons import CaseResult
from encryption.signing import public_keys
from registry.policies.records import lock_of
from registry.search import index
from review.models import Case, Compared, Explanation, Question, Sampled, State
from review.selectors.months import Month
from tests import factories, servers
from tests.browser.people import Person, idle_too_long
from tests.integration.review import casework, counting
from tests.integration.review.answering import happened_days_ago
from tests.service import DATABASE
from transparency.note import VerifierKey

# Transactions of other tests hold the seal up.
SEAL_SECONDS = 120
SECONDS_TO_WAIT = 30
SOMEBODY_WAITS = """
    select exists (
        select from pg_locks join pg_database on pg_database.oid = database
        where datname = current_database() and locktype = 'advisory' and not granted
    )
"""


@contextmanager
def service_database(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Inside, Django is connected to the service's database as the tables' owner, and commits."""
    own = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = DATABASE
    try:
        with blocker.unblock():
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE contactpoint_owner")
            yield
            connections.close_all()
    finally:
        # It is of the service's index, not of this process's own.
        index.forget()
        connection.settings_dict["NAME"] = own


def log_keys() -> list[VerifierKey]:
    """The public keys by which the service's log is checked."""
    with override_settings(KEYRING_HOLDER="sequencer"):
        return [VerifierKey(settings.LOG_ORIGIN, key) for key in public_keys()]


def seal(blocker: DjangoDbBlocker) -> int:
    """Seal all events that the service has written by now, as its sequencer would. Returns how many are sealed."""
    published = servers.run_directory() / f"{DATABASE}_publication"
    deadline = time.monotonic() + SEAL_SECONDS
    with service_database(blocker), override_settings(PUBLICATION_DIR=published, KEYRING_HOLDER="sequencer"):
        newest = Event.objects.latest("id").pk
        sequencer.seal()
        while not proofs.inclusion_of(newest):
            assert time.monotonic() < deadline, "some transaction does not end"
            time.sleep(0.2)
            sequencer.seal()
        checkpoint = proofs.newest_checkpoint()
        assert checkpoint
        return int(checkpoint.size)


def opened_before(blocker: DjangoDbBlocker, person: Person, days: int) -> None:
    """Let the record that `person` opened last have been opened by them that many days ago, too."""
    with service_database(blocker):
        opened = Event.objects.filter(actor_id=person.id, kind=EventKind.CHILD_OPENED).latest("id")
        happened_days_ago(days, opened.pk)


def end_session_half_way(blocker: DjangoDbBlocker, person: Person, link: Locator) -> None:
    """Follow a link of the record that `person` opened last to where one changes it; let their session run out before
    the answer is made."""
    with service_database(blocker), connection.cursor() as cursor:
        opened = Event.objects.filter(actor_id=person.id, kind=EventKind.CHILD_OPENED).latest("id")
        # Whoever is about to change the child's record waits for this lock, and goes on when the connection ends.
        cursor.execute("select pg_advisory_lock(%s)", [lock_of(opened.child_id)])
        link.evaluate("link => setTimeout(() => link.click())")
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not _somebody_waits():
            assert time.monotonic() < deadline, "nobody came to change the record"
            time.sleep(0.05)
        idle_too_long(person)


def reference_to(blocker: DjangoDbBlocker, reader: Person, person: Person) -> str:
    """The reference by which `reader`, in the session that they began last, asks for the person."""
    with service_database(blocker):
        user = User.objects.get(pk=reader.id)
        actor = Actor(
            user_id=user.pk,
            role=user.role,
            organisation_id=user.organisation_id,
            authority_id=user.organisation.authority_id,
            session_id=Session.objects.filter(user=user).latest("pk").pk,
            request_id=factories.SETTING_UP_REQUEST,
            session_key="",
        )
        return refer_to_user(actor, person.id)


def make_a_case(blocker: DjangoDbBlocker, person: Person) -> int:
    """What the examiner makes of the records that the person opened, and one of them drawn to be judged. Returns it."""
    with service_database(blocker):
        user = User.objects.get(pk=person.id)
        opened = Event.objects.filter(actor_id=person.id, kind=EventKind.CHILD_OPENED).order_by("id")
        events = dict(opened.values_list("id", "child_id"))
        Explanation.objects.filter(pk__in=events).delete()  # the examiner may have been there
        case = casework.case_of(user, events, score=18, urgent=True)
        Sampled.objects.create(event_id=max(events), authority_id=user.organisation.authority_id, at=timezone.now())
        return int(case.pk)


def make_a_childs_case(blocker: DjangoDbBlocker, people: Sequence[Person]) -> int:
    """What the examiner makes of a child whom all of these opened last of all, and its alert. Returns the case."""
    with service_database(blocker):
        events = {}
        for person in people:
            last = Event.objects.filter(actor_id=person.id, kind=EventKind.CHILD_OPENED).latest("pk")
            events[last.pk] = User.objects.get(pk=person.id)
        (child,) = set(Event.objects.filter(pk__in=events).values_list("child_id", flat=True))
        Explanation.objects.filter(pk__in=events).delete()  # the examiner may have been there
        case = casework.childs_case(events, child, urgent=True)
        with transaction.atomic():
            actor = Process("examiner", None, None, case.authority_id)
            raise_alert(Alert.URGENT_CASE, actor=actor, subject=f"case.{case.pk}")
        return int(case.pk)


def is_late(blocker: DjangoDbBlocker, case_id: int) -> None:
    """The questions of that case should have been answered days ago, and whoever was asked was reminded."""
    with service_database(blocker):
        Question.objects.filter(case_id=case_id).update(
            due_on=factories.today() - timedelta(days=3), reminded_at=timezone.now() - timedelta(days=2)
        )


def has_grown(blocker: DjangoDbBlocker, case_id: int) -> None:
    """The examiner found more in that case."""
    with service_database(blocker):
        Case.objects.filter(pk=case_id).update(growth=F("growth") + 1)


@contextmanager
def is_not_compared(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Inside, nothing of auditors can be compared yet."""
    with service_database(blocker):
        theirs = list(Compared.objects.filter(is_auditor=True, has_traits=True).values_list("pk", flat=True))
        Compared.objects.filter(pk__in=theirs).update(has_traits=False)
    try:
        yield
    finally:
        with service_database(blocker):
            Compared.objects.filter(pk__in=theirs).update(has_traits=True)


def make_a_month(blocker: DjangoDbBlocker, person: Person, auditors: tuple[Person, Person]) -> None:
    """What the examiner and two auditors leave behind of a month: looks of each kind, and cases decided and waiting."""
    with service_database(blocker):
        user, first, second = (User.objects.get(pk=each.id) for each in (person, *auditors))
        for day in Month.of(factories.today()).days[: factories.today().day]:
            counting.examined(user, *[State.AT_ONCE] * 20, State.LATER, State.HELD, State.UNEXPLAINED, day=day)
        for number, rule in enumerate(("same_home", "repeated", "same_family")):
            results = [CaseResult.EMPLOYER] * (12 - 4 * number) + [CaseResult.IN_ORDER] * (9 + 4 * number)
            counting.decided(user, rule, results, (first, second))


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY_WAITS)
        return bool(cursor.fetchone()[0])


def raise_an_alert(blocker: DjangoDbBlocker, *, times: int = 1) -> None:
    """One that concerns everybody, of a process of its own, raised `times`."""
    with service_database(blocker), transaction.atomic():
        subject = f"writer.{uuid4()}"
        for _ in range(times):
            raise_alert(Alert.REMOVED, actor=Process("watch"), subject=subject)
