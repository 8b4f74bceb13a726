"""`python3 contactpoint/local/install.py local|dev`: the virtual environment .venv, from lock files with hashes.

Nothing is resolved here (docs/adr/0019): pip is told which files to install and asks the index for those alone, so that
what comes out is the same on any day. This runs before anything is installed, so it imports nothing but the standard
library.
"""

import hashlib
import importlib.util
import json
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = PROJECT / ".venv"
LOG = ENVIRONMENT / "install.log"
OLDEST = (3, 11)
BYTES_NEEDED = 1_500_000_000
# The lock files that a larger one includes, which are then installed too.
INCLUDES = {"local": ("local",), "dev": ("dev", "local")}
# A lock names all there is to install, members of extras too, so pip looks for no other package. What has no wheel for
# this Python is built with the locked tools that are installed first, not with the newest of the day.
AS_LOCKED = ("--no-deps", "--require-hashes", "--no-build-isolation")
# What pip says, and what that means for the person at the terminal.
KNOWN_FAILURES = {
    r"No space left on device": "The disc is full. Free about 1.5 GB and run the same command again.",
    r"DO NOT MATCH THE HASHES": (
        "A file from the package index is not the one that was locked, and was not installed. Somebody between here "
        "and there changed it: try another network or index, and tell whoever looks after this project."
    ),
    r"Failed building wheel|Failed to build|subprocess-exited-with-error|BackendUnavailable|No module named": (
        f"A package has no ready-made file for Python {sys.version_info.major}.{sys.version_info.minor} on "
        f"{platform.system()} {platform.machine()}, and it could not be compiled. Install compilers for C and C++ "
        "(Debian: apt-get install build-essential; macOS: xcode-select --install), or use a Python that needs none "
        "on Linux: make PYTHON=python3.12"
    ),
    r"from versions: none|connection (error|refused|reset|aborted)|name resolution|timed out|ProxyError|SSLError": (
        "Packages could not be fetched. Check the network, or pip's proxy settings, then run the same command again."
    ),
    r"No matching distribution": (
        "The package index does not have a release that is locked. If it is a copy of another index, it may be behind: "
        "try again later, or with another index (PIP_INDEX_URL)."
    ),
    r"which is not installed|has requirement|is not supported on this platform": (
        "What is locked does not fit together on this Python and machine, which is a fault of the lock file. If .venv "
        "held anything before, `make clean-all` and the same command again may help; else tell whoever looks after "
        "this project."
    ),
}
SECONDS_BETWEEN_LINES = 10  # where a line cannot be written over


class InstallError(Exception):
    """Installing cannot go on. The message says what to do."""


def main(kind: str) -> None:
    """Make .venv what the lock file of `kind` says, unless it is that already."""
    if all(_is_installed(included) for included in INCLUDES[kind]):
        return
    check_machine()
    make_environment()
    # What tests need is kept in step where it is there already, or in the end all of it would not fit together.
    kind = "dev" if _stamp("dev").exists() else kind
    LOG.unlink(missing_ok=True)
    tools, lock = _lock("build"), _lock(kind)
    install(tools, "tools to build packages with", "--only-binary=:all:")
    install(lock, "Python packages")
    remove_all_but({*_locked(tools), *_locked(lock)})
    _pip("check")
    for included in INCLUDES[kind]:
        _stamp(included).write_text(_digest(included))


def check_machine() -> None:
    """Raise InstallError when Python is too old or lacks a part, or the disc is too full."""
    if sys.version_info < OLDEST:
        raise InstallError(f"This is Python {sys.version.split()[0]}; 3.11 or newer is needed.")
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise InstallError(
            f"This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python{version}-venv"
        )
    free = shutil.disk_usage(PROJECT).free
    if free < BYTES_NEEDED:
        raise InstallError(
            f"{free / 1e9:.1f} GB are free in {PROJECT}; {BYTES_NEEDED / 1e9:.1f} GB are needed. Free some space."
        )


def make_environment() -> None:
    """Make .venv, anew when it is broken or of another Python version."""
    python = ENVIRONMENT / "bin" / "python"
    question = "import sys, pip; print(sys.version_info[:2])"
    answer = ""
    if python.exists():
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False).stdout
    if answer.strip() != str(sys.version_info[:2]):
        print(f"  Making .venv with Python {sys.version.split()[0]}", flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)


def install(lock: Path, what: str, *options: str) -> None:
    """Install every package of `lock`, and nothing else, saying how far it is. Raises InstallError with a way on."""
    progress = Progress(what, expected=len(_locked(lock)), installed=_count_installed())
    with progress:
        _pip("install", *AS_LOCKED, *options, "--progress-bar=off", "--requirement", str(lock), progress=progress)


