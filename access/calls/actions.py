"""Taking a call: finding the colleague who asks, and acting in their name until it ends."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from access.models import Role, User, UserState
from access.models.addresses import is_address
from access.models.user import email_fingerprint
from access.people.name_tokens import tokens_asked
from access.people.selectors.people import named
from access.rules.decisions import check_can
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record

MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The colleagues who may be meant, by name: at most ten, or none where there were more."""

    people: list[User]
    too_many: bool = False


@transaction.atomic
def find_colleagues(*, actor: Actor, asked: str) -> Found:
    """Practitioners of the actor's authority with that e-mail address, or with each word of that name. Recorded.

    Those whose access has stopped are among them, so that they can be told so.
    """
    check_can(actor, Permission.CALL_TAKE)
    record(EventKind.PEOPLE_LISTED, About(fields=["colleagues"]), actor=actor)
    people = list(_meant(actor, asked)[: MOST_FOUND + 1])
    if len(people) > MOST_FOUND:
        return Found([], too_many=True)
    return Found(sorted(people, key=lambda person: person.name.open().casefold()))


def colleague_to_help(*, actor: Actor, user_id: int) -> User:
    """The colleague with that id. Raises NotPermittedError, or NotFoundError for somebody out of the actor's reach."""
    check_can(actor, Permission.CALL_TAKE)
    colleague: User | None = _within_reach(actor).filter(pk=user_id).first()
    if colleague is None:
        raise NotFoundError
    return colleague


@transaction.atomic
def begin_call(*, actor: Actor, colleague: User) -> None:
    """Let the actor act in the colleague's name for twenty minutes. Whoever calls has checked the colleague's code.

    A call that the actor was on ends. Raises NoCallError where the colleague may not be helped: the database asks
    whether they would be let in themself, and whose authority they are of.
    """
    check_can(actor, Permission.CALL_TAKE)
    if actor.colleague:
        _end(actor, actor.colleague.user_id)
    record(EventKind.MEDIATION_BEGUN, About(user_id=colleague.pk), actor=actor)
    _tell_database("access_mediation_begin", actor)


def begin_call_by_code(*, actor: Actor, colleague: User, authenticator: Authenticator) -> None:
    """Begin the call of a colleague whose code was checked with that means of theirs. Raises as begin_call does.

    That the means was used stands also where no call begins, as the code is used up.
    """
    authenticator.record_usage()
    begin_call(actor=actor, colleague=colleague)


@transaction.atomic
def end_call(*, actor: Actor, colleague: User) -> None:
    """End the call of that colleague, also one whose time is over. What was at hand in it leads nowhere afterwards."""
    _end(actor, colleague.pk)


def _end(actor: Actor, colleague_id: int) -> None:
    record(EventKind.MEDIATION_ENDED, About(user_id=colleague_id), actor=actor)
    _tell_database("access_mediation_end", actor)


def _tell_database(function: str, actor: Actor) -> None:
    """Have it do what the transaction's own event says."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [actor.session_key])


def _meant(actor: Actor, asked: str) -> QuerySet[User]:
    people = _within_reach(actor)
    if is_address(asked):
        return people.filter(email_fingerprint=email_fingerprint(asked))
    tokens = tokens_asked(asked)
    return people.filter(pk__in=named(tokens)) if tokens else people.none()


def _within_reach(actor: Actor) -> QuerySet[User]:
    """The practitioners whom a mediator may be rung by: those for whose organisations the same authority answers."""
    theirs = Q(organisation=actor.authority_id) | Q(organisation__responsible_authority=actor.authority_id)
    here = (UserState.ACTIVE, UserState.SUSPENDED)
    people: QuerySet[User] = User.objects.filter(theirs, role=Role.PRACTITIONER, state__in=here)
    return people
