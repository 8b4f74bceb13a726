"""Where people find the service, and where they sign in: two hosts, one below the other."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def check(service: str, sign_in: str) -> None:
    """Raise ImproperlyConfigured unless both are https, and people sign in at a host below the service's.

    At one host the web process could read what is typed where people sign in; at an unrelated one no cookie would reach
    both.
    """
    wrong = [
        f"{name}: it must begin with https:// and be a host alone, such as https://registry.example."
        for name, address in (("SERVICE_ADDRESS", service), ("SIGN_IN_ADDRESS", sign_in))
        if not _is_host(address)
    ]
    host, below = urlsplit(service).hostname or "", urlsplit(sign_in).hostname or ""
    if not wrong and not below.endswith(f".{host}"):
        wrong = [f"SIGN_IN_ADDRESS: it must be a host below {host}, such as https://sign-in.{host}."]
    if wrong:
        raise ImproperlyConfigured("\n  ".join(["These environment variables do not fit.", *wrong]))


def _is_host(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment)
