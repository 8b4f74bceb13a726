"""Whether the process says the truth about itself to the load balancer."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

LIVE, READY = reverse("health_live"), reverse("health_ready")


@pytest.fixture
def balancer() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def no_keys(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.KEYRING_DIR = tmp_path


def test_whole_process_is_live_and_ready(db: None, balancer: Client) -> None:
    assert balancer.get(LIVE).status_code == 200
    assert balancer.get(READY).status_code == 200


def test_process_without_keys_is_live_but_not_ready(db: None, no_keys: None, balancer: Client) -> None:
    assert balancer.get(LIVE).status_code == 200
    assert balancer.get(READY).status_code >= 500


def test_process_without_database_is_live_but_not_ready(
    db: None, balancer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", _no_database)

        assert balancer.get(LIVE).status_code == 200
        assert balancer.get(READY).status_code >= 500


def test_process_without_cache_is_live_but_not_ready(
    db: None, balancer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(cache._connections["default"]), "get", _unreachable)

    assert balancer.get(LIVE).status_code == 200
    assert balancer.get(READY).status_code >= 500


def _no_database(*_: object, **__: object) -> None:
    raise OperationalError


def _unreachable(*_: object, **__: object) -> None:
    raise ConnectionError
