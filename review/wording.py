"""What stands in the log, in sentences that an auditor can read out: who did what, to whom, and why."""

from collections.abc import Mapping
from datetime import timedelta

from access.models import ApprovalKind, Role, VettingKind
from access.models.budget import Measure
from access.rules import grants
from audit.events import OF_ANSWERS, OF_CONNECTIONS, OF_REPORTS, OF_SHIELDS, Alert, EventKind, Outcome, in_words
from audit.outside import witness_named
from audit.reasons import ConnectionSoon, ShieldAsker, reason_label
from pages.form_fields import in_sentence
from review.models import SavedView
from review.selectors.entries import Entry, Filter
from review.selectors.names import Names, acting_system, organisation_of, system_of
from review.selectors.visits import Doing

PROCESSES = {
    "agreements": "The service, by its timetable",
    "budgets": "The service, counting budgets",
    "adding": "The service, adding records",
    "demonstration": "The making of the demonstration",
    "export_log": "An operator, exporting the log",
    "directories": "The service, taking in a national directory",
    "feeds": "The service, taking in what suppliers send",
    "invitation": "Whoever opened the invitation",
    "prove": "An operator, proving the log",
    "reader": "An operator’s process",
    "escrow": "The service, opening what two people asked for",
    "merging": "The service, putting records together or parting them",
    "reminders": "The service, reminding people",
    "retention": "The service, archiving and destroying records",
    "sequencer": "The service, sealing the log",
    "examiner": "The service, comparing who looks at whom",
    "severing": "The service, closing a record",
    "shell": "An operator, at the command line",
    "shields": "The service, protecting children of the same home",
    "sign-in": "Somebody at the sign-in page",
    "watch": "The service, watching the log",
    "web": "A process of the website",
    "worker": "A process in the background",
}
LISTS = {
    "approvals": "waiting for a decision",
    "colleagues": "colleagues, by a mediator",
    "confirmation": "who still works for an employer",
    "invitations": "people to invite",
    "leavers": "people who have left",
    "stops": "who would be stopped",
}
OVERRIDE = "opening protected records in an emergency"
SUBJECTS: Mapping[str, Mapping[str, str]] = {
    EventKind.USER_VETTED: dict(VettingKind.choices),
    EventKind.USER_ROLE_CHANGED: dict(Role.choices),
    EventKind.USER_ASKED: dict(Role.choices) | {ApprovalKind.ROLE: "change of role", ApprovalKind.OVERRIDE: OVERRIDE},
    EventKind.USER_DECLINED: {
        ApprovalKind.ROLE: "change of role",
        ApprovalKind.SIGN_IN: "a new sign-in",
        ApprovalKind.OVERRIDE: OVERRIDE,
    },
    EventKind.USER_JOINED: {ApprovalKind.SIGN_IN: "with a new sign-in, as two administrators had agreed"},
    EventKind.GRANT_GIVEN: grants.IN_WORDS,
    EventKind.GRANT_TAKEN: grants.IN_WORDS,
    EventKind.DIRECTORY_TAKEN_IN: {"schools": "schools", "practices": "GP practices"},
    EventKind.PEOPLE_LISTED: LISTS,
    EventKind.FEED_RECEIVED: LISTS,
    EventKind.ACCESS_REFUSED: dict(Measure.choices),
    EventKind.SHIELD_ASKED: dict(ShieldAsker.choices),
    EventKind.CHILD_OPENED: {
        "shield.grant": "protected; they have permission to see it, by name",
        "shield.overridden": "protected; all of it, in an emergency",
    },
    EventKind.CONNECTION_ASKED: dict(ConnectionSoon.choices),
    EventKind.STOP_BEGUN: {"service": "the whole service", "user": "one person"},
    EventKind.STOP_LIFTED: {"service": "the whole service", "user": "one person"},
    EventKind.SIGN_IN_LOCKED: {
        "browser": "a browser in which the person signed in before",
        "address": "one address, for this account",
        "new_browsers": "every browser in which the person did not sign in before",
        "every_account": "one address, for every account",
    },
}
PLACES = {"folder": "The place where the log is published", "bucket": "The bucket that keeps the log"}
OF_A_LIST = {
    "again": "goes on",
    "alert": "alert {}",
    "answer": "answer FA {}",
    "archive": "request {} to read the archive",
    "batch": "batch {}",
    "case": "case {}",
    "charts": "charts of {}",
    "connection": "connection {}",
    "day": "the day of whoever did event {}",
    "different": "another child",
    "escrow": "request {} to read which records are one",
    "event": "event {}",
    "given": "consent of {}",
    "handover": "offer {} of a record",
    "leave": "permission {} to see a protected child",
    "identity": "request {} for a new identity",
    "match": "match {}",
    "merge": "request {} about two records",
    "number": "a number looked up",
    "pack": "evidence pack of {} events",
    "page": "page {}",
    "question": "question {}",
    "report": "report of {}",
    "reported": "report {} of something wrong",
    "request": "request {} for protection",
    "asked": "a number looked up",
    "beside": "beside another record",
    "under": "another record under it",
    "same": "the same child",
    "seen": "who has seen a record",
    "shield": "protection {}",
    "stopped": "stopped",
    "supplier": "supplier {}",
    "waiting": "how many cases wait",
    "trail": "searches and openings around event {}",
    "unsure": "they cannot tell",
    "until": "until {}",
}
OF_TWO_RECORDS = (
    EventKind.MERGE_ASKED,
    EventKind.MERGE_APPROVED,
    EventKind.MERGE_PART_ASKED,
    EventKind.MERGE_PART_APPROVED,
    EventKind.MERGE_REFUSED,
    EventKind.MERGE_LISTED,
    EventKind.MERGE_READ,
    EventKind.CHILD_MERGED,
    EventKind.CHILD_PARTED,
)
OF_ONE = frozenset(
    {
        *(EventKind.LOG_READ, EventKind.ALERT_TAKEN, EventKind.ALERT_CLOSED, EventKind.UNPLACED_LISTED),
        *(EventKind.ARCHIVE_ASKED, EventKind.ARCHIVE_GIVEN, EventKind.ARCHIVE_OPENED, EventKind.ARCHIVE_REFUSED),
        *(EventKind.HANDOVER_LISTED, EventKind.HANDOVER_ACCEPTED),
        *(EventKind.HANDOVER_DECLINED, EventKind.HANDOVER_WITHDRAWN, EventKind.CHILD_KEPT),
        *(*OF_ANSWERS, *OF_CONNECTIONS, *OF_REPORTS, *OF_SHIELDS, *OF_TWO_RECORDS),
    }
)
# Of these, all that their fields say: which supplier and which batch, and what was decided.
OF_SUPPLIERS = frozenset(
    {
        *(EventKind.BATCH_RECEIVED, EventKind.BATCH_CHECKED, EventKind.BATCH_COMMITTED, EventKind.BATCH_DONE),
        *(EventKind.BATCH_REFUSED, EventKind.BATCH_RETURNED, EventKind.BATCH_UNDONE),
        *(EventKind.SUPPLIER_ADDED, EventKind.SUPPLIER_CHANGED, EventKind.MATCH_READ, EventKind.MATCH_DECIDED),
    }
)
NOWHERE = "No organisation"


