"""Attack a stolen registry with public knowledge and no keys, and two common ways of indexing beside it.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.test python -m bench.leakage [--children N] [--json FILE]

It needs no database: tokens are made by the published families from the synthetic England, with keys of this run.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import django

django.setup()

from rich.console import Console  # noqa: E402 - Django first

from bench import tables  # noqa: E402
from bench.leakage import frequency, graph, lengths, levers, patterns, shielded  # noqa: E402
from bench.leakage.graph import Matched  # noqa: E402
from bench.leakage.knowledge import Knowledge  # noqa: E402
from bench.leakage.levers import Levers  # noqa: E402
from bench.leakage.scene import Crime, Scene  # noqa: E402
from bench.leakage.scoring import Row  # noqa: E402
from bench.leakage.stores import Store  # noqa: E402
from bench.leakage.target import Integers, population  # noqa: E402

OVERLAPS = (1.0, 0.8, 0.5)
TRIED = (
    Levers(),
    Levers(fewer_bits=1),
    Levers(fewer_bits=2),
    Levers(fewer_bits=3),
    Levers(padded_to=64),
    Levers(decoys=0.1),
    Levers(decoys=0.25),
    Levers(fewer_bits=2, padded_to=64, decoys=0.25),
)
PADDINGS: dict[str, Callable[[int], int]] = {
    "none": lambda _step: 1,
    "16 bytes": lambda _step: 16,
    "as the registry has it": lambda step: step,
    "twice that": lambda step: 2 * step,
    "four times that": lambda step: 4 * step,
}
_console = Console(stderr=True)


def main() -> None:
    options = _options()
    tables_of = {
        "frequency": lambda: _frequency(options.children, options.seed),
        "households": lambda: _households(options.children, options.seed),
        "graph": lambda: _graph(options.graph_children, options.seed, options.known),
        "lengths": lambda: _lengths(options.children, options.seed),
        "levers": lambda: _levers(options.graph_children, options.seed, options.known),
        "shielded": lambda: shielded.siblings(population(options.children, options.seed)),
        "shielded found": lambda: shielded.recall(population(options.children, options.seed), Random(options.seed)),
    }
    written: dict[str, list[Row]] = {}
    for name in options.only or tables_of:
        written[name] = tables_of[name]()
        tables.show(_title(name, options), written[name], notes=NOTES[name])
        tables.write_json(
            options.json, {"options": {key: str(value) for key, value in vars(options).items()}} | written
        )


NOTES = {
    "frequency": [
        "The thief has exact statistics of the stolen population: an upper bound on what public ones give.",
        "'Commonest everywhere' looks at nothing: what it has right, anybody has.",
    ],
    "households": ["Needs no knowledge: rows that share several rare values. It tells who lives together, not who."],
    "graph": [
        "An overlap of 80% means that of those whom the thief knows four fifths are in the registry.",
        "Children known before are not counted.",
    ],
    "lengths": ["Guesses from lengths and counts of the summary, names and addresses of a child; no tokens."],
    "shielded": ["All children are taken for shielded: how many share a token with a sibling, were both of them."],
    "shielded found": [
        f"Up to {shielded.SEARCHES:,} searches of each kind, by visible fields alone, each for another child."
    ],
    "levers": [
        "Candidates: opened for both names and the date, all right; and for both names and an age, in all stages."
    ],
}


def _title(name: str, options: argparse.Namespace) -> str:
    children = options.graph_children if name in {"graph", "levers"} else options.children
    return f"{name.capitalize()}, {children:,} children"


def _frequency(children: int, seed: int) -> list[Row]:
    rows = []
    for crime in Scene(children, seed).crimes():
        count = len(crime.store.columns)
        attacks: dict[str, Callable[[Store, Knowledge], Integers]] = {
            "commonest everywhere": frequency.commonest_everywhere,
            "rank": frequency.rank,
            **{
                f"multinomial, {columns} column{'s'[: columns > 1]}": partial(frequency.multinomial, columns=columns)
                for columns in sorted({min(2, count), count})
            },
            "pairs of values": patterns.pairs,
        }
        rows += [_attacked(name, crime, attack) for name, attack in attacks.items()]
    return rows


def _households(children: int, seed: int) -> list[Row]:
    rows = []
    for crime in Scene(children, seed).crimes():
        with _said("households", crime):
            rows.append({"store": crime.store.name, **crime.truth.households(patterns.linked(crime.store))})
    return rows


def _graph(children: int, seed: int, known: int) -> list[Row]:
    rows = []
    scene = Scene(children, seed)
    for overlap in OVERLAPS:
        for crime in scene.crimes(overlap=overlap):
            name = f"graph, {overlap:.0%}"
            rows.append(_attacked(name, crime, graph.match))
            rows.append(_attacked_by_one_who_knows(f"{name}, knows {known:,}", crime, crime.known(known, Random(seed))))
    return rows


def _lengths(children: int, seed: int) -> list[Row]:
    scene = Scene(children, seed)
    rows: list[Row] = []
    for name, padding in PADDINGS.items():
        stolen = lengths.of(scene.people, padding)
        guess = lengths.guessed(stolen, stolen, scene.attributes)
        told = lengths.told(stolen)
        recovered = scene.truth_in_order().recovered(guess)
        rows.append(
            {
                "padding": name,
                "kinds": told.kinds,
                "alone %": round(100 * told.alone, 3),
                "bits told": round(told.bits, 2),
                "bytes a child": round(told.stored),
                **{key: round(value, 3) for key, value in recovered.items()},
            }
        )
    return rows


def _levers(children: int, seed: int, known: int) -> list[Row]:
    scene = Scene(children, seed)
    rows = []
    for each in TRIED:
        crime = scene.tokens(each, overlap=0.8)
        cost = levers.cost(scene.people, each, Random(seed))
        alone = _attacked("graph", crime, graph.match)
        knowing = _attacked_by_one_who_knows("known", crime, crime.known(known, Random(seed)))
        rows.append(
            {
                "fewer bits": each.fewer_bits,
                "padded to": each.padded_to,
                "decoys": f"{each.decoys:.0%}",
                **cost,
                "graph at 80%, both names %": alone["both names %"],
                f"knows {known:,}, both names %": knowing["both names %"],
                **crime.truth.households(patterns.linked(crime.store)),
            }
        )
    return rows


def _attacked(
    name: str, crime: Crime, attack: Callable[[Store, Knowledge], Integers], without: Integers | None = None
) -> Row:
    with _said(name, crime):
        recovered = crime.truth.recovered(attack(crime.store, crime.knowledge), without)
    return {"attack": name, "store": crime.store.name, **{key: round(each, 3) for key, each in recovered.items()}}


def _attacked_by_one_who_knows(name: str, crime: Crime, given: Matched) -> Row:
    return _attacked(name, crime, partial(graph.match, known=given), without=given.rows)


@contextmanager
def _said(name: str, crime: Crime) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    _console.print(f"{name} on {crime.store.name}: {time.perf_counter() - begun:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=100_000, help="for frequencies, households and lengths")
    parser.add_argument("--graph-children", type=int, default=10_000, help="for graphs and levers, which take longer")
    parser.add_argument("--known", type=int, default=1_000, help="how many children a thief knows by sight")
    parser.add_argument("--seed", type=int, default=1, help="which England, and whom the thief knows")
    parser.add_argument("--only", action="append", choices=list(NOTES), help="one table alone; may be repeated")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
