"""`python3 contactpoint/local/install.py local|dev`: the virtual environment .venv, from a lock file with hashes.

It runs before anything is installed, so it imports nothing but the standard library.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import venv
from collections import deque
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = PROJECT / ".venv"
OLDEST = (3, 11)
BYTES_NEEDED = 1_500_000_000
# The lock files that a larger one includes, which are then installed too.
INCLUDES = {"local": ("local",), "dev": ("dev", "local")}
# What pip says, and what that means for the person at the terminal.
KNOWN_FAILURES = (
    (r"No space left on device", "The disc is full. Free about 1.5 GB and run the same command again."),
    (
        r"connection|resolution|timed out|ProxyError|SSLError|No matching distribution",
        "Packages could not be fetched. Check the network, or pip's proxy settings, then run the same command again.",
    ),
    (
        r"Failed building wheel|Failed to build",
        "A package could not be compiled. Install a C compiler, or use a Python that needs none: PYTHON=python3.12",
    ),
)


class InstallError(Exception):
    """Installing cannot go on. The message says what to do."""


def main(kind: str) -> None:
    """Install the lock file of `kind` unless it is installed already."""
    if all(_is_installed(included) for included in INCLUDES[kind]):
        return
    check_machine()
    make_environment()
    install(_lock(kind))
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
        print(f"Making .venv with Python {sys.version.split()[0]}")
        venv.create(ENVIRONMENT, clear=True, with_pip=True)


def install(lock: Path) -> None:
    """Install every package of `lock`, counting aloud. Raises InstallError with a way on."""
    expected = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(), re.MULTILINE))
    command: list[str | Path] = [
        ENVIRONMENT / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-input",
    ]
    command += ["--disable-pip-version-check", "--progress-bar=off", "--requirement", lock]
    last_lines: deque[str] = deque(maxlen=40)
    seen = 0
    print(f"Python packages: {expected}, a minute or two the first time", flush=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            last_lines.append(line)
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                _show(f"{min(seen, expected)} of {expected} found")
            elif line.startswith("Installing collected"):
                _show("unpacking")
    _show("")
    if pip.returncode:
        raise InstallError(explain("".join(last_lines)))


def explain(output: str) -> str:
    """What to do about a failure in which pip wrote `output`, and pip's own last words."""
    known = (advice for pattern, advice in KNOWN_FAILURES if re.search(pattern, output, re.IGNORECASE))
    advice = next(known, "pip failed.")
    return f"{advice}\npip said: {' '.join(output.split())[-600:]}"


def _show(text: str) -> None:
    # One line that is written over, which only a terminal can do.
    if sys.stdout.isatty():
        print(f"\r  {text:<40}\r", end="", flush=True)


def _lock(kind: str) -> Path:
    return PROJECT / f"requirements-{kind}.lock"


def _stamp(kind: str) -> Path:
    return ENVIRONMENT / f".ready-{kind}"


def _digest(kind: str) -> str:
    return hashlib.sha256(_lock(kind).read_bytes()).hexdigest()


def _is_installed(kind: str) -> bool:
    return _stamp(kind).exists() and _stamp(kind).read_text() == _digest(kind)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except InstallError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same command again: it goes on where it stopped.")
