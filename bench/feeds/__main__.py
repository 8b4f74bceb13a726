"""Benchmarks of feeds, one part at a time.

DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.feeds PART [--json FILE]
"""

import argparse
from pathlib import Path

import django

django.setup()

from bench import tables  # noqa: E402 - Django first
from bench.feeds import directories, killed, matching, reading, taking, together  # noqa: E402

PARTS = {
    "directories": directories,
    "killed": killed,
    "matching": matching,
    "reading": reading,
    "taking": taking,
    "together": together,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name, part in PARTS.items():
        of_part = parts.add_parser(name, help=(part.__doc__ or "").partition("\n")[0])
        of_part.add_argument("--json", type=Path, help="write the figures to this file too")
        part.options(of_part)
    told = parser.parse_args()
    tables.write_json(told.json, PARTS[told.part].run(told))


if __name__ == "__main__":
    main()
