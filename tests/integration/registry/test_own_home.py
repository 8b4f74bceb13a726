"""Telling one's own home: compared with children's, and an address nowhere."""

from html import unescape

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from access.models import OwnHome
from contactpoint.local.servers import Servers
from registry.actions.homes import MOST_TOLD, TOO_MANY, tell_home
from registry.traits import people, prints
from tests import factories
from tests.conftest import OwnerContext, as_worker
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.test_traits import kept, kept_of_user
from tests.sweeps.attacking import show_session

PAGE = reverse("own_home")
TYPED = {"house": "12", "street": "Hidden Lane", "postcode": "m33 4ab"}
EVERY_TABLE = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = ANY ('{public,search}'::regnamespace[])
"""


@pytest.fixture
def teacher(town: Town) -> Client:
    return factories.signed_in(town.teacher)


def words(browser: Client, **typed: str) -> str:
    answer = browser.post(PAGE, TYPED | typed)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def make_traits() -> None:
    with as_worker():
        people.keep_up_to_date()


def test_a_neighbour_is_noticed(town: Town, add: AddChildren, teacher: Client) -> None:
    (child,) = add(full_draft(town))
    make_traits()
    assert kept_of_user(town.teacher).homes == ()

    told = teacher.post(PAGE, TYPED, follow=True)
    make_traits()

    assert "We keep fingerprints of your home, and have forgotten the address." in unescape(told.content.decode())
    assert kept_of_user(town.teacher).homes[0] in kept(child).homes
    assert kept_of_user(town.teacher).postcodes[0] in kept(child).postcodes
    assert kept_of_user(town.teacher).near[0] in kept(child).near
    assert kept_of_user(town.colleague).homes == ()


def test_the_address_is_stored_nowhere(town: Town, teacher: Client, as_owner: OwnerContext) -> None:
    """Not even sealed: what is sealed holds three numbers, and the session nothing of it."""
    teacher.post(PAGE, TYPED | {"street": "Zqxwvut Lane", "postcode": "W1A 9ZZ"})
    teacher.post(PAGE, TYPED | {"street": "Zqxwvut Lane", "postcode": "nowhere"})
    make_traits()
    with as_owner(), connection.cursor() as cursor:
        (row,) = OwnHome.objects.all()
        home = prints.home("12 Zqxwvut Lane", "W1A 9ZZ")
        assert row.prints.open() == (home.home, home.postcode, home.near)
        cursor.execute(EVERY_TABLE)
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT row_::text FROM {table} AS row_")
            text = "\n".join(text for (text,) in cursor.fetchall()).lower()
            assert "zqxwvut" not in text
            assert "w1a" not in text
    assert not any("zqxwvut" in str(value).lower() for _key, value in teacher.session.items())
    assert "Zqxwvut" not in teacher.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"house": ""}, "Enter the number or the name of the house"),
        ({"house": "-"}, "Enter the number or the name of the house"),
        ({"house": "x" * 41}, "House number or name must be 40 characters or fewer"),
        ({"street": ""}, "Enter the name of the street, like Oak Road"),
        ({"street": "12 Oak Road"}, "without the number of the house"),
        ({"postcode": ""}, "Enter the full postcode, like M33 4AB"),
        ({"postcode": "M33"}, "Enter a full postcode, like M33 4AB"),
        ({"postcode": "nowhere at all"}, "Enter a full postcode, like M33 4AB"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    town: Town, teacher: Client, as_owner: OwnerContext, typed: dict[str, str], said: str
) -> None:
    page = words(teacher, **typed)
    assert said in page
    for kept_text in (TYPED | typed).values():
        assert not kept_text.strip() or f'value="{kept_text.strip()}"' in page
    with as_owner():
        assert not OwnHome.objects.exists()


def test_who_moves_tells_the_new_home_and_the_old_one_stays(town: Town, teacher: Client) -> None:
    teacher.post(PAGE, TYPED)
    assert "You have told us 1 home so far." in teacher.get(PAGE).content.decode()
    make_traits()
    teacher.post(PAGE, TYPED | {"house": "Rose Cottage", "street": "Mill Lane"})
    make_traits()
    assert kept_of_user(town.teacher).homes == (
        prints.home("12 Hidden Lane", "M33 4AB").home,
        prints.home("Rose Cottage, Mill Lane", "M33 4AB").home,
    )
    assert len(kept_of_user(town.teacher).postcodes) == 1


def test_nobody_fills_the_table(town: Town, teacher: Client, as_owner: OwnerContext) -> None:
    actor = town.actor()
    for number in range(MOST_TOLD):
        tell_home(actor=actor, lines=f"{number} Oak Road", postcode="M33 4AB")
    answer = teacher.post(PAGE, TYPED)
    assert answer.status_code == 409
    assert TOO_MANY in unescape(answer.content.decode())
    with as_owner():
        assert OwnHome.objects.count() == MOST_TOLD


def test_nobody_tells_a_home_for_somebody_else_or_reads_what_was_told(
    town: Town, running_servers: Servers, own_database: str
) -> None:
    actor = town.actor()
    tell_home(actor=actor, lines="12 Hidden Lane", postcode="M33 4AB")
    tell_home(actor=town.actor("colleague"), lines="12 Hidden Lane", postcode="M33 4AB")
    add = "INSERT INTO access_ownhome (user_id, row_version, prints) VALUES (%s, 1, %s)"
    sealed = b"\x01" * 49
    with psycopg.connect(running_servers.database_address("web", own_database), autocommit=True) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(add, [actor.user_id, sealed])
        show_session(web, actor)
        assert web.execute("SELECT user_id FROM access_ownhome").fetchall() == [(actor.user_id,)]
        web.execute(add, [actor.user_id, sealed])
        for statement, arguments in (
            (add, [town.colleague.pk, sealed]),
            ("SELECT prints FROM access_ownhome", []),
            ("UPDATE access_ownhome SET user_id = user_id", []),
            ("DELETE FROM access_ownhome", []),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement, arguments)


def test_everybody_who_is_in_is_asked_on_their_own_page(town: Town, teacher: Client) -> None:
    assert PAGE in teacher.get(reverse("my_access")).content.decode()
