"""Each lock is complete: what a locked package requires, under its extras and markers, is locked too, and fits.

Asked of the metadata of what is installed here, without a network. A release that is locked for other Pythons or
machines alone is not installed, so what it requires is not asked; that it is locked when something requires it, is.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from contactpoint.local.install import PROJECT

# Each lock, and what of pyproject.toml it is made from.
LOCKS = {
    "requirements.lock": ("dependencies",),
    "requirements-local.lock": ("dependencies", "local"),
    "requirements-dev.lock": ("dependencies", "local", "dev"),
    "requirements-build.lock": ("build",),
}
PYTHONS = ("3.11.0", "3.11.7", "3.12.1", "3.13.0", "3.14.0")
MACHINES = (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64"))


def environments() -> list[dict[str, str]]:
    """What markers are held against: this Python here, and every other that we support on every machine."""
    here = {**default_environment(), "extra": ""}
    others = [
        here
        | {"python_version": python.rpartition(".")[0], "python_full_version": python, "implementation_version": python}
        | {"sys_platform": name, "platform_system": system, "platform_machine": machine}
        for python in PYTHONS
        for name, system, machine in MACHINES
    ]
    return [here, *others]


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def roots(*groups: str) -> list[Requirement]:
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    project = told["project"]
    known = {"dependencies": project["dependencies"], **project["optional-dependencies"], **told["dependency-groups"]}
    return [Requirement(each) for group in groups for each in known[group]]


def locked(text: str) -> list[Requirement]:
    return [Requirement(line.removesuffix("\\")) for line in text.splitlines() if line and not line.startswith(" ")]


def faults(wanted: Iterable[Requirement], lock: list[Requirement], environment: dict[str, str]) -> set[str]:
    """What somebody requires and the lock does not have, or not so, in `environment`; and what it has twice."""
    pins = [each for each in lock if applies(each, environment)]
    versions = {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in pins}
    found = {"some package is locked twice"} if len(versions) < len(pins) else set()
    ahead = [("pyproject.toml", each) for each in wanted if applies(each, environment)]
    asked: set[tuple[str, str]] = set()
    while ahead:
        by, requirement = ahead.pop()
        name = canonicalize_name(requirement.name)
        if name not in versions or not requirement.specifier.contains(versions[name], prereleases=True):
            found.add(f"{by} requires {requirement}")
            continue
        # A package that is asked for with extras is asked for without them, too.
        for extra in {"", *requirement.extras} - {known for package, known in asked if package == name}:
            asked.add((name, extra))
            told = requires(name) if version_here(name) == versions[name] else ()
            ahead += [(name, each) for each in told if applies(each, environment | {"extra": extra})]
    return found


@cache
def requires(name: str) -> tuple[Requirement, ...]:
    """What the installed release requires, as its metadata says."""
    return tuple(map(Requirement, distribution(name).requires or ()))


@cache
def version_here(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return "not installed"


@pytest.mark.parametrize("file", LOCKS)
def test_lock_has_all_that_its_packages_require_on_every_python_and_machine(file: str) -> None:
    lock = locked((PROJECT / file).read_text())
    for environment in environments():
        assert faults(roots(*LOCKS[file]), lock, environment) == set(), environment


@pytest.mark.parametrize("file", LOCKS)
def test_what_is_locked_for_this_machine_is_what_is_installed(file: str) -> None:
    """Else the metadata asked above would be another's. `make install-dev` mends it."""
    here = environments()[0]
    pins = [each for each in locked((PROJECT / file).read_text()) if applies(each, here)]
    differing = {
        str(each): version_here(each.name) for each in pins if str(each.specifier) != f"=={version_here(each.name)}"
    }
    assert differing == {}


@pytest.mark.parametrize(
    ("left_out", "fault"),
    [
        ("email-validator", "pydantic requires email-validator"),  # of an extra that a package, not we, asks for
        ("qrcode", "django-allauth requires qrcode"),  # of an extra that we ask for
        ("async-timeout", "redis requires async-timeout"),  # on an older Python than this
        ("celery", "pyproject.toml requires celery[redis]"),
    ],
)
def test_what_a_lock_lacks_is_found(left_out: str, fault: str) -> None:
    lock = [each for each in locked((PROJECT / "requirements.lock").read_text()) if each.name != left_out]
    found = set().union(*(faults(roots("dependencies"), lock, environment) for environment in environments()))
    assert any(each.startswith(fault) for each in found), found


def test_a_release_that_does_not_fit_is_found() -> None:
    lock = [each for each in locked((PROJECT / "requirements.lock").read_text()) if each.name != "pydantic"]
    found = faults(roots("dependencies"), [*lock, Requirement("pydantic==1.0")], environments()[0])
    assert any(each.startswith("scim2-models requires pydantic[email]") for each in found), found
