"""The telephone call that a mediator is on: for whom they look up, and until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.http import HttpRequest

from access.door.sessions import session_of
from access.models import Role, User
from audit.actors import Colleague


class Standing(StrEnum):
    """Whether anything may be done in a call."""

    LIVE = "live"
    OVER = "over"  # its time is
    STOPPED = "stopped"  # one of the two would not be let in, or not any more


@dataclass(frozen=True, slots=True)
class Call:
    """A call that nobody has ended. `colleague` is who asks."""

    id: int
    colleague: User
    expires_at: datetime
    standing: Standing

    @property
    def name(self) -> str:
        """The colleague's name."""
        opened: str = self.colleague.name.open()
        return opened

    @property
    def in_whose_name(self) -> Colleague | None:
        """What an actor carries while the call lasts."""
        if self.standing != Standing.LIVE:
            return None
        return Colleague(self.id, self.colleague.pk, self.colleague.organisation_id)


def call_of(session_key: str) -> Call | None:
    """The call in the session of that key's fingerprint, as it stands now, unless there is none.

    A mediator who may not come in any more sees nobody, and so is on no call.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, colleague_id, expires_at, standing FROM access_mediation_of(%s)", [session_key])
        row = cursor.fetchone()
    if row is None:
        return None
    call_id, colleague_id, expires_at, standing = row
    colleague = User.objects.filter(pk=colleague_id).first()
    return Call(call_id, colleague, expires_at, Standing(standing)) if colleague else None


def call_in(request: HttpRequest) -> Call | None:
    """The call that the person of this request is on; nobody but a mediator ever is. Asked once a request."""
    if not request.user.is_authenticated or request.user.role != Role.MEDIATOR:
        return None
    if not hasattr(request, "call"):
        request.call = call_of(session_of(request).key_fingerprint)  # type: ignore[attr-defined]
    call: Call | None = request.call  # type: ignore[attr-defined]
    return call
