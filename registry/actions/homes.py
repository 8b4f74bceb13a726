"""One's own home, told so that look-ups of neighbours are noticed: kept as fingerprints, and never as an address."""

from django.db import transaction

from access.models import OwnHome
from access.rules.errors import WrongStateError
from audit.actors import Actor
from registry.traits import prints

MOST_TOLD = 10
TOO_MANY = f"You have told {MOST_TOLD} homes, which is the most that we keep. You need do nothing more."


def homes_told(*, actor: Actor) -> int:
    """How many homes the actor has told. Which ones nobody can read, the actor neither."""
    return OwnHome.objects.filter(user=actor.user_id).count()


@transaction.atomic
def tell_home(*, actor: Actor, lines: str, postcode: str) -> None:
    """Keep the fingerprints of a home of the actor's beside those that they told before, which they may have left.

    No event: it opens nothing, and takes nothing away. Raises WrongStateError where they told too many.
    """
    if homes_told(actor=actor) >= MOST_TOLD:
        raise WrongStateError(TOO_MANY)
    keep_home(actor.user_id, lines, postcode)


def keep_home(user_id: int, lines: str, postcode: str) -> None:
    """Keep the fingerprints of that home as one of the user's."""
    home = prints.home(lines, postcode)
    OwnHome(user_id=user_id, prints=(home.home, home.postcode, home.near)).save()
