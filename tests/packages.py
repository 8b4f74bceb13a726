"""Made-up packages, and an index of them on this machine: what pip finds on a day after the lock was written.

plain 1.0   requires boxed[post]>=1.0
boxed 1.0   requires stamp for its extra `post`
boxed 2.0   came out after the lock, and requires what nobody locked
carved 1.0  has no wheel and is built with chisel
chisel 1.0  builds;  chisel 2.0 came out after the lock and does not
"""

import functools
import hashlib
import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BUILDS = """
import shutil

def build_wheel(directory, settings=None, metadata=None):
    shutil.copy("carved-1.0-py3-none-any.whl", directory)
    return "carved-1.0-py3-none-any.whl"
"""
BUILDS_NO_MORE = "raise RuntimeError('made after the lock')\n"


def _text(name: str, version: str, requires: tuple[str, ...] = (), extra: str = "") -> str:
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    lines += [f"Provides-Extra: {extra}"] if extra else []
    return "\n".join(["Metadata-Version: 2.1", *lines, ""])


def _wheel(metadata: str, module: str = "") -> bytes:
    name, version = (line.split(": ")[1] for line in metadata.splitlines()[1:3])
    files = {
        f"{name}.py": module,
        f"{name}-{version}.dist-info/METADATA": metadata,
        f"{name}-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{name}-{version}.dist-info/RECORD"] = "".join(f"{each},,\n" for each in files)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return written.getvalue()


def _source() -> bytes:
    metadata = _text("carved", "1.0", ("stamp",))
    files = {
        "PKG-INFO": metadata.encode(),
        "pyproject.toml": b'[build-system]\nrequires = ["chisel"]\nbuild-backend = "chisel"\n',
        "carved-1.0-py3-none-any.whl": _wheel(metadata),
    }
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"carved-1.0/{path}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def _files() -> dict[str, bytes]:
    return {
        "plain-1.0-py3-none-any.whl": _wheel(_text("plain", "1.0", ("boxed[post]>=1.0",))),
        "boxed-1.0-py3-none-any.whl": _wheel(_text("boxed", "1.0", ('stamp; extra == "post"',), "post")),
        "boxed-2.0-py3-none-any.whl": _wheel(_text("boxed", "2.0", ("novelty",), "post")),
        "stamp-1.0-py3-none-any.whl": _wheel(_text("stamp", "1.0")),
        "carved-1.0.tar.gz": _source(),
        "chisel-1.0-py3-none-any.whl": _wheel(_text("chisel", "1.0"), BUILDS),
        "chisel-2.0-py3-none-any.whl": _wheel(_text("chisel", "2.0"), BUILDS_NO_MORE),
    }


@dataclass(frozen=True)
class Index:
    """A running index: where it is, what it has, and the paths that it has been asked for."""

    address: str
    digests: Mapping[str, str]
    asked: list[str] = field(default_factory=list)

    def lock(self, *names: str) -> str:
        """A lock file of release 1.0 of each."""
        return "".join(f"{name}==1.0 \\\n    --hash=sha256:{self.digests[name]}\n" for name in names)

    def environment(self) -> dict[str, str]:
        """This process's variables, but a pip that knows this index alone."""
        kept = {
            name: value for name, value in os.environ.items() if not name.lower().startswith(("pip_", "http", "all_"))
        }
        return kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.address, "PIP_NO_CACHE_DIR": "1"}


@contextmanager
def index(directory: Path) -> Iterator[Index]:
    """An index whose pages stand in `directory`."""
    digests = {}
    for file, content in _files().items():
        name, release = file.split("-")[:2]
        page = directory / "simple" / name / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        (page.parent / file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        if release.startswith("1.0"):
            digests[name] = digest
        with page.open("a") as links:
            links.write(f'<a href="{file}#sha256={digest}">{file}</a>\n')
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Pages, asked, directory=str(directory))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield Index(f"http://127.0.0.1:{server.server_port}/simple/", digests, asked)
        finally:
            server.shutdown()
            serving.join()


class _Pages(SimpleHTTPRequestHandler):
    def __init__(self, asked: list[str], *arguments: object, directory: str) -> None:
        self._asked = asked
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        self._asked.append(self.path.removeprefix("/simple/"))
