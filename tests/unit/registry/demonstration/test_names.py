"""Names must be as England's are: many traditions, many spellings, and a long tail."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from registry.demonstration.england import Places, households
from registry.demonstration.names import FamilyName, feminine, name_book
from registry.demonstration.shapes import Origin
from registry.vocabulary import Gender, NameKind


@pytest.fixture(scope="module")
def names():
    made = households(Places.load(), seed=3, children=40_000, today=date(2026, 11, 22))
    return [name for home in made for child in home.children for name in child.names]


@pytest.mark.parametrize(
    "spelling", ["Muhammad", "Mohammed", "Mohammad", "Mohamed", "Yusuf", "Yousuf", "Yousef", "Oluwaseun", "Łukasz"]
)
def test_transliterations_occur(names, spelling):
    assert any(spelling in name.given.split() for name in names)


@pytest.mark.parametrize(
    "surname",
    ["Smith", "Khan", "Kaur", "Singh", "Chen", "Chan", "Kowalski", "Kowalska", "O'Brien", "D'Souza", "Nguyen", "Cohen"],
)
def test_surnames_of_many_origins_occur(names, surname):
    assert any(surname in name.family.split("-") for name in names)


def test_accents_apostrophes_hyphens_particles_and_initials_occur(names):
    families = {name.family for name in names}
    assert any(not family.isascii() for family in families)
    assert any(family.startswith("O'") for family in families)
    assert any(family.startswith(("al-", "Al-")) for family in families)
    assert any(family.startswith(("van ", "de ", "dos ", "da ")) for family in families)
    assert any(family.startswith(("Mc", "Mac")) for family in families)
    givens = {name.given for name in names}
    assert any("-" in given for given in givens)
    assert any(len(part) == 1 for given in givens for part in given.split()[1:])
    assert "Zoë" in {given.split()[0] for given in givens}


def test_short_forms_are_known_as(names):
    known_as = {name.given for name in names if name.kind is NameKind.KNOWN_AS}
    assert known_as & {"Alfie", "Tom", "Will", "Charlie", "Izzy", "Ollie"}


def test_the_tail_of_surnames_is_long(names):
    counts = Counter(name.family for name in names)
    once = sum(count == 1 for count in counts.values())
    assert len(counts) > 5000
    assert once > 2000
    assert counts.most_common(1)[0][1] < 0.015 * len(names)


def test_england_s_forenames_lead(names):
    first = Counter(name.given.split()[0] for name in names)
    assert {"Oliver", "Olivia", "Amelia", "Jack", "Harry"} <= {name for name, _ in first.most_common(60)}


@pytest.mark.parametrize(
    ("surname", "form"),
    [
        ("Kowalski", "Kowalska"), ("Nowicki", "Nowicka"), ("Ivanov", "Ivanova"), ("Kazlauskas", "Kazlauskaitė"),
        ("Nowak", "Nowak"), ("Smith", "Smith"),
    ],
)  # fmt: skip
def test_feminine_forms(surname, form):
    assert feminine(surname) == form


@pytest.mark.parametrize(("gender", "borne"), [(Gender.FEMALE, "Kaur"), (Gender.MALE, "Singh")])
def test_singh_and_kaur(gender, borne):
    assert FamilyName("Singh", Origin.SIKH, gendered=False).borne_by(gender) == borne


@pytest.mark.parametrize("origin", list(Origin))
def test_every_origin_has_names_for_everyone(origin):
    random, book = Random(1), name_book()  # noqa: S311 - a seed, not a secret
    for gender in (Gender.FEMALE, Gender.MALE):
        drawn = {book.given(random, origin, gender) for _ in range(200)}
        assert len(drawn) > 60
        assert all(name[0].isupper() for name in drawn)
    assert len({book.family_name(random, origin).text for _ in range(300)}) > 25


def test_spellings_are_the_others_of_the_group():
    assert "Muhammad" in name_book().spellings("Mohammed")
    assert "Mohammed" not in name_book().spellings("Mohammed")
    assert name_book().spellings("Nobody") == ()
