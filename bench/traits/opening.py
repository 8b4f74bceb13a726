"""As the examiner: read the traits of all children by their ids, a thousand at a time, and open them."""

import json
import time

import django

django.setup()

from registry.models import ChildTraits  # noqa: E402 - Django first
from registry.traits.values import KEPT  # noqa: E402 - Django first

AT_ONCE = 1000
MICRO = 1e6


def main() -> None:
    ids = list(ChildTraits.objects.order_by("pk").values_list("pk", flat=True))
    begun = time.perf_counter()
    for first in range(0, len(ids), AT_ONCE):
        rows = ChildTraits.objects.filter(pk__in=ids[first : first + AT_ONCE]).values_list(
            "pk", "row_version", "traits"
        )
        for row, version, kept in rows:
            KEPT.open(bytes(kept), row=row, version=version)
    seconds = time.perf_counter() - begun
    print(json.dumps({"opened_microseconds": seconds / len(ids) * MICRO}))


if __name__ == "__main__":
    main()
