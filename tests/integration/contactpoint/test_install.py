"""Installing on a day after the lock was written, with each Python that is here and the pip that it brings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from contactpoint.local.install import PROJECT
from tests.packages import Index, index

INSTALLER = "contactpoint/local/install.py"
OWN = f"3.{sys.version_info.minor}"
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
FINDS_EXTRAS_IN_A_LOCK = (23, 3)  # https://github.com/pypa/pip/issues/9644
LOCKED = {"plain": "1.0", "boxed": "1.0", "stamp": "1.0", "carved": "1.0", "chisel": "1.0"}

Install = Callable[..., subprocess.CompletedProcess[str]]


def find_python(version: str) -> Path | None:
    """A Python of that version which can make virtual environments: the one that runs this, on the path, or pyenv's."""
    if version == OWN:
        return Path(sys.base_prefix) / "bin" / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [Path(found)] if (found := shutil.which(f"python{version}")) else []
    return next(filter(_works, [*named, *pyenv.glob(f"versions/{version}.*/bin/python{version}")]), None)


def _works(python: Path) -> bool:
    return not subprocess.run([python, "-c", "import ensurepip"], capture_output=True, check=False).returncode


# Those that are here. CI runs this with 3.11, which brings the oldest pip.
HERE = {version: found for version in SUPPORTED if (found := find_python(version))}


@pytest.fixture(scope="module", params=HERE)
def python(request: pytest.FixtureRequest) -> Path:
    return HERE[request.param]


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[Index]:
    with index(tmp_path / "index") as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, packages: Index) -> Path:
    """A project with our installer and locks of made-up packages, all of release 1.0."""
    directory = tmp_path / "project"
    (directory / INSTALLER).parent.mkdir(parents=True)
    shutil.copy(PROJECT / INSTALLER, directory / INSTALLER)
    (directory / "requirements-build.lock").write_text(packages.lock("chisel"))
    (directory / "requirements-local.lock").write_text(packages.lock("plain", "boxed", "stamp", "carved"))
    return directory


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """The virtual environment of a Python with nothing in it yet: made once, since that is most of a test's time."""

    @cache
    def made(python: Path) -> Path:
        directory = tmp_path_factory.mktemp("bare") / ".venv"
        subprocess.run([python, "-m", "venv", directory], check=True)
        return directory

    return made


@pytest.fixture
def begun(project: Path, bare: Callable[[Path], Path]) -> Path:
    """The project with the virtual environment of the Python that runs this, as `make_environment` makes it."""
    return _begin(project, bare(Path(sys.executable)))


@pytest.fixture
def begun_with(python: Path, project: Path, bare: Callable[[Path], Path]) -> Path:
    """The same of each Python."""
    return _begin(project, bare(python))


def _begin(project: Path, bare: Path) -> Path:
    shutil.copytree(bare, project / ".venv", symlinks=True)
    return project


@pytest.fixture
def install(project: Path, packages: Index) -> Install:
    def run(python: Path = Path(sys.executable)) -> subprocess.CompletedProcess[str]:
        return _run(python, INSTALLER, "local", project=project, packages=packages)

    return run


def test_the_python_that_runs_this_is_supported_and_tried() -> None:
    assert OWN in HERE


def test_what_is_locked_is_installed_though_there_are_newer_releases(
    python: Path, begun_with: Path, packages: Index, install: Install
) -> None:
    done = install(python)

    assert done.returncode == 0, done.stderr
    assert _installed(begun_with, packages) == LOCKED
    assert {path.split("/")[0] for path in packages.asked} == set(LOCKED)
    assert not any("2.0" in path for path in packages.asked)


def test_from_nothing_and_then_not_again(project: Path, packages: Index, install: Install) -> None:
    first = install()
    assert (first.returncode, first.stdout.splitlines()[0][:24]) == (0, "  Making .venv with Pyth"), first.stderr
    assert _installed(project, packages) == LOCKED
    packages.asked.clear()
    done = install()
    assert (done.returncode, done.stdout, packages.asked) == (0, "", [])


