"""A user's traits: of the name and the telephone number that they gave, and of the homes that they told as their own.

For the worker, which keeps them up to date.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from access.models import OwnHome, User
from access.people.traits import Home, PersonTraits
from registry.traits import prints
from registry.traits.filing import put_users

AT_ONCE = 500
# Locked as they are read: somebody who changes meanwhile waits, and is out of date the next time.
OUT_OF_DATE = """
    SELECT person.id FROM access_user AS person
    LEFT JOIN access_usertraits AS traits ON traits.user_id = person.id
    LEFT JOIN (SELECT user_id, count(*) AS told FROM access_ownhome GROUP BY user_id) AS homes
        ON homes.user_id = person.id
    WHERE person.id > %s AND (
        %s OR traits.user_id IS NULL OR traits.row_version <> person.row_version
            OR traits.homes_told < coalesce(homes.told, 0)
    )
    ORDER BY person.id LIMIT %s FOR UPDATE OF person SKIP LOCKED
"""


def keep_up_to_date(*, all_of_them: bool = False) -> int:
    """Make the traits of those users whose are missing or out of date, or of all. Returns of how many."""
    made = last = 0
    while ids := _make_some(last, all_of_them=all_of_them):
        made, last = made + len(ids), ids[-1]
    return made


def traits_of(name: str, telephone: str | None, homes: Sequence[Home] = ()) -> PersonTraits:
    """What can be compared of a user of that name, in one line, with that number and those homes."""
    given, family = prints.apart(name)
    return PersonTraits(
        family=prints.family(family),
        whole=prints.whole(given, family),
        telephones=(prints.telephone(telephone),) if telephone else (),
        homes=tuple(dict.fromkeys(each.home for each in homes if each.home)),
        postcodes=tuple(dict.fromkeys(each.postcode for each in homes)),
        near=tuple(dict.fromkeys(each.near for each in homes)),
    )


@transaction.atomic
def _make_some(after: int, *, all_of_them: bool) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_DATE, [after, all_of_them, AT_ONCE])
        ids = [user_id for (user_id,) in cursor.fetchall()]
    put_users(_made(ids))
    return ids


def _made(ids: list[int]) -> Iterator[tuple[int, int, int, PersonTraits]]:
    told: dict[int, list[Home]] = defaultdict(list)
    for row in OwnHome.objects.filter(user__in=ids).order_by("pk"):
        told[row.user_id].append(Home(*row.prints.open()))
    for user in User._base_manager.filter(pk__in=ids):
        homes = told[user.pk]
        yield user.pk, user.row_version, len(homes), traits_of(user.name.open(), user.telephone.open(), homes)
