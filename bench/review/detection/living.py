"""Step, as the owner: a simulated year with each kind of misuse, written into the log. Prints nothing.

python -m bench.review.detection.living FOLDER USERS DAYS SEED SHARE

Homes are kept as `registry.actions.homes` keeps those that people tell.
"""

import json
import sys
from contextlib import redirect_stdout

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django first

from access.models import OwnHome  # noqa: E402
from registry.traits import prints  # noqa: E402
from review.simulation.homes import home_told  # noqa: E402


def main() -> None:
    folder, users, days, seed, share = sys.argv[1:]
    home_told.connect(_keep)
    options = [f"--labels={folder}/labels", f"--users={users}", f"--days={days}", f"--seed={seed}", f"--misuse={share}"]
    with redirect_stdout(sys.stderr):
        call_command("simulate_year", *options, "--each-kind", stdout=sys.stderr)
    print(json.dumps(None))


def _keep(*, user_id: int, lines: tuple[str, ...], postcode: str, **_: object) -> None:
    home = prints.home(", ".join(lines), postcode)
    if home.postcode:
        OwnHome(user_id=user_id, prints=(home.home, home.postcode, home.near)).save()


if __name__ == "__main__":
    main()
