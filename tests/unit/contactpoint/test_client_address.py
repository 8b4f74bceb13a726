"""By which address a visitor is counted."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings as SettingsWrapper

from contactpoint.middleware import ClientAddressMiddleware


def counted_as(settings: SettingsWrapper, proxies: int, heard: str, told: str | None) -> str:
    settings.TRUSTED_PROXIES = proxies
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {} if told is None else {"X-Forwarded-For": told}
    ClientAddressMiddleware(answer)(RequestFactory().get("/", REMOTE_ADDR=heard, headers=headers))
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "told", "expected"),
    [
        (0, None, "203.0.113.9"),
        (0, "192.0.2.1", "203.0.113.9"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1, 192.0.2.1", "192.0.2.1"),
        (2, "10.0.0.1, 192.0.2.1, 198.51.100.1", "192.0.2.1"),
        (1, " 192.0.2.1 ", "192.0.2.1"),
        (1, "192.0.2.1:51234", "192.0.2.1"),
        (1, "[2001:db8:1:2:3:4:5:6]:51234", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
        (1, None, "203.0.113.9"),
        (1, "", "203.0.113.9"),
        (2, "192.0.2.1", "203.0.113.9"),
        (1, "unknown", "203.0.113.9"),
        (1, "192.0.2.1,", "203.0.113.9"),
        (1, "192.0.2.1' OR 1=1", "203.0.113.9"),
    ],
)
def test_visitor_is_whom_the_outermost_proxy_of_ours_heard(
    settings: SettingsWrapper, proxies: int, told: str | None, expected: str
) -> None:
    assert counted_as(settings, proxies, "203.0.113.9", told) == expected


def test_neighbours_in_one_network_are_one_visitor(settings: SettingsWrapper) -> None:
    assert {counted_as(settings, 0, f"2001:db8:1:2::{number}", None) for number in range(9)} == {"2001:db8:1:2::"}


def test_socket_without_an_address_stays_as_it_is(settings: SettingsWrapper) -> None:
    assert counted_as(settings, 0, "", None) == ""
