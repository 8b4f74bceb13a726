"""WITNESS_KEYS and the bucket: read whole, or refused with what to do and without what is secret."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from contactpoint.settings import outside
from tests.unit.transparency.logs import LOG_KEY, WITNESS_KEY

WHOLE = {
    "BUCKET_NAME": "registry-log",
    "BUCKET_ENDPOINT": "https://s3.example",
    "BUCKET_REGION": "eu-west-2",
    "BUCKET_ACCESS_KEY_ID": "keeper",
    "BUCKET_SECRET_ACCESS_KEY": "the secret",
    "BUCKET_RETENTION_DAYS": "3653",
}


def test_without_any_there_is_no_bucket_and_no_witness() -> None:
    assert outside.bucket({}, tls=True) is None
    assert outside.bucket(dict.fromkeys(WHOLE, ""), tls=True) is None, "an empty variable is none"
    assert outside.witnesses("") == ()


def test_bucket_is_what_was_said() -> None:
    assert outside.bucket(WHOLE, tls=True) == {
        "name": "registry-log",
        "endpoint": "https://s3.example",
        "region": "eu-west-2",
        "access_key_id": "keeper",
        "secret_access_key": "the secret",
        "retention": timedelta(days=3653),
    }


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_bucket_is_refused(missing: str) -> None:
    for value in ({}, {missing: ""}):
        with pytest.raises(ImproperlyConfigured, match=f"set up by half.*\n  {missing}: ") as raised:
            outside.bucket({name: told for name, told in WHOLE.items() if name != missing} | value, tls=True)
        assert "the secret" not in str(raised.value)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        outside.bucket({"BUCKET_NAME": "registry-log"}, tls=True)
    assert all(name in str(raised.value) for name in WHOLE if name != "BUCKET_NAME")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUCKET_ENDPOINT", "http://s3.example"),
        ("BUCKET_ENDPOINT", "s3.example"),
        ("BUCKET_ENDPOINT", "https://"),
        ("BUCKET_ENDPOINT", "https://:443"),
        ("BUCKET_ENDPOINT", "https:///registry-log"),
        ("BUCKET_ENDPOINT", "https://s3.example:port"),
        ("BUCKET_ENDPOINT", "https://[s3.example"),
        ("BUCKET_ENDPOINT", "https://s3 .example"),
        ("BUCKET_RETENTION_DAYS", "0"),
        ("BUCKET_RETENTION_DAYS", "-1"),
        ("BUCKET_RETENTION_DAYS", "36501"),
        ("BUCKET_RETENTION_DAYS", "ten"),
    ],
)
def test_what_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"\n  {name}: it ") as raised:
        outside.bucket(WHOLE | {name: value}, tls=True)
    assert "the secret" not in str(raised.value)


def test_without_tls_on_a_laptop_alone() -> None:
    found = outside.bucket(WHOLE | {"BUCKET_ENDPOINT": "http://127.0.0.1:9000"}, tls=False)
    assert found is not None
    assert found["endpoint"] == "http://127.0.0.1:9000"


def test_witnesses_are_read_one_behind_the_other() -> None:
    assert outside.witnesses(f"{WITNESS_KEY}\n{WITNESS_KEY} ") == (WITNESS_KEY, WITNESS_KEY)


@pytest.mark.parametrize(
    ("told", "says"),
    [("nonsense", "cannot be read"), (f"{WITNESS_KEY}x", "cannot be read"), (str(LOG_KEY), "of the log")],
)
def test_what_is_no_witness_is_refused(told: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"WITNESS_KEYS .*{says}"):
        outside.witnesses(told)