def remove_all_but(names: set[str]) -> None:
    """Remove what an older lock file left behind, so that .venv holds what the lock files say and pip itself."""
    listed = next(line for line in _pip("list", "--format=json").splitlines() if line.startswith("["))
    if left := [each["name"] for each in json.loads(listed) if _normal(each["name"]) not in names | {"pip"}]:
        _pip("uninstall", "--yes", *left)


class Progress:
    """Says how many packages pip has fetched and unpacked, and about how long the rest will take.

    In a terminal the line is written over each second; elsewhere there is a new one every ten seconds.
    """

    ENOUGH = 5  # how many have to be fetched before the time for the others can be told from it
    UNPACKING_SECONDS = 0.4  # for each, measured on two cores

    def __init__(self, what: str, *, expected: int, installed: int) -> None:
        self._what = what
        self._expected = expected
        self._before = installed
        self._fetched = self._there = 0
        self._building = ""
        self._begun = time.monotonic()
        self._over = threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> None:
        print(f"  Installing {self._what}", flush=True)
        self._ticking.start()

    def __exit__(self, failure: object, *_: object) -> None:
        self._over.set()
        self._ticking.join()
        if sys.stdout.isatty():
            print(f"\r{' ' * 72}\r", end="")
        if failure is None:
            print(f"  Installed {self._expected} {self._what} ({time.monotonic() - self._begun:.0f} s)", flush=True)

    def hear(self, line: str) -> None:
        """Take in a line of what pip says."""
        if line.startswith("Ignoring"):  # a package for other machines
            self._expected -= 1
        elif line.startswith(("Collecting", "Processing", "Requirement already")):
            self._fetched += 1
            self._there += line.startswith("Requirement")
        elif building := re.match(r"\s*Building wheel for (\S+)", line):
            self._building = building[1] if "finished" not in line else ""

    def _tick(self) -> None:
        over_written = sys.stdout.isatty()
        while not self._over.wait(1 if over_written else SECONDS_BETWEEN_LINES):
            text = self.line(time.monotonic() - self._begun, unpacked=_count_installed() - self._before)
            print(f"\r    {text:<68}" if over_written else f"    {text}", end="" if over_written else "\n", flush=True)

    def line(self, seconds: float, *, unpacked: int) -> str:
        """How far it is after `seconds`, with `unpacked` packages more in .venv than there were."""
        unpacked = min(max(0, unpacked) + self._there, self._fetched)
        so_far = f"{self._fetched} of {self._expected} fetched, {unpacked} unpacked"
        if self._building:
            return f"{so_far}, compiling {self._building}: a minute or two"
        to_fetch, to_unpack = self._expected - self._fetched, self._expected - unpacked
        if self._fetched < self.ENOUGH or not to_unpack:
            return so_far
        left = seconds / self._fetched * to_fetch + self.UNPACKING_SECONDS * to_unpack
        return f"{so_far}, about {max(1, left):.0f} s left"


def explain(output: str) -> str:
    """What to do about a failure in which pip wrote `output`, and pip's whole reason."""
    known = (advice for pattern, advice in KNOWN_FAILURES.items() if re.search(pattern, output, re.IGNORECASE))
    advice = next(known, "pip failed, for a reason that only pip knows.")
    # From where the trouble begins; what was fetched before it is in the log.
    reason = re.search(r"^\s*(ERROR|error|×|Traceback|THESE PACKAGES).*", output, re.MULTILINE | re.DOTALL)
    said = (reason[0] if reason else output).strip("\n")
    return f"{advice}\n\npip said:\n{said}\n\nAll that it said is in {LOG}."


def _pip(*arguments: str, progress: Progress | None = None) -> str:
    """Run .venv's pip and return what it said. Raises InstallError with all of its reason."""
    python = str(ENVIRONMENT / "bin" / "python")
    command = [python, "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments]
    lines = []
    with (
        LOG.open("a") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip,
    ):
        for line in pip.stdout or ():
            log.write(line)
            lines.append(line)
            if progress:
                progress.hear(line)
    output = "".join(lines)
    if pip.returncode:
        raise InstallError(explain(output))
    return output


def _locked(lock: Path) -> list[str]:
    """The names in a lock file; twice where other Pythons get another release."""
    return [_normal(name) for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock.read_text(), re.MULTILINE)]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _count_installed() -> int:
    return sum(1 for _ in ENVIRONMENT.glob("lib/python*/site-packages/*.dist-info"))


def _lock(kind: str) -> Path:
    return PROJECT / f"requirements-{kind}.lock"


def _stamp(kind: str) -> Path:
    return ENVIRONMENT / f".ready-{kind}"


def _digest(kind: str) -> str:
    return hashlib.sha256(_lock(kind).read_bytes() + _lock("build").read_bytes()).hexdigest()


def _is_installed(kind: str) -> bool:
    return _stamp(kind).exists() and _stamp(kind).read_text() == _digest(kind)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except InstallError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same command again: it goes on where it stopped.")
