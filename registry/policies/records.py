"""Who may do what with a child's record: the only doors to one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from access.models import Organisation, OrganisationKind
from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, NotPermittedError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import Mistake
from audit.recorder import About, record_first
from audit.tickets import Ticket
from encryption.tokens import fingerprint
from registry.models import Involvement
from registry.rules.basis import wants_basis
from registry.shown import ShownChild, read_child
from registry.values import InvolvementDetails
from registry.vocabulary import SENSITIVE_SERVICES, Service

SERVICES_OF: dict[OrganisationKind, tuple[Service, ...]] = {
    OrganisationKind.AUTHORITY: (
        Service.SOCIAL_CARE,
        Service.EARLY_HELP,
        Service.EDUCATION_WELFARE,
        Service.EDUCATIONAL_PSYCHOLOGY,
        Service.EDUCATED_ELSEWHERE,
    ),
    OrganisationKind.SCHOOL: (Service.SCHOOL,),
    OrganisationKind.EARLY_YEARS: (Service.EARLY_YEARS,),
    OrganisationKind.GP_PRACTICE: (Service.GP,),
    OrganisationKind.COMMUNITY_HEALTH: (
        Service.HEALTH_VISITING,
        Service.SCHOOL_NURSING,
        Service.SPEECH_THERAPY,
    ),
    OrganisationKind.HOSPITAL: (Service.HOSPITAL, Service.SPEECH_THERAPY),
    OrganisationKind.POLICE: (Service.POLICE,),
    OrganisationKind.YOUTH_JUSTICE: (Service.YOUTH_JUSTICE,),
    OrganisationKind.HOUSING: (Service.HOUSING,),
    OrganisationKind.CHARITY: (Service.VOLUNTARY,),
    OrganisationKind.SEXUAL_HEALTH: (Service.SEXUAL_HEALTH,),
    OrganisationKind.MENTAL_HEALTH: (Service.MENTAL_HEALTH,),
    OrganisationKind.SUBSTANCE_MISUSE: (Service.SUBSTANCE_MISUSE,),
}


def services_of(organisation: Organisation) -> tuple[Service, ...]:
    """The services that an organisation can record, by its kind."""
    return SERVICES_OF[OrganisationKind(organisation.kind)]


def mistakes_of(service: Service) -> tuple[Mistake, ...]:
    """What may be said to be wrong with an involvement; that it had no ground, where it needed one."""
    return tuple(each for each in Mistake if each != Mistake.NO_BASIS or wants_basis(service))


def check_may_search(actor: Actor) -> None:
    """Raise NotPermittedError unless the actor may search."""
    check_can(actor, Permission.CHILD_SEARCH)


def check_may_open(actor: Actor) -> None:
    """Raise NotPermittedError unless the actor may open records."""
    check_can(actor, Permission.CHILD_OPEN)


def child_to_open(ticket: Ticket, child_id: int) -> ShownChild:
    """The child whom the ticket's event names as shown or opened. Raises NotFoundError."""
    child = read_child(ticket)
    if child is None:
        raise NotFoundError(child_id=child_id)
    return child


@contextmanager
def child_to_keep(actor: Actor, child_id: int) -> Iterator[ShownChild]:
    """The child, with whom the actor's organisation may record an involvement, locked until the block ends.

    The block is one transaction. That the involvements are read to change one is recorded before it, and what is
    changed within. Of a shielded child nobody records one here: the management team does. Raises NotPermittedError or
    NotFoundError.
    """
    check_can(actor, Permission.INVOLVEMENT_KEEP)
    ticket = record_first(EventKind.INVOLVEMENT_READ, About(child_id=child_id), actor=actor)
    with transaction.atomic():
        _lock(child_id)
        child = read_child(ticket)
        if child is None:
            raise NotFoundError(child_id=child_id)
        if child.shielded:
            raise NotPermittedError(child_id=child_id)
        yield child


def own_involvement(actor: Actor, child: ShownChild, involvement_id: int) -> Involvement:
    """The involvement, if it is of the actor's own organisation.

    Raises NotFoundError where this child has none that the actor may know of, NotPermittedError where it is another's.
    """
    child_id = child.child.pk
    involvement = next((each for each in child.involvements if each.pk == involvement_id), None)
    if involvement is None:
        raise NotFoundError(child_id=child_id)
    details: InvolvementDetails = involvement.details.open()
    if details.organisation_id == actor.organisation_id:
        return involvement
    # "Not permitted" would say that there is one.
    raise (NotFoundError if details.service in SENSITIVE_SERVICES else NotPermittedError)(child_id=child_id)


def _lock(child_id: int) -> None:
    """Let one writer at a time change this child's rows, until the transaction ends.

    An advisory lock: to lock the row itself the web role would need the right to change it. Locks can be listed by
    anybody who connects, so that it does not have the child's id.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock_of(child_id)])


def lock_of(child_id: int) -> int:
    """The number of the lock under which a child's rows are changed: 64 bits that do not tell whose it is."""
    return int.from_bytes(fingerprint("lock of a child", str(child_id))[:8], "big", signed=True)
