"""The data files beside this package. Their sources are in data/README.md."""

import csv
import json
from importlib.resources import files
from typing import Any

_FOLDER = files("registry.demonstration") / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file with a header line."""
    return list(csv.DictReader(_FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()))


def document(name: str) -> Any:
    """The content of a JSON file."""
    return json.loads(_FOLDER.joinpath(name).read_text(encoding="utf-8"))
