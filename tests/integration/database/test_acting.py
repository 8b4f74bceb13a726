"""What the tests themselves rest on: whoever took on a role is afterwards who they were before."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError, connection, transaction

from tests.acting import acting_as
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here, as_worker

WAYS: list[tuple[Callable[[], AbstractContextManager[None]], str]] = [
    (as_owner_here, "owner"),
    (as_worker, "worker"),
    (signing_in, "sign_in"),
    (lambda: acting_as("contactpoint_reader"), "reader"),
]
each_way = pytest.mark.parametrize(("way", "role"), WAYS, ids=[role for _, role in WAYS])


def role_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    return str(role).removeprefix("contactpoint_")


def end(how: str) -> None:
    if how == "error":
        raise ZeroDivisionError
    if how == "refusal":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")


@pytest.mark.parametrize("how", ["well", "error", "refusal"])
@each_way
def test_within_another_role_that_role_is_given_back(
    db: None, way: Callable[[], AbstractContextManager[None]], role: str, how: str
) -> None:
    for outer, before in WAYS:
        with outer():
            try:
                with transaction.atomic(), way():
                    assert role_now() == role
                    end(how)
            except (ZeroDivisionError, DatabaseError):
                assert how != "well"
            assert role_now() == before
        assert role_now() == "web"


@pytest.mark.parametrize("how", ["well", "error", "refusal"])
@each_way
def test_without_a_transaction_around_it_is_given_back_too(
    own_database: str, way: Callable[[], AbstractContextManager[None]], role: str, how: str
) -> None:
    try:
        with way():
            assert role_now() == role
            end(how)
    except (ZeroDivisionError, DatabaseError):
        assert how != "well"
    assert role_now() == "web"
