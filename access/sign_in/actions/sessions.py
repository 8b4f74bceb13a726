"""Ending one's own sessions in other browsers."""

from django.db import transaction

from access.door import sessions
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


@transaction.atomic
def sign_out_elsewhere(*, actor: Actor, session_id: int | None = None) -> int:
    """End the actor's other session of that id, or all their others. Returns how many: none where it had ended already.

    The session that asks stays, and nobody else's can be named.
    """
    theirs = [each.id for each in sessions.all_of_same_person(actor.session_key) if not each.here]
    ending = [each for each in theirs if session_id in (None, each)]
    if not ending:
        return 0
    record(EventKind.SESSION_ENDED, About(user_id=actor.user_id, fields=[str(each) for each in ending]), actor=actor)
    return len(sessions.end_named(actor.session_key))
