"""Find the children of a synthetic England again with what people get wrong: recall and time, by kind of mistake.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.search --children N [--json FILE]

Against the England that the state directory holds: of `manage.py make_england --children N`, or of `make demo`. Truth
comes from the generator. Each question goes through the whole service as a signed-in practitioner of the web role asks
it: form, results, both events written and committed. Where the machine has a PostgreSQL with pg_trgm, the same
questions are put to plain text in the same run.
"""

import argparse
import os
from collections.abc import Iterable, Sequence
from math import ceil
from pathlib import Path
from random import Random

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from bench import people  # noqa: E402
from bench.search import asking, febrl, kinds, population, rival, steady, truth  # noqa: E402
from bench.search.asking import Outcome  # noqa: E402
from bench.search.figures import Judged  # noqa: E402
from bench.search.kinds import Kind  # noqa: E402
from bench.search.report import Report  # noqa: E402
from bench.search.truth import England, Question  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.processes import progress  # noqa: E402
from registry.search import index  # noqa: E402

MOST_LOOKED_AT = 400_000


def main() -> None:
    options = _options()
    if options.febrl:
        febrl.run(options.febrl, options.json)
        return
    random = Random(options.seed)
    index.tokeniser()  # read once in the life of a process
    country = truth.england(options.children, options.england_seed)
    each = ceil(options.warm_up / len(kinds.SINGLE_ERRORS))
    warming = _questions(country, kinds.SINGLE_ERRORS, each, random)
    by_kind = _questions(country, kinds.KINDS, options.queries, random)
    of_origins, met = truth.by_origin(
        country.random_children(random),
        kinds.SINGLE_ERRORS,
        each=options.per_origin,
        most=MOST_LOOKED_AT,
        today=timezone.localdate(),
        random=random,
    )
    questions = [*by_kind, *of_origins]
    report = Report(options)
    with people.unlimited():
        outcomes = _ask(questions, warming, random, options.users_file)
        report.times(outcomes[: len(by_kind)])
        report.sizes()
        report.steady(_search_steadily(outcomes[: len(by_kind)], random, options))
    found = None if options.no_rival else rival.programs(options.children)
    # Only now: it takes memory that ours would miss.
    with rival.server(found) as address:
        others = population.others_who_fit(questions, rival_address=address, processes=options.processes)
        judged = [Judged(*pair) for pair in zip(outcomes, others, strict=True)]
        report.found(judged[: len(by_kind)])
        report.origins(judged[len(by_kind) :], met)
        if found:
            report.rival(judged[: len(by_kind)], warming, found, address)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=20_000, help="how many the England was made with")
    parser.add_argument("--england-seed", type=int, default=SEED, help="the seed that it was made with")
    parser.add_argument("--queries", type=int, default=300, help="questions of each kind")
    parser.add_argument("--per-origin", type=int, default=200, help="questions for each origin of names; 0 for none")
    parser.add_argument("--warm-up", type=int, default=200, help="searches before the first that counts")
    parser.add_argument("--rival-queries", type=int, default=100, help="of each kind, how many are put to plain text")
    parser.add_argument("--no-rival", action="store_true", help="leave plain text out")
    parser.add_argument("--steady-seconds", type=float, default=20, help="how long to search without a pause; or 0")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="that read and search at once")
    parser.add_argument("--seed", type=int, default=1, help="which children are asked for, and what is typed wrong")
    parser.add_argument("--users-file", type=Path, default=state.directory() / "users.json")
    parser.add_argument("--febrl", type=Path, help="judge by the data sets of this directory alone")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _questions(country: England, wanted: Iterable[Kind], each: int, random: Random) -> list[Question]:
    children = country.random_children(random)
    return truth.questions(children, wanted, each=each, most=MOST_LOOKED_AT, today=timezone.localdate(), random=random)


def _ask(questions: Sequence[Question], warming: Sequence[Question], random: Random, users_file: Path) -> list[Outcome]:
    """All of them in random order, so that no kind finds another's pages read already. They come back in their own."""
    order = random.sample(range(len(questions)), len(questions))
    outcomes: dict[int, Outcome] = {}
    with people.browser(users_file) as browser, asking.practitioner(browser) as one, progress() as shown:
        for question in warming:
            one.ask(question)
        bar = shown.add_task("Searching", total=len(order))
        for place in order:
            outcomes[place] = one.ask(questions[place])
            shown.advance(bar)
    return [outcomes[place] for place in range(len(questions))]


def _search_steadily(outcomes: Sequence[Outcome], random: Random, options: argparse.Namespace) -> list[steady.Steady]:
    """The whole view without a pause, and the action that it calls: kinds mixed as they come, and all alike."""
    if not options.steady_seconds:
        return []
    taken = [outcome.question for outcome in outcomes if not outcome.refused]
    shares = {kind.name: kind.share for kind in kinds.KINDS}
    mixed = {
        "as they come": random.choices(taken, [shares[question.kind] for question in taken], k=len(taken)),
        "alike": random.sample(taken, len(taken)),
    }
    loads = [
        steady.Load(how, some, options.users_file, options.processes, options.steady_seconds)
        for how, some in mixed.items()
    ]
    return [steady.measure(load, whole_view=whole_view) for load in loads for whole_view in (True, False)]


if __name__ == "__main__":
    main()
