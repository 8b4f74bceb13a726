"""docs/feeds.md is true: its examples are run as they stand there, by curl, against the running service."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.jwk import ECKey
from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User, UserState
from tests.browser.conftest import Enter, Join
from tests.browser.database import service_database
from tests.browser.people import COUNCIL, SOCIAL_CARE, Person
from tests.service import Service

GUIDE = Path(__file__).parents[2] / "docs" / "feeds.md"
CLIENT = Path(__file__).parents[2] / "clients" / "python"
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def accredited_by(asks: Page, agrees: Page, key: ECKey) -> str:
    """Have software accredited on the pages, as the guide says. Returns its identifier."""
    asks.goto("/systems/ask/")
    asks.get_by_label("What people call it").fill("Personnel system")
    asks.get_by_label("It tells who has left").check()
    asks.get_by_label("Its public keys").fill(json.dumps(key.as_dict(private=False)))
    asks.get_by_role("button", name="Ask for it").click()
    agrees.goto(f"{urlsplit(asks.url).path}accredit/")
    agrees.get_by_role("button", name="Accredit").click()
    return asks.locator("#client-id").inner_text()


def run(example: str, **variables: str) -> Any:
    """What the example prints, from JSON. curl prints what a refusal says, too."""
    return json.loads(printed(example, **variables))


def printed(example: str, **variables: str) -> str:
    completed = subprocess.run(
        ["sh", "-e", "-c", example],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return completed.stdout


def test_examples_do_what_the_guide_says(
    enter: Enter, join: Join, service: Service, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    leaver, other = join(works_for=SOCIAL_CARE), join(works_for=SOCIAL_CARE)
    asks, agrees = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (4, 5))
    key = ECKey.generate_key("P-256")
    client_id = accredited_by(asks, agrees, key)
    file = tmp_path / "personnel.json"
    file.write_text(json.dumps({"client_id": client_id, "key": key.as_dict(private=True), "algorithm": "ES256"}))
    fetch, configuration, find, leave, send = SHELL.findall(GUIDE.read_text())
    client = {"PYTHONPATH": str(CLIENT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    token = printed(fetch, KEY_FILE=str(file), SIGN_IN=service.sign_in_address, **client)
    told = {"TOKEN": token.strip(), "SERVICE": service.address}
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
