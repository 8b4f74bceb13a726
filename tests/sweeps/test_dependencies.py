"""Every package that we depend on stands in pyproject.toml with its reason."""

import re
import tomllib
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"
# A package, and its reason behind it or on the line above.
WITH_REASON = re.compile(r'^ +(?:# .+\n +"(?P<above>[^"]+)",|"(?P<beside>[^"]+)", +# .+)$', re.MULTILINE)


def packages() -> list[str]:
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    return [*project["dependencies"], *(each for group in project["optional-dependencies"].values() for each in group)]


def explained() -> set[str]:
    return {found["above"] or found["beside"] for found in WITH_REASON.finditer(PYPROJECT.read_text())}


@pytest.mark.parametrize("package", packages())
def test_package_has_its_reason(package: str) -> None:
    assert package in explained()
