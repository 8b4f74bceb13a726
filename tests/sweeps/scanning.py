"""Everything that is kept anywhere, searched for the traces of canaries."""

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.sweeps.canaries import Canary


@dataclass(frozen=True, order=True)
class Finding:
    """A canary where it must not be."""

    place: str
    label: str
    encoding: str

    def __str__(self) -> str:
        return f"{self.place} holds {self.label} ({self.encoding})"


def search(places: dict[str, Path], canaries: Iterable[Canary]) -> set[Finding]:
    """Find every canary in the files of every place. Letters count as the same in either case.

    Uses grep: of the programs that every machine has it is the one that looks for thousands of byte strings in one
    pass over gigabytes. Traces that differ only in case are told apart by no one, and need not be.
    """
    meanings: dict[bytes, set[tuple[str, str]]] = {}
    for canary in canaries:
        for trace, encoding in canary.traces():
            meanings.setdefault(trace.lower(), set()).add((canary.label, encoding))
    found: set[Finding] = set()
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(meanings))
        patterns.flush()
        for place, path in places.items():
            for trace in _occurring(path, patterns.name):
                found |= {Finding(place, label, encoding) for label, encoding in meanings[trace]}
    return found


def _occurring(path: Path, patterns: str) -> set[bytes]:
    """Which of the patterns occur in the file or in any file below the directory."""
    command = ["grep", "--only-matching", "--no-filename", "--text", "--ignore-case", "--fixed-strings", "--recursive"]
    finished = subprocess.run(
        [*command, f"--file={patterns}", str(path)], capture_output=True, env={"LC_ALL": "C"}, check=False
    )
    if finished.returncode > 1:
        raise RuntimeError(f"grep could not search {path}: {finished.stderr.decode()}")
    return {line.lower() for line in finished.stdout.split(b"\n") if line}
