"""A user's traits: of the name and the telephone number that they gave. For the worker, which keeps them up to date."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from access.models import User, UserTraits
from access.people.traits import PersonTraits
from registry.traits import prints
from registry.traits.filing import put_users

AT_ONCE = 500


def keep_up_to_date() -> int:
    """Make the traits of those users whose are missing, or whose row changed since. Returns of how many."""
    made = 0
    while count := _make_some():
        made += count
    return made


def traits_of(name: str, telephone: str | None) -> PersonTraits:
    """What can be compared of a user of that name, in one line, and that number."""
    given, family = prints.apart(name)
    return PersonTraits(
        family=prints.family(family),
        whole=prints.whole(given, family),
        telephones=(prints.telephone(telephone),) if telephone else (),
    )


@transaction.atomic
def _make_some() -> int:
    known = UserTraits.objects.filter(user=OuterRef("pk"), row_version=OuterRef("row_version"))
    users = User._base_manager.filter(~Exists(known)).order_by("pk")
    some = list(users.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    put_users(_made(some))
    return len(some)


def _made(users: list[User]) -> Iterator[tuple[int, int, PersonTraits]]:
    for user in users:
        yield user.pk, user.row_version, traits_of(user.name.open(), user.telephone.open())
