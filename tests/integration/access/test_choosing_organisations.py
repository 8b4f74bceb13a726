"""Choosing an organisation: part of its name, its postcode or its number; a list where several fit; nothing is lost."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import ClientSystem, Organisation, OrganisationKind, Role, UserState
from access.people.organisation_fields import named
from access.people.selectors.organisations import organisations_that_fit
from access.rules import grants
from pages.chooser import MOST_SHOWN
from tests import factories, people
from tests.conftest import OwnerContext

INVITE, PEOPLE, ASK_FOR_SYSTEM = reverse("invite_person"), reverse("people"), reverse("ask_for_system")
SCHOOLS = (
    # name, town, postcode, number
    ("St Mary’s School", "Sale", "M33 4AB", "106301"),
    ("St Mary's School", "Urmston", "M41 5XY", "106302"),
    ("Oak School, Hale", "Hale", "WA15 9NL", "106303"),
    ("Old School House Nursery", "Sale", "M33 7QQ", "EY-40"),
    ("Schoolfield Academy", "Stretford", "M32 0JG", "1063"),
)


@dataclass
class World:
    """A council's administrator, the schools it answers for, and one school that it does not."""

    authority: Organisation
    schools: list[Organisation]
    browser: Client

    def text(self, **typed: str) -> str:
        return unescape(self.post(**typed).content.decode())

    def post(self, **typed: str) -> HttpResponse:
        told = {"name": "Mary O'Neill", "email": "mary.oneill@example.org", "role": "mediator", **typed}
        return self.browser.post(INVITE, told)


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        schools = [school(authority, *told) for told in SCHOOLS]
        school(
            factories.organisation(kind=OrganisationKind.AUTHORITY), "School of Another Council", "Sale", "M33 4AB", "9"
        )
        administrator = factories.user(role=Role.ADMINISTRATOR, works_for=authority)
    return World(authority, schools, factories.signed_in(administrator))


def school(authority: Organisation, name: str, town: str, postcode: str, number: str) -> Organisation:
    made = factories.organisation(authority=authority)
    made.name, made.town, made.postcode, made.directory_code = name, town, postcode, number
    made.save()
    return made


def choices(page: str) -> list[tuple[str, str, str]]:
    """The radios of the list: value, text, hint."""
    found = re.findall(
        r'name="organisation_pick" type="radio" value="([^"]*)"[^>]*>\s*<label[^>]*>(.*?)</label>'
        r"\s*(?:<div[^>]*govuk-radios__hint[^>]*>(.*?)</div>)?",
        page,
        re.DOTALL,
    )
    return [(value, clear(text), clear(hint)) for value, text, hint in found]


def clear(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def fitting(typed: str) -> list[str]:
    return [one.directory_code for one in organisations_that_fit(Organisation.objects.exclude(kind="authority"), typed)]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("oak", ["106303"]),
        ("st marys", ["106301", "106302"]),
        ("ST. MARY'S SCHOOL", ["106301", "106302"]),
        ("St Mary`s School", ["106301", "106302"]),
        ("St\u00a0Mary\u02bcs\u200b School", ["106301", "106302"]),
        ("st marys urmston", ["106302"]),
        ("m33 4ab mary", ["106301"]),
        ("m334ab mary", ["106301"]),
        ("wa15", ["106303"]),
        ("1063", ["1063"]),  # a whole number, though others hold it
        ("10630", ["106303", "106301", "106302"]),
        ("ey 40", ["EY-40"]),
        ("ey40", ["EY-40"]),
        ("school ey-40", ["EY-40"]),
        ("school y-4", ["EY-40"]),
        ("school 4-0", []),  # its parts stand elsewhere, but not together
        ("schoolf", ["1063"]),
        # It begins the name; then a word of it; the rest holds it.
        ("school", ["9", "1063", "106303", "EY-40", "106301", "106302"]),
        ("Zainab Okonkwo", []),
        ("'", []),
        ("\0", []),
        ("%", []),
    ],
)
def test_what_is_typed_finds(world: World, typed: str, numbers: list[str]) -> None:
    assert fitting(typed) == numbers


def test_several_come_as_a_list_and_nothing_typed_is_lost(world: World) -> None:
    page = world.text(organisation="school")

    assert [text for _value, text, _hint in choices(page)] == [
        "Schoolfield Academy",
        "Oak School, Hale",
        "Old School House Nursery",
        "St Mary’s School",
        "St Mary's School",
    ], "those that one may choose, the best first"
    assert ("Schoolfield Academy", "Stretford, M32 0JG. School or college. Number 1063") in [
        each[1:] for each in choices(page)
    ]
    assert "5 fit what you entered" in page
    assert page.count("Select which organisation you mean") == 2, "in the summary and beside the list"
    assert 'href="#id_organisation_pick"' in page
    for kept in ('value="Mary O\'Neill"', 'value="mary.oneill@example.org"', 'value="school"'):
        assert kept in page
    assert re.search(r'value="mediator"\s+checked', page)


def test_one_is_picked_and_invited_for(world: World) -> None:
    wanted = world.schools[1]
    told = {"organisation": "st marys", "organisation_among": "st marys", "organisation_pick": str(wanted.pk)}
    assert world.post(**told).status_code == 302
    assert people.one(state=UserState.INVITED).organisation_id == wanted.pk


