"""Figures as a table in the terminal and as JSON in a file."""

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

Row = dict[str, Any]


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` of a hundred lie; with a single value, that value."""
    return quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else values[0]


def show(title: str, rows: Sequence[Row], *, notes: Sequence[str] = ()) -> None:
    """Print `rows` as a table whose columns are the keys of the first."""
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    console = Console(width=140)
    console.print(table)
    for note in notes:
        console.print(note)


def write_json(file: Path | None, figures: dict[str, Any]) -> None:
    """Write the figures with the machine they were measured on, where a file was asked for."""
    if file:
        machine = {"python": platform.python_version(), "system": platform.platform()}
        file.write_text(json.dumps({"machine": machine, **figures}, indent=1))


def _text(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