def who(entry: Entry, names: Names) -> str:
    """Who did it; of a mediator, also in whose name."""
    if entry.actor_id is None:
        system = acting_system(entry)
        return process(entry.process) if system is None else names.system(system)
    person = names.person(entry.actor_id)
    return f"{person}, in the name of {names.person(entry.user_id)}" if entry.user_id and is_mediated(entry) else person


def process(name: str) -> str:
    """A program, by what it does."""
    if name.startswith("token."):  # of older entries
        return f"Software with API token {name.removeprefix('token.')}"
    return PROCESSES.get(name, f"The program {name}")


def people_about(entry: Entry, names: Names) -> list[str]:
    """Whom it was about, other than who did it."""
    if entry.people:
        return [names.person(person) for person in entry.people]
    about_another = entry.user_id is not None and entry.user_id != entry.actor_id and not is_mediated(entry)
    return [names.person(entry.user_id)] if about_another and entry.user_id else []


def what(doing: Doing) -> str:
    """What was done, how it ended where that is not plain, and how often."""
    words = in_words(EventKind, doing.kind)
    if doing.outcome != Outcome.DONE:
        words = f"{words}: {in_sentence(in_words(Outcome, doing.outcome))}"
    return f"{words}, {doing.times} times" if doing.times > 1 else words


