"""Step, as the owner: a simulated year with each kind of misuse, written into the log. Prints nothing.

python -m bench.review.detection.living FOLDER USERS DAYS SEED SHARE
"""

import json
import sys
from contextlib import redirect_stdout

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django first


def main() -> None:
    folder, users, days, seed, share = sys.argv[1:]
    options = [f"--labels={folder}/labels", f"--users={users}", f"--days={days}", f"--seed={seed}", f"--misuse={share}"]
    with redirect_stdout(sys.stderr):
        call_command("simulate_year", *options, "--each-kind", stdout=sys.stderr)
    print(json.dumps(None))


if __name__ == "__main__":
    main()
