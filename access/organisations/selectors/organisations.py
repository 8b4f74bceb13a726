"""Reading organisations: a list of those within one's reach, and the page of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from access.models import Grant, Organisation, Role, Site, Stop, StopScope, User, UserState
from access.models.user import SIGNING_IN
from access.people.selectors.organisations import organisations_that_fit
from access.people.selectors.people import names_of
from access.rules import grants
from access.rules.administering import APPLYING, Reach, organisations_administered, reach_of
from audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. `days_left` of the accreditation: below nothing where it ran out, None if it had none."""

    organisation: Organisation
    people: int
    days_left: int | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A grant on the organisation, or on the authority that answers for it. `delegated`: can be taken back here."""

    user_id: int
    name: str
    what: str
    expires_on: date
    current: bool
    delegated: bool


@dataclass(frozen=True, slots=True)
class Accredited:
    """One accreditation, the newest of which is in force, and who recorded it."""

    granted_on: date
    expires_on: date
    evidence: str
    reference: str
    sponsor: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """All that an administrator's page about an organisation shows.

    `answered_for_by`: the authority that does, or nothing where it answers for itself. `people`: how many are in which
    state. `deciding`: the reader decides for it, and does not apply alone; `accrediting`: may accredit it.
    """

    organisation: Organisation
    answered_for_by: str
    days_left: int | None
    accreditations: list[Accredited]
    sites: list[Site]
    people: list[tuple[str, int]]
    held: list[Held]
    stopped: bool
    deciding: bool
    accrediting: bool


def organisation_page(actor: Actor, organisation: Organisation, *, today: date) -> OrganisationPage:
    """The page. In a transaction that has recorded that the actor reads about the organisation, as it names people."""
    deciding = may_decide_for(actor, organisation)
    authority = organisation.responsible_authority
    return OrganisationPage(
        organisation=organisation,
        answered_for_by=authority.name if authority else "",
        days_left=organisation.accredited_for(today),
        accreditations=_accreditations(organisation),
        sites=list(organisation.sites.order_by("name")),
        people=_people_by_state(organisation),
        held=_held_on(organisation, today=today),
        stopped=_live_stops().filter(organisation=organisation).exists(),
        deciding=deciding,
        accrediting=deciding and may_be_accredited_by(actor, organisation),
    )


def organisations_within_reach(
    reach: Reach, *, name: str = "", kind: str = "", known: Sequence[int] | None = None
) -> QuerySet[Organisation]:
    """Those that somebody decides or applies for, by name; only those who fit what was typed, of that kind.

    `known`: the ids of those that `organisations_fitting` found for them; all of the reach is not read again.
    """
    found = _of_kind(reach, kind)
    if name:
        found = found.filter(pk__in=_ids_that_fit(found, name) if known is None else known)
    return found.order_by("name", "pk")


def organisations_fitting(actor: Actor, name: str, kind: str) -> list[int]:
    """The ids of those of that kind within the actor's reach that fit what was typed: one of another hides none."""
    return _ids_that_fit(_of_kind(reach_of(actor), kind), name)


def _of_kind(reach: Reach, kind: str) -> QuerySet[Organisation]:
    found = reach.organisations(*APPLYING)
    return found.filter(kind=kind) if kind else found


def _ids_that_fit(reach: QuerySet[Organisation], name: str) -> list[int]:
    return [one.pk for one in organisations_that_fit(reach, name)]


def listed(organisations: Collection[Organisation], *, today: date) -> list[Listed]:
    """What the list says of each of a page's organisations. Two queries."""
    ids = [one.pk for one in organisations]
    counted = (
        User.objects.filter(organisation__in=ids, state__in=SIGNING_IN).values("organisation").annotate(n=Count("pk"))
    )
    people = {row["organisation"]: row["n"] for row in counted.order_by()}
    stopped = set(_live_stops().filter(organisation__in=ids).values_list("organisation", flat=True))
    return [Listed(one, people.get(one.pk, 0), one.accredited_for(today), one.pk in stopped) for one in organisations]


def may_decide_for(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor decides for it, and does not apply alone."""
    return organisations_administered(actor).filter(pk=organisation.pk).exists()


def own_administrators(organisation: Organisation) -> list[tuple[int, str]]:
    """The organisation's own active administrators: id and name, by name."""
    people = User.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR, state=UserState.ACTIVE)
    return sorted(((user.pk, user.name.open()) for user in people), key=lambda one: one[1].casefold())


def may_be_accredited_by(actor: Actor, organisation: Organisation) -> bool:
    """Not one's own organisation, and none that answers for itself: nobody in the service stands above these."""
    return organisation.pk != actor.organisation_id and organisation.responsible_authority_id is not None


def _accreditations(organisation: Organisation) -> list[Accredited]:
    """Newest first."""
    known = list(organisation.accreditations.select_related("sponsor"))
    recorders = names_of({each.recorded_by_id for each in known if each.recorded_by_id})
    return [
        Accredited(
            granted_on=each.granted_on,
            expires_on=each.expires_on,
            evidence=each.get_evidence_display(),
            reference=each.reference,
            sponsor=each.sponsor.name,
            recorded_by=recorders.get(each.recorded_by_id or 0, "The service"),
        )
        for each in known
    ]


def _people_by_state(organisation: Organisation) -> list[tuple[str, int]]:
    """How many of its people are in each state that somebody is in."""
    counted = User.objects.filter(organisation=organisation).values("state").annotate(n=Count("pk")).order_by()
    numbers = {row["state"]: row["n"] for row in counted}
    return [(state.label, numbers[state]) for state in UserState if state in numbers]


def _held_on(organisation: Organisation, *, today: date) -> list[Held]:
    """Who looks after it, also by way of its authority; whoever loses it first stands first."""
    where = [organisation.pk, organisation.authority_id]
    held = Grant.objects.filter(content_object__in=where).select_related("permission").order_by("expires_on", "pk")
    given = list(held.filter(permission__codename__in=(grants.ADMINISTER, grants.APPLY)))
    names = names_of({grant.user_id for grant in given})
    return [
        Held(
            user_id=grant.user_id,
            name=names[grant.user_id],
            what=grants.IN_WORDS[grant.permission.codename],
            expires_on=grant.expires_on,
            current=grant.expires_on >= today,
            delegated=grant.permission.codename == grants.APPLY and grant.content_object_id == organisation.pk,
        )
        for grant in given
    ]


def _live_stops() -> QuerySet[Stop]:
    return Stop.objects.filter(scope=StopScope.ORGANISATION, lifted_at=None)