def test_the_pick_stays_where_something_else_is_wrong(world: World) -> None:
    wanted = world.schools[1]
    told = {"organisation": "st marys", "organisation_among": "st marys", "organisation_pick": str(wanted.pk)}
    page = world.text(**told, email="nobody")
    assert len(choices(page)) == 2
    assert re.search(rf'type="radio" value="{wanted.pk}" checked', page)
    assert "Select which organisation you mean" not in page


@pytest.mark.parametrize(
    "picked",
    [
        lambda _world: "",
        lambda _world: "made up",
        lambda world: str(world.authority.pk),
        lambda _world: str(Organisation.objects.get(directory_code="9").pk),
    ],
    ids=["none", "no id", "one that does not fit", "another council's"],
)
def test_what_is_none_of_the_list_is_no_choice(world: World, picked: Callable[[World], str]) -> None:
    told = {"organisation": "st marys", "organisation_among": "st marys", "organisation_pick": picked(world)}
    assert "Select which organisation you mean" in world.text(**told)
    assert not people.everybody(state=UserState.INVITED)


def test_who_types_something_else_is_not_held_to_the_old_list(world: World) -> None:
    told = {"organisation": "oak", "organisation_among": "st marys", "organisation_pick": str(world.schools[1].pk)}
    assert world.post(**told).status_code == 302
    assert people.one(state=UserState.INVITED).organisation.name == "Oak School, Hale"


def test_a_choice_from_the_old_list_is_none_of_the_new_one(world: World) -> None:
    told = {"organisation": "school", "organisation_among": "st marys", "organisation_pick": str(world.schools[1].pk)}
    page = world.text(**told)
    assert "Select which organisation you mean" in page
    assert not re.search(r'type="radio" value="\d+" checked', page)


@pytest.mark.parametrize("typed", ["106302", " 106302 ", "ey-40"])
def test_a_whole_number_goes_straight_through(world: World, typed: str) -> None:
    assert world.post(organisation=typed).status_code == 302


def test_many_come_cut_with_what_to_do(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        for number in range(MOST_SHOWN):
            school(world.authority, f"School {number:02}", "Sale", "M33 4AB", f"X{number}")
    page = world.text(organisation="school")
    assert len(choices(page)) == MOST_SHOWN
    assert "25 fit what you entered. These are the first 20" in page


def test_whoever_comes_from_an_organisations_page_has_it_chosen(world: World) -> None:
    wanted = world.schools[1]
    listed = world.browser.post(reverse("organisations"), {"name": wanted.directory_code}, follow=True).content.decode()
    reference = re.findall(r'href="/organisations/([\w-]+)/"', listed)[-1]
    page = unescape(world.browser.get(INVITE, {"organisation": reference}).content.decode())
    assert f'value="{named(wanted)}"' in page
    assert world.post(organisation=named(wanted)).status_code == 302
    assert people.one(state=UserState.INVITED).organisation_id == wanted.pk


def test_the_list_of_people_is_narrowed_to_all_that_fit_or_to_one(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        for number, each in enumerate(world.schools[:3]):
            factories.user(works_for=each, name=f"Person {'ABC'[number]}")

    def found(**typed: str) -> list[str]:
        page = world.browser.post(PEOPLE, typed, follow=True).content.decode()
        return sorted(re.findall("Person ([ABC])", page))

    assert found(organisation="school") == ["A", "B", "C"]
    assert found(organisation="st marys") == ["A", "B"]
    one = {"organisation_among": "st marys", "organisation_pick": str(world.schools[0].pk)}
    assert found(organisation="st marys", **one) == ["A"]
    page = unescape(world.browser.get(PEOPLE).content.decode())
    assert [text for _value, text, _hint in choices(page)] == ["All of them", "St Mary’s School", "St Mary's School"]
    assert re.search(rf'type="radio" value="{world.schools[0].pk}" checked', page)
    assert found(organisation="oak", **one) == ["C"]
    assert found(organisation="nowhere") == []


def test_a_system_is_asked_for_by_one_that_was_chosen(world: World) -> None:
    page = unescape(world.browser.get(ASK_FOR_SYSTEM).content.decode())
    assert f'value="{named(world.authority)}"' in page, "one's own to begin with"
    keys = json.dumps(factories.system_key().as_dict(private=False))
    told = {"name": "Personnel system", "purpose": "leavers", "days": "90", "keys": keys, "organisation": "st marys"}
    page = unescape(world.browser.post(ASK_FOR_SYSTEM, told).content.decode())
    assert len(choices(page)) == 2
    assert 'value="Personnel system"' in page
    picked = {"organisation_among": "st marys", "organisation_pick": str(world.schools[0].pk)}
    assert world.browser.post(ASK_FOR_SYSTEM, told | picked).status_code == 302
    assert ClientSystem.objects.get().organisation_id == world.schools[0].pk


def test_whoever_only_applies_finds_their_own_alone(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        head = factories.user(role=Role.ADMINISTRATOR, works_for=world.schools[0])
        grants.grant(head, grants.APPLY, world.schools[0])
    told = {"name": "Mary O'Neill", "email": "mary.oneill@example.org", "role": "practitioner"}
    browser = factories.signed_in(head)
    assert browser.post(INVITE, told | {"organisation": "school"}).status_code == 302
    assert people.one(state=UserState.INVITED).organisation_id == world.schools[0].pk
