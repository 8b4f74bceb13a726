"""Reading lists of people and how they stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from access.models import LETS_NOBODY_IN, SIGNING_IN, Approval, ApprovalKind, Organisation, Role, Stop, User, UserState
from access.models.addresses import is_address
from access.models.user import email_fingerprint
from access.people.name_tokens import fits, tokens_asked
from access.rules.administering import APPLYING, Reach, organisations_administered, reach_of
from access.rules.two_people import another_had_a_part
from access.rules.vetting import complete, is_complete, last_day, may_enter
from audit.actors import Actor
from audit.errors import refusals

ON_A_PAGE = 50
MOST_COUNTED = 1_000
STOPPED = "stopped"
# Whose name is not for the reader.
SOMEBODY_ELSEWHERE = "Somebody of another organisation"


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people to list; what is empty does not narrow.

    `text`: words of a name, or a whole e-mail address. `organisations`: ids; where there is none, nobody fits. `state`:
    a UserState or STOPPED. `runs_out_within`: days until the vetting of somebody active runs out; whose has run out is
    among them, and they come in that order.
    """

    text: str = ""
    organisations: Collection[int] | None = None
    role: str = ""
    state: str = ""
    runs_out_within: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything narrows but the words."""
        dated = self.runs_out_within is not None
        return dated or self.organisations is not None or bool(self.role or self.state)


@dataclass(frozen=True, slots=True)
class Listed:
    """One person in a list. `state` in words; `expires_on`: until when vetting and accreditation let them in."""

    id: int
    name: str
    organisation: str
    role: str
    state: str
    may_enter: bool
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some of the people. `more_after`: the id of the last of them where there are more; `total` counts to 1,001."""

    people: list[Listed]
    more_after: int | None
    total: int


class Decides(StrEnum):
    """Who can decide now. Not the reader where they asked, are the person, or would be alone in it (ADR 22)."""

    READER = "reader"
    ANOTHER = "another"
    NOBODY_YET = "nobody yet"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one administrator asked and another decides."""

    user_id: int
    name: str
    organisation: str
    what: str
    asked_by: str
    asked_on: date
    decides: Decides


def people_of(actor: Actor, wanted: PeopleFilter, *, today: date, after: int | None = None) -> PeoplePage:
    """The next page of the people whom the actor looks after, the newest first.

    Names are sealed: they are found by fingerprints of their words, and nobody can be sorted by them.
    """
    people = _wanted(organisations_administered(actor, *APPLYING), wanted, today)
    total = people.values("pk")[: MOST_COUNTED + 1].count()
    if wanted.runs_out_within is None:
        later = Q(pk__lt=after) if after else Q()
        ordered = people.filter(later).order_by("-pk")
    else:
        ordered = people.filter(_runs_out_after(after)).order_by("valid_until", "pk")
    rows = list(ordered[: ON_A_PAGE + 1])
    more_after = rows[ON_A_PAGE - 1].pk if len(rows) > ON_A_PAGE else None
    listed = [listed_of(user, today=today) for user in rows[:ON_A_PAGE]]
    # Two names may share a fingerprint: who was found by chance is left out.
    found = [one for one in listed if is_address(wanted.text) or fits(one.name, wanted.text)]
    return PeoplePage(found, more_after, total)


def approvals_waiting(reach: Reach) -> QuerySet[Approval]:
    """What is to be decided about people within reach, once they have followed their link, and can be."""
    waiting = Approval.objects.filter(answerable(), outcome="", user__organisation__in=reach.organisations())
    return waiting.exclude(kind=ApprovalKind.JOIN, user__state=UserState.INVITED)


def answerable() -> Q:
    """Of what was asked about somebody who signs in, that which they still stand as they did for."""
    role = Q(kind__in=(ApprovalKind.ROLE, ApprovalKind.OVERRIDE), user__state=UserState.ACTIVE)
    undecided_since = Q(asked_at__gte=F("user__state_at"))
    sign_in = Q(undecided_since, kind=ApprovalKind.SIGN_IN, user__state__in=SIGNING_IN)
    return role | sign_in | ~Q(kind__in=LETS_NOBODY_IN)


def for_actor_to_decide(actor: Actor, approvals: QuerySet[Approval], *, today: date) -> QuerySet[Approval]:
    """Those that the actor can decide now: another asked or checked, and nothing is missing but the decision.

    Of what lets nobody in, never more is missing. Whoever was suspended while they were joining is let in by one
    decision on two questions: on both, or on neither.
    """
    others = approvals.exclude(asked_by=actor.user_id).exclude(user=actor.user_id)
    may_share = another_had_a_part(actor.user_id) & ~Q(asked_by=actor.user_id)
    waiting = Approval.objects.filter(user=OuterRef("user"), outcome="").exclude(kind__in=LETS_NOBODY_IN)
    barred = waiting.exclude(may_share)
    ready = complete(today, user="user") & ~Exists(barred)
    return others.filter(Q(kind__in=LETS_NOBODY_IN) | ready)


def waiting_for(actor: Actor, *, today: date, most: int) -> list[Waiting]:
    """What waits for a decision, the oldest first."""
    waiting = list(approvals_waiting(reach_of(actor)).order_by("asked_at", "pk")[:most])
    shown = Approval.objects.filter(pk__in=[asked.pk for asked in waiting])
    decidable = set(for_actor_to_decide(actor, shown, today=today).values_list("pk", flat=True))
    people = User.objects.in_bulk({asked.user_id for asked in waiting})
    names = names_of({asked.asked_by_id for asked in waiting if asked.asked_by_id})
    return [
        _waiting(
            asked, people[asked.user_id], names, _who_decides(actor, asked, people[asked.user_id], today, decidable)
        )
        for asked in waiting
    ]


def organisation_to_invite_for(actor: Actor, organisation_id: int | None = None) -> Organisation | None:
    """That organisation, or the only one that the actor invites for; None where there is none."""
    reach = organisations_administered(actor, *APPLYING)
    if organisation_id is not None:
        reach = reach.filter(pk=organisation_id)
    known = list(reach[:2])
    return known[0] if len(known) == 1 else None


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """A name for each of those users, by id: their own, where it stands on pages that the reader may see.

    That of somebody beyond the reader's reach is told by the database where they decide, check or stop within it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, row_version, name FROM access_names_of(%s::bigint[])", [list(user_ids)])
        found = opened_names(cursor.fetchall())
    return {user_id: found.get(user_id, SOMEBODY_ELSEWHERE) for user_id in user_ids}


