"""Whether a user's vetting is complete today, and what is missing when it is not."""

from dataclasses import dataclass
from datetime import date

from access.models import User, UserState, VettingKind


@dataclass(frozen=True, slots=True)
class Lapse:
    """One thing that keeps a user out. `expired_on` is None where it was never there."""

    what: str
    expired_on: date | None = None


def lapses(user: User, *, today: date) -> list[Lapse]:
    """Everything that keeps `user` out today; empty when they may come in. One query, or none if prefetched."""
    found = [] if user.state == UserState.ACTIVE else [Lapse(f"Account: {user.get_state_display().lower()}")]
    if user.organisation.accredited_until < today:
        found.append(Lapse("Accreditation of your organisation", user.organisation.accredited_until))
    expiries = {item.kind: item.expires_on for item in user.vetting_items.all()}
    for kind in VettingKind:
        expires_on = expiries.get(kind)
        if expires_on is None or expires_on < today:
            found.append(Lapse(kind.label, expires_on))
    return found
