"""docs/feeds.md is true: its examples are run as they stand there, by curl, against the running service."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from access.software.tokens import PREFIX
from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User, UserState
from tests.browser.conftest import Enter, Join
from tests.browser.database import service_database
from tests.browser.people import COUNCIL, SOCIAL_CARE, Person
from tests.service import Service

GUIDE = Path(__file__).parents[2] / "docs" / "feeds.md"
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def token_from(page: Page) -> str:
    """Make a token on the page, as the guide says."""
    page.goto("/api-tokens/make/")
    page.get_by_label("What will use it").fill("Personnel system")
    page.get_by_role("button", name="Make the token").click()
    text = page.get_by_role("main").inner_text()
    return str(re.search(rf"{PREFIX}\S+", text)[0])


def run(example: str, **variables: str) -> Any:
    """What the example prints, from JSON. curl prints what a refusal says, too."""
    completed = subprocess.run(
        ["sh", "-e", "-c", example],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return json.loads(completed.stdout)


def test_examples_do_what_the_guide_says(
    enter: Enter, join: Join, service: Service, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    leaver, other = join(works_for=SOCIAL_CARE), join(works_for=SOCIAL_CARE)
    told = {"TOKEN": token_from(enter(Role.ADMINISTRATOR, COUNCIL, which=5)), "SERVICE": service.address}
    configuration, find, leave, send = SHELL.findall(GUIDE.read_text())
    success, failure = map(json.loads, SHOWN.findall(GUIDE.read_text()))

    assert run(configuration, **told)["patch"]["supported"] is True
    (found,) = run(find, **told, EMAIL=leaver.email)["Resources"]
    assert (found["id"], found["active"]) == (str(leaver.id), True)
    assert run(leave, **told, ID=found["id"])["active"] is False
    assert state_of(django_db_blocker, leaver) == UserState.SUSPENDED
    listed = tmp_path / "leavers.csv"
    listed.write_text(f"email\n{other.email}\n")
    assert run(send, **told, FILE=str(listed)) == success
    assert state_of(django_db_blocker, other) == UserState.SUSPENDED
    listed.write_text(f"email\n{other.email}\nnobody@example.org\n")
    assert run(send, **told, FILE=str(listed)) == failure


def state_of(blocker: DjangoDbBlocker, person: Person) -> str:
    with service_database(blocker):
        return str(User.objects.get(pk=person.id).state)
