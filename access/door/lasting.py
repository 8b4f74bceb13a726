"""Until when somebody stays signed in, as each page says it and its script asks it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import HttpRequest
from django.utils import timezone

from access.door.actors import user_of
from access.door.sessions import session_of
from access.rules.vetting import may_enter


class Standing(StrEnum):
    """What a session is good for."""

    LIVE = "live"
    STOPPED = "stopped"  # its person is signed in, and may not come in today
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Lasting:
    """`id` tells one session of a browser from the next. Seconds are counted from now."""

    id: int
    standing: Standing
    ends_at: datetime
    longest_until: datetime

    @property
    def seconds(self) -> int:
        """How long it lasts if nothing more is asked for."""
        return _seconds_until(self.ends_at)

    @property
    def longest_seconds(self) -> int:
        """How long it lasts whatever its person does."""
        return _seconds_until(self.longest_until)


def lasting(request: HttpRequest) -> Lasting | None:
    """How long the session of this request lasts; None where nobody is signed in."""
    if not request.user.is_authenticated or not user_of(request).is_active:
        return None
    session = session_of(request)
    enters = may_enter(user_of(request), today=timezone.localdate())
    standing = Standing.LIVE if enters else Standing.STOPPED
    return Lasting(session.row_id or 0, standing, session.ends_at, session.longest_until)


def _seconds_until(moment: datetime) -> int:
    return max(0, round((moment - timezone.now()).total_seconds()))
