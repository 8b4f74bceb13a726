"""Software at the database: accredited, with a token that it fetched, and spoilt; without code of any process."""

from dataclasses import dataclass

from django.db import transaction

from access.models import ClientSystem, Organisation, OrganisationKind, SystemPurpose, User
from feeds.models import Supplier
from registry.vocabulary import Source
from tests import factories, people
from tests.conftest import as_owner_here, as_worker
from tests.integration.access.lives import Council
from tests.sweeps.attacking import Place, forged
from tests.sweeps.in_systems import WITHOUT_GUARD, key

NOT_THEIRS = "CP004"
GIVE, END, RECORD, TICKET = (
    f"SELECT {name}"
    for name in (
        "access_token_give(%s, %s)",
        "access_token_end(%s, %s)",
        "audit_record_token(%s, %s)",
        "access_show_ticket(%s, %s)",
    )
)
ADD = (
    "INSERT INTO access_systemtoken (token_fingerprint, system_id, given_at, expires_at)"
    " VALUES ('x', {}, now(), now() + interval '1 day')"
)
LOAD = "SELECT system_id, standing FROM access_token_load(%s)"
# What may become of a system, by the owner's hand and past the guard: no token goes by it.
SPOILT = {
    "it is revoked": "UPDATE access_clientsystem SET revoked_at = now() WHERE id = {system}",
    "its day is over": "UPDATE access_clientsystem SET accredited_until = current_date - 1 WHERE id = {system}",
    "nobody accredited it": (
        "UPDATE access_clientsystem SET accredited_at = NULL, accredited_by_id = NULL WHERE id = {system}"
    ),
    "its organisation is accredited no more": (
        "UPDATE access_organisation SET accredited_until = current_date - 1 WHERE id = {authority}"
    ),
    "its organisation is stopped": (
        "INSERT INTO access_stop (scope, organisation_id, reason, begun_at)"
        " VALUES ('organisation', {authority}, 'incident', now())"
    ),
    "the service is stopped": (
        "INSERT INTO access_stop (scope, reason, begun_at) VALUES ('service', 'incident', now())"
    ),
    "people work in it": (
        "UPDATE access_clientsystem SET purpose = 'people', feed = NULL, addresses = '{{https://a.example}}'"
        " WHERE id = {system}"
    ),
}


@dataclass(frozen=True)
class Held:
    """An authority with a school and a feed, a system of its own, and the fingerprint of a token that this fetched."""

    place: Place
    council: Council
    authority: Organisation
    teacher: User
    feed: int
    system: ClientSystem
    token: str

    def told(self, kind: str, **changes: object) -> str:
        """An event that the system says, with the tag of the web process's own key."""
        says: dict[str, object] = {
            "actor_id": None,
            "session_id": None,
            "role": "",
            "process": f"system.{self.system.pk}",
            "organisation_id": self.authority.pk,
            "authority_id": self.authority.pk,
        }
        return forged(self.council.first, kind=kind, **(says | changes))

    def spoil(self, how: str) -> None:
        with self.place.connected("owner") as owner:
            owner.execute(WITHOUT_GUARD.format(SPOILT[how].format(system=self.system.pk, authority=self.authority.pk)))
            owner.commit()

    @property
    def named(self) -> list[str]:
        return [str(self.authority.pk), str(self.system.pk)]


def system_of(council: Council, authority: Organisation, purpose: SystemPurpose, feed: int | None) -> ClientSystem:
    asked, accredited = (people.one(pk=each.user_id) for each in (council.first, council.second))
    with transaction.atomic(), as_owner_here():
        return factories.client_system(
            authority,
            asked_by=asked,
            accredited_by=accredited,
            purpose=purpose,
            feed=feed if purpose == SystemPurpose.FEED else None,
        )


def held(place: Place, council: Council, purpose: SystemPurpose) -> Held:
    with transaction.atomic(), as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        teacher = factories.user(works_for=factories.organisation(authority=authority))
    with transaction.atomic(), as_worker():
        feed = Supplier.objects.create(organisation=authority, source=Source.SCHOOL_CENSUS, format="table")
    system = system_of(council, authority, purpose, feed.pk)
    made = Held(place, council, authority, teacher, feed.pk, system, key())
    with place.connected("sign_in") as sign_in:
        if purpose != SystemPurpose.PEOPLE:
            sign_in.execute(GIVE, [made.token, made.told("system.token_given", fields=made.named)])
            sign_in.commit()
    return made
