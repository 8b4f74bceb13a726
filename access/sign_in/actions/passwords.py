"""Changing one's own password."""

from django.db import transaction

from access.door import sessions
from access.models import NoticeKind, User
from access.sign_in.notices import notify
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


@transaction.atomic
def change_password(*, actor: Actor, user: User, password: str) -> None:
    """Have the user, who is the actor, sign in with this password from now on, and told so. Their other sessions end.

    It has been checked by whoever calls, and so have the old one and their second factor.
    """
    record(EventKind.USER_PASSWORD_CHANGED, About(user_id=user.pk), actor=actor)
    notify(user.pk, NoticeKind.PASSWORD)
    user.keep_password(password)
    sessions.end_others(actor.session_key)
