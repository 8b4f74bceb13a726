"""What of the log is kept outside, from the environment: whose word is believed, and a bucket that forgets nothing."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from transparency.errors import NoteError
from transparency.note import SignatureType, VerifierKey

# variable: how to set it. All of them or none.
BUCKET = {
    "BUCKET_NAME": "The name of a bucket with object lock.",
    "BUCKET_ENDPOINT": "The server that has it, such as https://s3.eu-west-2.amazonaws.com.",
    "BUCKET_REGION": "The region that requests are signed for, such as eu-west-2.",
    "BUCKET_ACCESS_KEY_ID": "The account that may put objects there, and needs no right to delete any.",
    "BUCKET_SECRET_ACCESS_KEY": "That account's secret key.",
    "BUCKET_RETENTION_DAYS": "How many days each object is kept. Nobody can shorten it afterwards.",
}
MOST_DAYS = 36_500  # what S3 allows


def witnesses(told: str) -> tuple[VerifierKey, ...]:
    """The public keys of the witnesses that the auditors are shown, old ones too. Raises ImproperlyConfigured."""
    try:
        keys = tuple(VerifierKey.parse(each) for each in told.split())
    except NoteError as error:
        raise ImproperlyConfigured(f"WITNESS_KEYS cannot be read: {error}") from None
    if any(key.type != SignatureType.WITNESS for key in keys):
        raise ImproperlyConfigured("WITNESS_KEYS names a key of the log: no witness vouches with that.")
    return keys


def bucket(environ: Mapping[str, str] = os.environ, *, tls: bool) -> dict[str, Any] | None:
    """The bucket, or None where none is set up. Raises ImproperlyConfigured, with all that is wrong."""
    given = {name: environ[name] for name in BUCKET if environ.get(name)}
    if not given:
        return None
    wrong = [f"{name}: {hint}" for name, hint in BUCKET.items() if name not in given]
    if wrong:
        raise ImproperlyConfigured("\n  ".join(["The bucket is set up by half. These variables are not set.", *wrong]))
    days = given["BUCKET_RETENTION_DAYS"]
    if not days.isdecimal() or not 0 < int(days) <= MOST_DAYS:
        wrong.append(f"BUCKET_RETENTION_DAYS: it is a number of days from 1 to {MOST_DAYS}.")
    if not _is_server(given["BUCKET_ENDPOINT"], ("https",) if tls else ("https", "http")):
        wrong.append(f"BUCKET_ENDPOINT: it must begin with https:// and name a host. {BUCKET['BUCKET_ENDPOINT']}")
    if wrong:
        raise ImproperlyConfigured("\n  ".join(["These environment variables cannot be used.", *wrong]))
    return {
        "name": given["BUCKET_NAME"],
        "endpoint": given["BUCKET_ENDPOINT"],
        "region": given["BUCKET_REGION"],
        "access_key_id": given["BUCKET_ACCESS_KEY_ID"],
        "secret_access_key": given["BUCKET_SECRET_ACCESS_KEY"],
        "retention": timedelta(days=int(days)),
    }


def _is_server(address: str, schemes: tuple[str, ...]) -> bool:
    """Whether requests can be sent there: boto3 fails on any other address, each time and not at the start."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and not any(map(str.isspace, address))
