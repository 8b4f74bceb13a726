"""The search that newcomers are given to type finds somebody in the demonstration, whenever it is made."""

import json
import re
from datetime import date, timedelta

import pytest

from contactpoint.local import demo, state
from contactpoint.local.facts import Facts
from contactpoint.local.preparation import CHILDREN
from registry.demonstration.england import Places, households
from registry.management.commands.make_demonstration import SEED
from registry.rules.retention import age

DOCUMENT = state.PROJECT / "docs" / "api.md"
BODY = re.compile(r"-d '({.*})'")
BY_FHIR = re.compile(r"given=(\w+)&family=(\w+)&birthdate=\$\(\(\$\(date \+%Y\) - (\d)\)\)")
HERE = Facts("http://localhost:8000", "http://localhost:8001", users=[], databases={}, redis={})


def test_document_and_terminal_give_the_same_search() -> None:
    bodies = BODY.findall(DOCUMENT.read_text())
    assert BODY.findall(demo._asking(HERE)) == bodies[:1]
    assert json.loads(bodies[1]) == {"reason": "s10"}


@pytest.mark.parametrize("later", [0, 60, 200])
def test_somebody_is_found(later: int) -> None:
    (body, _reason) = BODY.findall(DOCUMENT.read_text())
    today = date.today() + timedelta(later)  # noqa: DTZ011 - any day does
    known = [
        (child.names[0].given, child.names[0].family, child.date_of_birth)
        for household in households(Places.load(), seed=SEED, children=CHILDREN, today=today)
        for child in household.children
        if not child.shielded
    ]
    asked, (by_fhir,) = json.loads(body), BY_FHIR.findall(DOCUMENT.read_text())
    assert (asked["given_name"], asked["family_name"], asked["age"]) in {
        (*name, age(born, today)) for *name, born in known
    }
    given, family, years = by_fhir
    assert (given, family, today.year - int(years)) in {(*name, born.year) for *name, born in known}