def test_pip_by_itself_looks_an_extra_up_anew_and_refuses_before_it_knew_better(
    begun_with: Path, packages: Index
) -> None:
    """The first reason for all this. The oldest Python that we support brings such a pip."""
    (begun_with / "requirements-local.lock").write_text(packages.lock("plain", "boxed", "stamp"))
    done = _pip_by_itself(begun_with, packages)
    if _version_of_pip(begun_with, packages) < FINDS_EXTRAS_IN_A_LOCK:
        assert "must have their versions pinned with ==. These do not:\n    boxed[post]>=1.0" in done.stderr
    else:
        assert done.returncode == 0, done.stderr


def test_pip_by_itself_builds_with_what_is_the_newest_today(begun_with: Path, packages: Index) -> None:
    """The second."""
    (begun_with / "requirements-local.lock").write_text(packages.lock("carved", "stamp"))
    done = _pip_by_itself(begun_with, packages)
    assert done.returncode
    assert "made after the lock" in done.stdout + done.stderr


def test_a_lock_without_a_hash_is_refused(begun: Path, install: Install) -> None:
    (begun / "requirements-local.lock").write_text("stamp==1.0\n")
    done = install()
    assert done.returncode == 1
    assert "Hashes are required in --require-hashes mode" in done.stderr


def test_what_an_older_lock_left_is_removed(begun: Path, packages: Index, install: Install) -> None:
    install()
    (begun / "requirements-local.lock").write_text(packages.lock("stamp"))

    done = install()

    assert done.returncode == 0, done.stderr
    assert _installed(begun, packages) == {"stamp": "1.0", "chisel": "1.0"}


def test_a_lock_that_is_not_complete_is_refused_with_all_that_is_missing(
    begun: Path, packages: Index, install: Install
) -> None:
    (begun / "requirements-local.lock").write_text(packages.lock("plain", "carved"))

    done = install()

    assert done.returncode == 1
    assert "a fault of the lock file" in done.stderr
    assert "plain 1.0 requires boxed, which is not installed." in done.stderr
    assert "carved 1.0 requires stamp, which is not installed." in done.stderr
    assert install().returncode == 1


def test_another_file_than_the_locked_one_is_refused_with_pips_whole_reason(
    begun: Path, packages: Index, install: Install
) -> None:
    lock = begun / "requirements-local.lock"
    lock.write_text(lock.read_text().replace(packages.digests["stamp"], "0" * 64))

    done = install()

    assert done.returncode == 1
    assert "is not the one that was locked" in done.stderr
    # As pip laid it out, from its first line to its last.
    assert "HASHES FROM THE REQUIREMENTS FILE" in done.stderr
    assert f"Expected sha256 {'0' * 64}\n" in done.stderr
    assert packages.digests["stamp"] in done.stderr


def test_what_cannot_be_built_says_how_to_come_by_it(begun: Path, packages: Index, install: Install) -> None:
    (begun / "requirements-build.lock").write_text("")
    done = install()
    assert done.returncode == 1
    assert "no ready-made file" in done.stderr
    assert "chisel" in done.stderr


def _pip_by_itself(project: Path, packages: Index) -> subprocess.CompletedProcess[str]:
    return _pip(project, packages, "install", "--require-hashes", "--requirement", "requirements-local.lock")


def _run(*command: str | Path, project: Path, packages: Index) -> subprocess.CompletedProcess[str]:
    environment = packages.environment()
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def _pip(project: Path, packages: Index, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(
        ".venv/bin/python", "-m", "pip", "--disable-pip-version-check", *arguments, project=project, packages=packages
    )


def _installed(project: Path, packages: Index) -> dict[str, str]:
    lines = _pip(project, packages, "list", "--format=freeze").stdout.splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("pip=="))


def _version_of_pip(project: Path, packages: Index) -> tuple[int, ...]:
    return tuple(map(int, _pip(project, packages, "--version").stdout.split()[1].split(".")[:2]))
