"""Two authorities and their people, by role: whom the web role reads, by the session that its connection shows."""

from dataclasses import dataclass

from django.db import transaction

from access.door.clients import client_fingerprint
from access.models import Organisation, OrganisationKind, Role, SystemPurpose, User
from access.people.actions.inviting import invite
from access.rules import grants
from audit.actors import Actor
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access.lives import new_person
from tests.sweeps.attacking import Place, Web, show_session

EVERYBODY = "SELECT id FROM access_user"
OF_THEIRS = """
    SELECT person.id FROM access_user AS person JOIN access_organisation AS employer ON employer.id = organisation_id
    WHERE %s IN (employer.id, employer.responsible_authority_id)
"""
SETTING = "SELECT current_setting('contactpoint.session', true)"
NAME = "Persephone Quillfeather"


@dataclass
class Land:
    """Two authorities. `here` has a school; the people of it, by role; somebody invited; and a token
    of the school that tells of leavers, and one that delivers a feed.
    """

    place: Place
    here: Organisation
    school: Organisation
    people: dict[str, User]
    stranger: User
    invited: User
    token: str
    other_token: str

    def actor(self, who: str) -> Actor:
        return factories.actor_for(self.people[who])

    def theirs(self, organisation: Organisation) -> set[int]:
        return {person for (person,) in self.place.as_owner(OF_THEIRS, organisation.pk)}


def settled(place: Place) -> Land:
    """All of it, made."""
    with transaction.atomic(), as_owner_here():
        here, there = (factories.organisation(kind=OrganisationKind.AUTHORITY) for _ in range(2))
        school, other_school = factories.organisation(authority=here), factories.organisation(authority=there)
        people = {role.value: factories.user(role=role, works_for=here) for role in Role}
        people["head"] = factories.user(role=Role.ADMINISTRATOR, works_for=school)
        people["teacher"] = factories.user(works_for=school, name=NAME)
        grants.grant(people["head"], grants.APPLY, school)
        stranger = factories.user(works_for=other_school, name=NAME)
    administrator = factories.actor_for(people["administrator"])
    invited = invite(actor=administrator, new=new_person(school))
    with transaction.atomic(), as_owner_here():
        asked, accredited = people["administrator"], factories.user(role=Role.ADMINISTRATOR, works_for=here)
        systems = {
            purpose: factories.client_system(
                school,
                asked_by=asked,
                accredited_by=accredited,
                purpose=purpose,
                feed=1 if purpose == SystemPurpose.FEED else None,
            )
            for purpose in (SystemPurpose.LEAVERS, SystemPurpose.FEED)
        }
    tokens = {purpose: client_fingerprint(factories.client_token(system)) for purpose, system in systems.items()}
    token, other_token = tokens[SystemPurpose.LEAVERS], tokens[SystemPurpose.FEED]
    return Land(place, here, school, people, stranger, invited, token, other_token)


def seen(web: Web) -> set[int]:
    """Whom the connection reads."""
    return {person for (person,) in web.execute(EVERYBODY).fetchall()}


def shown_to(land: Land, actor: Actor) -> set[int]:
    """Whom somebody's session shows."""
    with land.place.connected() as web:
        show_session(web, actor)
        return seen(web)
