"""Benchmarks of feeds: `python -m bench.feeds --only matching [--json FILE]`.

DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.feeds --only matching
"""

import argparse
from pathlib import Path

import django

django.setup()

from bench import tables  # noqa: E402 - Django first
from bench.feeds import matching  # noqa: E402

PARTS = {"matching": matching}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, required=True, help="what is measured")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    for part in PARTS.values():
        part.options(parser)
    told = parser.parse_args()
    tables.write_json(told.json, PARTS[told.only].run(told))


if __name__ == "__main__":
    main()