def opened_names(rows: Iterable[Sequence[Any]]) -> dict[int, str]:
    """The names, by id, in rows of a function of the database: id, version of the row, and the name as it stands."""
    field = User._meta.get_field("name")
    return {
        user_id: field.open_stored(bytes(stored), row=user_id, version=version) for user_id, version, stored in rows
    }


def named(tokens: Sequence[int]) -> RawSQL:
    """The ids of the people within reach in whose names all of the tokens are, by their index."""
    return RawSQL("SELECT access_people_named(%s::integer[])", [list(tokens)])


def addresses_taken(fingerprints: Collection[str]) -> set[str]:
    """Those of the fingerprints of addresses that somebody has, wherever they work. For whoever invites."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT access_addresses_taken(%s::text[])", [list(fingerprints)])
        return {fingerprint for (fingerprint,) in cursor.fetchall()}


def user_with_address(email: str) -> int | None:
    """The id of the person with that e-mail address, where the reader may look for them, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_person_with_address(%s)", [email_fingerprint(email)])
        (found,) = cursor.fetchone()
    return None if found is None else int(found)


def listed_of(user: User, *, today: date) -> Listed:
    """How one person stands, in a line."""
    return Listed(
        id=user.pk,
        name=user.name.open(),
        organisation=user.organisation.name,
        role=Role(user.role).label,
        state=state_in_words(user, today=today),
        may_enter=may_enter(user, today=today),
        expires_on=last_day(user),
    )


def state_in_words(user: User, *, today: date) -> str:
    """One or two words: the state, or what keeps somebody active out."""
    if user.is_stopped:
        return "Stopped"
    if user.state != UserState.ACTIVE or may_enter(user, today=today):
        return str(user.get_state_display())
    return "Not complete" if user.valid_until is None else "Run out"


def _wanted(reach: QuerySet[Organisation], wanted: PeopleFilter, today: date) -> QuerySet[User]:
    people: QuerySet[User] = User.objects.filter(organisation__in=reach)
    if is_address(wanted.text):
        people = people.filter(email_fingerprint=email_fingerprint(wanted.text))
    elif tokens := tokens_asked(wanted.text):
        people = people.filter(pk__in=named(tokens))
    if wanted.organisations is not None:
        people = people.filter(organisation__in=wanted.organisations)
    if wanted.role:
        people = people.filter(role=wanted.role)
    if wanted.state == STOPPED:
        people = people.filter(_is_stopped())
    elif wanted.state:
        people = people.filter(state=wanted.state)
    if wanted.runs_out_within is not None:
        last_day = today + timedelta(days=wanted.runs_out_within)
        people = people.filter(state=UserState.ACTIVE, valid_until__lte=last_day)
    return people


def _is_stopped() -> Exists:
    """Whether a stop of the person or of their organisation is in force; asked of the few stops, not of each person."""
    concerned = Q(user=OuterRef("pk")) | Q(organisation=OuterRef("organisation_id"))
    return Exists(Stop.objects.filter(concerned, lifted_at=None))


def _runs_out_after(after: int | None) -> Q:
    last = User.objects.filter(pk=after).values_list("valid_until", flat=True).first() if after else None
    return Q(valid_until__gt=last) | Q(valid_until=last, pk__gt=after) if last else Q(valid_until=F("valid_until"))


def _who_decides(actor: Actor, asked: Approval, user: User, today: date, decidable: set[int]) -> Decides:
    if asked.pk in decidable:
        return Decides.READER
    own = actor.user_id in (asked.asked_by_id, user.pk)
    return Decides.ANOTHER if own or is_complete(user, today=today) else Decides.NOBODY_YET


def _waiting(asked: Approval, user: User, names: dict[int, str], decides: Decides) -> Waiting:
    role = Role(asked.role).label.lower()
    what = f"{asked.get_kind_display()} as {role}"
    if asked.kind == ApprovalKind.ROLE:
        what = f"Change of role to {role}"
    elif asked.kind == ApprovalKind.SIGN_IN:
        what = "A new sign-in"
    elif asked.kind == ApprovalKind.OVERRIDE:
        what = "Opening protected records in an emergency"
    return Waiting(
        user_id=user.pk,
        name=user.name.open(),
        organisation=user.organisation.name,
        what=what,
        asked_by=names[asked.asked_by_id] if asked.asked_by_id else "The service",
        asked_on=asked.asked_at.date(),
        decides=decides,
    )
