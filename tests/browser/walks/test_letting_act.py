"""Walks of those whom another system sends to let it act for them."""

from pathlib import Path

from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation, Role
from registry.demonstration import systems
from tests.browser.conftest import Enter
from tests.browser.database import service_database
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, walks

ASKED = "response_type=code&code_challenge_method=S256&code_challenge=" + "c" * 43


@walks("oauth_authorize", "oauth_allow")
def test_letting_a_system_act(
    enter: Enter, inspect: Inspect, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with service_database(django_db_blocker):
        system = systems.make(Organisation.objects.get(directory_code=COUNCIL), tmp_path / "system.json")
    asked = f"client_id={system.client_id}&redirect_uri={system.addresses[0]}&{ASKED}"
    practitioner = inspect(enter())
    practitioner.open(f"/oauth/allow?{asked}")
    practitioner.open(f"/oauth/authorize?{asked}&redirect_uri=elsewhere")
    practitioner.open(f"/oauth/authorize?client_id=nobody&{ASKED}")
    auditor = inspect(enter(Role.AUDITOR, COUNCIL))
    auditor.open(f"/oauth/allow?{asked}")
