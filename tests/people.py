"""People as the tests look at them: as the owner, since the web role sees those whom the session it shows may see."""

from access.models import User
from tests.conftest import as_owner_here


def one(**wanted: object) -> User:
    """The one person who matches, as they stand now."""
    with as_owner_here():
        found: User = User.objects.get(**wanted)
    return found


def everybody(**wanted: object) -> list[User]:
    """Those who match, in the order in which they came."""
    with as_owner_here():
        return list(User.objects.filter(**wanted).order_by("pk"))
