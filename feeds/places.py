"""Which organisations rows name: by URN or ODS code, or a school by authority and establishment number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db.models import Q

from access.models import Organisation
from feeds.rows import Row


def places_of(rows: Iterable[Row], known: Mapping[str, Organisation] = MappingProxyType({})) -> dict[str, Organisation]:
    """The organisations that rows name, by the code by which they are named. Public directory facts.

    Of those that are `known` it does not ask again.
    By authority and establishment number the one that is open: a school that becomes an academy may keep that number
    and gets another URN. Where two are open, nobody can say which is meant.
    """
    named = {each.directory_code for row in rows for each in row.attendances}
    there = {code: known[code] for code in named & known.keys()}
    codes = named - known.keys()
    if not codes:
        return there
    found = list(Organisation.objects.filter(Q(directory_code__in=codes) | Q(transfer_code__in=codes)))
    open_now = [each for each in found if each.closed_on is None]
    times = Counter(each.transfer_code for each in open_now)
    by_transfer = {each.transfer_code: each for each in open_now if times[each.transfer_code] == 1}
    by_code = by_transfer | {each.directory_code: each for each in found}
    return there | {code: by_code[code] for code in codes if code in by_code}
