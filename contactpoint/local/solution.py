"""`python -m contactpoint.local.solution`: who misused the service in the demonstration's weeks of use, and how."""

import sys
from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from contactpoint.local import state, weeks
from contactpoint.local.errors import LocalError
from review.simulation.labels import Labels, read

console = Console(highlight=False)


def main(directory: Path) -> None:
    """Print them, those of whom most was made first. Raises LocalError where there are no such weeks."""
    file = directory / weeks.FILE
    if not file.exists():
        raise LocalError("There are no weeks of use to solve anything of. Run `make demo` first.")
    console.print(_table(read(file)))
    console.print("Which kind is which: docs/simulated-year.md. Everybody else worked honestly.")


def _table(labels: Labels) -> Table:
    events = Counter(label.user_id for label in labels.events.values())
    table = Table("Person", "Role", "Kind of misuse", box=box.SIMPLE, pad_edge=False)
    table.add_column("Events", justify="right")
    for user_id, number in events.most_common():
        person = labels.people[user_id]
        table.add_row(f"{person.given} {person.name}", person.role, person.misuse, f"{number:,}")
    return table


if __name__ == "__main__":
    try:
        main(state.directory())
    except LocalError as error:
        sys.exit(str(error))
