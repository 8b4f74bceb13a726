"""The directory of GP practices read, taken in, taken in again and closed: one step. Prints one line of JSON."""

import hashlib
import io
import json
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from access.models import Organisation, OrganisationKind  # noqa: E402
from bench.tables import Row  # noqa: E402
from feeds.readers.directories import READERS, Directory  # noqa: E402
from feeds.worker import answering, directories  # noqa: E402

CODE = "E08000009"


def main() -> None:
    content = Path(sys.argv[1]).read_bytes()
    Organisation.objects.create(
        name="Measured council",
        kind=OrganisationKind.AUTHORITY,
        directory_code=CODE,
        telephone="01614960000",
        town="Sale",
        postcode="M33 4AB",
    )
    began = perf_counter()
    listed = sum(1 for _ in READERS[Directory.PRACTICES](io.BytesIO(content)))
    reading = perf_counter() - began
    runs: list[Row] = [{"run": "read alone", "changed": 0, "open": 0, "seconds": round(reading, 1), "times": 1.0}]
    closed = content.replace(b'"A","B"', b'"C","B"')
    runs += [_run(name, of, reading) for name, of in (("new", content), ("again", content), ("all closed", closed))]
    peak = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"lines": content.count(b"\n"), "practices": listed, "runs": runs, "peak MB": peak}))


def _run(name: str, content: bytes, reading: float) -> Row:
    """Looked at and taken in, as the command does it, however many close."""
    began, today, whose = perf_counter(), timezone.localdate(), answering.named(CODE)
    digest = hashlib.sha256(content).hexdigest()
    found = directories.look(Directory.PRACTICES, io.BytesIO(content), whose, today)
    allowed = {"may_close": found.closed.number}
    directories.check(found, **allowed)
    done = directories.take_in(Directory.PRACTICES, io.BytesIO(content), whose, today, digest=digest, **allowed)
    took = perf_counter() - began
    open_now = Organisation.objects.filter(kind=OrganisationKind.GP_PRACTICE, closed_on=None).count()
    return {
        "run": name,
        "changed": done.changes,
        "open": open_now,
        "seconds": round(took, 1),
        "times": round(took / reading, 1),
    }


if __name__ == "__main__":
    main()
