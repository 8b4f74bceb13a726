"""Everything that is kept anywhere, searched for the traces of canaries."""

import re
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.sweeps.canaries import Canary

# A digest stands by itself: in a column, a key, a word of a log. The dump writes binary columns in hexadecimal.
DIGESTS = (re.compile(rb"[0-9A-Fa-f]{32,}"), re.compile(rb"[A-Za-z0-9+/_-]{22,}"))
GREP = ("grep", "--only-matching", "--no-filename", "--text", "--ignore-case", "--fixed-strings", "--recursive")


@dataclass(frozen=True, order=True)
class Finding:
    """A canary where it must not be."""

    place: str
    label: str
    encoding: str

    def __str__(self) -> str:
        return f"{self.place} holds {self.label} ({self.encoding})"


Meanings = dict[bytes, set[tuple[str, str]]]


def search(places: dict[str, Path], canaries: Iterable[Canary]) -> set[Finding]:
    """Find every canary in the files of every place. Letters count as the same in either case."""
    traces: Meanings = {}
    digests: Meanings = {}
    for canary in canaries:
        for trace, encoding in canary.traces().items():
            traces.setdefault(trace.lower(), set()).add((canary.label, encoding))
        for digest, encoding in canary.digests().items():
            digests.setdefault(digest.lower(), set()).add((canary.label, encoding))
    found: set[Finding] = set()
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(traces))
        patterns.flush()
        for place, path in places.items():
            meanings = [traces[trace] for trace in _occurring(path, patterns.name)]
            meanings += [digests[digest] for digest in _digests_in(path) & digests.keys()]
            found |= {Finding(place, *meaning) for several in meanings for meaning in several}
    return found


def _occurring(path: Path, patterns: str) -> set[bytes]:
    """Which of the patterns occur in the file or in any file below the directory.

    Uses grep: of the programs that every machine has it is the one that looks for thousands of byte strings in one
    pass.
    """
    finished = subprocess.run(
        [*GREP, f"--file={patterns}", str(path)], capture_output=True, env={"LC_ALL": "C"}, check=False
    )
    if finished.returncode > 1:
        raise RuntimeError(f"grep could not search {path}: {finished.stderr.decode()}")
    return {line.lower() for line in finished.stdout.split(b"\n") if line}


def _digests_in(path: Path) -> set[bytes]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    contents = [file.read_bytes() for file in files]
    return {word.lower() for content in contents for like in DIGESTS for word in like.findall(content)}
