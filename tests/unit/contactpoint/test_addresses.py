"""Where people find the service, and where they sign in."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from contactpoint.settings.addresses import check

SERVICE = "https://registry.example"


@pytest.mark.parametrize("sign_in", ["https://sign-in.registry.example", "https://who.is.registry.example:8443"])
def test_people_sign_in_at_a_host_below_the_services(sign_in: str) -> None:
    check(SERVICE, sign_in)


@pytest.mark.parametrize(
    "sign_in",
    [
        SERVICE,
        "https://registry.example:8443",  # the same host to a cookie
        "https://sign-in.example",
        "https://sign-in-registry.example",
        "https://registry.example.evil.example",
    ],
)
def test_any_other_host_is_refused(sign_in: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGN_IN_ADDRESS: it must be a host below registry"):
        check(SERVICE, sign_in)


@pytest.mark.parametrize(
    ("service", "sign_in", "named"),
    [
        ("http://registry.example", "https://sign-in.registry.example", "SERVICE_ADDRESS"),
        (SERVICE, "http://sign-in.registry.example", "SIGN_IN_ADDRESS"),
        (SERVICE, "https://sign-in.registry.example/in", "SIGN_IN_ADDRESS"),
        (SERVICE, "sign-in.registry.example", "SIGN_IN_ADDRESS"),
    ],
)
def test_what_is_no_host_over_https_is_refused(service: str, sign_in: str, named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{named}: it must begin with https://"):
        check(service, sign_in)