def subject(entry: Entry, names: Names) -> str:
    """To what it was done, where the kind alone does not say and it is neither a record nor a person."""
    if entry.kind == EventKind.ALERT_RAISED:
        return in_words(Alert, entry.reason)
    place, system = organisation_of(entry), system_of(entry)
    if place is not None or system is not None:
        named = [names.system(system)] if system is not None else []
        return ", ".join([*named, names.organisation(place)] if place is not None else named)
    if entry.kind in OF_SUPPLIERS:
        return ", ".join(_of_a_list(each) for each in entry.fields)
    first = entry.fields[0] if entry.fields else ""
    if entry.kind in OF_ONE or entry.kind.startswith("case.") or first.startswith(("case.", "question.")):
        return _of_a_list(first)
    return str(SUBJECTS.get(entry.kind, {}).get(first, ""))


def why(reason: str, kind: str) -> str:
    """The ground given for it. What an alert says stands beside what happened instead."""
    return "" if kind == EventKind.ALERT_RAISED else reason_label(reason)


def alert_subject(what_is_raised: str, code: str) -> str:
    """The process, measure, place or witness that an alert is about, in words."""
    if what_is_raised == Alert.OVER_BUDGET:
        return str(dict(Measure.choices).get(code, code))
    if what_is_raised == Alert.UNPUBLISHED:
        return PLACES.get(code, code)
    if what_is_raised in (Alert.URGENT_CASE, Alert.OVERRIDDEN, Alert.UNCONFIRMED, Alert.ESCROW_OPENED):
        kind, _, number = code.partition(".")
        return OF_A_LIST[kind].format(number)
    if what_is_raised == Alert.UNWITNESSED:
        return witness_named(code)
    if code == "writers":
        return "Many processes"
    return f"Process {code.removeprefix('writer.')}" if code.startswith("writer.") else code


def view_named(wanted: Filter, organisation: str, days: int | None = None) -> str:
    """What a view shows, which is its name: what was chosen in it, and nothing that somebody typed."""
    parts = [
        in_words(EventKind, wanted.kind) if wanted.kind else "",
        reason_label(wanted.reason),
        organisation,
        f"the last {days} days" if days else "",
        "with readings of the log" if wanted.readings else "",
        "with alerts" if wanted.alerts else "",
        "each event by itself" if wanted.apart else "",
    ]
    return ", ".join(part for part in parts if part) or "Everything"


def saved_view(view: SavedView) -> str:
    """As `view_named`, of one that is kept."""
    kind = EventKind(view.kind) if view.kind in EventKind.values else None
    wanted = Filter(kind=kind, reason=view.reason, readings=view.readings, alerts=view.alerts, apart=view.apart)
    return view_named(wanted, view.organisation.name if view.organisation else "", view.days)


def lasting(time: timedelta) -> str:
    """How long: 40 seconds, 12 minutes, 2 hours 5 minutes."""
    minutes = int(time.total_seconds()) // 60
    if not minutes:
        return counted(int(time.total_seconds()), "second")
    hours, rest = divmod(minutes, 60)
    return " ".join(counted(times, unit) for times, unit in ((hours, "hour"), (rest, "minute")) if times)


def counted(times: int, what: str) -> str:
    """So many of them: 1 search, 1,200 searches."""
    plural = f"{what}es" if what.endswith("ch") else f"{what}s"
    return f"{times:,} {what if times == 1 else plural}"


def is_mediated(entry: Entry) -> bool:
    """Whether a colleague rang for it, with whose code or right the mediator acted."""
    about_the_person = (EventKind.SECOND_FACTOR_FAILED, EventKind.MEDIATION_BEGUN, EventKind.MEDIATION_ENDED)
    return entry.role == Role.MEDIATOR and entry.user_id != entry.actor_id and entry.kind not in about_the_person


def _of_a_list(field: str) -> str:
    """What a field names, such as `case.7`, in words."""
    kind, _, number = field.partition(".")
    return OF_A_LIST.get(kind, kind).format(number)
