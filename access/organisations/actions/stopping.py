"""Emergency stops of one person, of one organisation's people, of the whole service. From a page or the shell."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from access.door import sessions
from access.models import Stop, StopReason, StopScope
from access.people.actions.steps import person_of
from access.rules import grants
from access.rules.administering import organisation_to_administer, user_to_administer
from access.rules.decisions import check_can
from access.rules.errors import NotPermittedError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record

STOPPED_ALREADY = "This is stopped already."


@transaction.atomic
def stop(*, actor: Actor | Process, scope: StopScope, target: int | None, reason: StopReason) -> Stop:
    """Refuse everybody concerned from their next request on. `target`: the id of the user or organisation.

    Raises NotAdministeredError, NotPermittedError, OwnCaseError, and WrongStateError where it is stopped already.
    """
    _check_may(actor, scope, target)
    if _live(scope, target).exists():
        raise WrongStateError(STOPPED_ALREADY)
    record(EventKind.STOP_BEGUN, _about(scope, target, reason), actor=actor)
    stopped = Stop(
        scope=scope,
        user_id=target if scope == StopScope.USER else None,
        organisation_id=target if scope == StopScope.ORGANISATION else None,
        reason=reason,
        begun_by_id=person_of(actor),
        begun_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            stopped.save()
    except IntegrityError as error:  # somebody stopped it in this very moment
        raise WrongStateError(STOPPED_ALREADY) from error
    if scope == StopScope.USER and target is not None:
        sessions.end_all_of(target)
    return stopped


@transaction.atomic
def lift(*, actor: Actor | Process, scope: StopScope, target: int | None) -> None:
    """Let them go on. That of an organisation or of the service is lifted by another person than began it.

    Raises NotAdministeredError, NotPermittedError, OwnCaseError, and WrongStateError where nothing is stopped.
    """
    _check_may(actor, scope, target)
    begun = _live(scope, target).select_for_update().first()
    if begun is None:
        raise WrongStateError("This is not stopped, or not any more.")
    if scope != StopScope.USER and begun.begun_by_id is not None and begun.begun_by_id == person_of(actor):
        raise OwnCaseError
    record(EventKind.STOP_LIFTED, _about(scope, target, begun.reason), actor=actor)
    _live(scope, target).update(lifted_by_id=person_of(actor), lifted_at=timezone.now())


def may_stop_service(actor: Actor) -> bool:
    """Whether the actor may stop the whole service, and let it go on."""
    return grants.held(actor.user_id, grants.STOP_SERVICE, today=timezone.localdate()).exists()


def _live(scope: StopScope, target: int | None) -> QuerySet[Stop]:
    live = Stop.objects.filter(scope=scope, lifted_at=None)
    if scope == StopScope.SERVICE or target is None:
        return live
    return live.filter(user_id=target) if scope == StopScope.USER else live.filter(organisation_id=target)


def _about(scope: StopScope, target: int | None, reason: str) -> About:
    if scope == StopScope.ORGANISATION:
        return About(fields=[scope, str(target)], reason=reason)
    return About(user_id=target, fields=[scope], reason=reason)


def _check_may(actor: Actor | Process, scope: StopScope, target: int | None) -> None:
    if isinstance(actor, Actor):
        check_can(actor, Permission.SERVICE_STOP)
    if scope == StopScope.SERVICE:
        if isinstance(actor, Actor) and not may_stop_service(actor):
            raise NotPermittedError
    elif scope == StopScope.ORGANISATION:
        organisation_to_administer(actor, target or 0)
    else:
        user_to_administer(actor, target or 0)
