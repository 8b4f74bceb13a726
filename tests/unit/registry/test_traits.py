"""What can be compared: alike where two values are one value written in two ways, and nowhere else."""

import json
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.people.traits import Home
from registry.demonstration import rarity as synthetic
from registry.demonstration.shapes import Origin
from registry.traits import people, prints, rarity
from registry.traits.making import school_year, traits_of
from registry.traits.values import KEPT, OPEN, SERVICE_CODES, ChildTraits, Involved, Rare
from registry.values import Address, GuardianDetails, InvolvementDetails, Name, PostalAddress, Provenance
from registry.vocabulary import AddressState, Relation, Service, Source
from tests.unit.registry.values import names

SAID = Provenance(Source.LOCAL_AUTHORITY, date(2026, 1, 5))
POSTCODE = "M33 4AB"


def family(text: str) -> Rare:
    found = prints.family(text)
    assert found
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("Núñez", "Nunez"),
        ("de Souza", "Desouza"),
        ("Al-Hassan", "Al Hassan"),
        ("Kowalski", "Kowalska"),
        ("Wiśniewska", "Wisniewski"),
        ("Ivanov", "Ivanova"),
    ],
)
def test_one_family_is_one_however_it_is_written(one: str, other: str) -> None:
    assert family(one) == family(other)


@pytest.mark.parametrize(("one", "other"), [("Smith", "Smyth"), ("Oska", "Oski"), ("Eva", "Ev"), ("Khan", "Kahn")])
def test_another_name_is_another(one: str, other: str) -> None:
    assert family(one).print != family(other).print


def test_each_half_of_a_double_name_is_compared_too() -> None:
    whole, *halves = prints.families("Smith-Jones")
    assert whole == family("Smith-Jones")
    assert halves == [family("Smith"), family("Jones")]
    assert prints.families("Smith") == (family("Smith"),)


@pytest.mark.parametrize("text", ["", "-", "1234", "  "])
def test_no_name_is_nothing_to_compare(text: str) -> None:
    assert prints.family(text) is None
    assert prints.families(text) == ()
    assert prints.whole("Sara", text) is None
    assert prints.whole(text, "Khan") is None


@given(first=names, other=names)
def test_names_give_forty_bits_and_a_rarity_within_bounds(first: str, other: str) -> None:
    for each in (*prints.families(other), prints.whole(first, other)):
        assert each is not None
        assert 0 <= each.print < 2**40
        assert 0 <= each.bits <= rarity.MOST_BITS


@pytest.mark.parametrize(
    ("name", "given_names", "family_name"),
    [
        ("Ama Boateng", "Ama", "Boateng"),
        ("Dr Sara Jane Khan", "Sara Jane", "Khan"),
        ("Pieter van der Berg", "Pieter", "van der Berg"),
        ("Mohammed Al Hassan", "Mohammed", "Al Hassan"),
        ("Li Na", "Li", "Na"),  # a forename is left, though Na is a particle and Li might be
        ("Sara Smith-Jones", "Sara", "Smith-Jones"),
        ("Cher", "", "Cher"),
        ("Dr", "", "Dr"),
        ("", "", ""),
    ],
)
def test_a_users_name_is_taken_apart(name: str, given_names: str, family_name: str) -> None:
    assert prints.apart(name) == (given_names, family_name)


def test_a_user_compares_with_a_guardian_and_a_child_of_their_name() -> None:
    user = people.traits_of("Farah Kowalska", "+447700900123;ext=2")
    child = a_child()
    assert user.whole in child.guardians
    assert user.family in child.guardian_families
    assert user.family in child.families
    assert user.telephones == child.telephones
    assert people.traits_of("Cher", None).whole is None
    assert people.traits_of("Cher", None).telephones == ()


def home() -> Home:
    return prints.home("33 Oak Road", POSTCODE)


@pytest.mark.parametrize("lines", ["33, Oak Rd.", "33 OAK ROAD", "33 Oak Street"])
def test_one_home_is_one_however_it_is_written(lines: str) -> None:
    assert prints.home(lines, POSTCODE) == home()


@pytest.mark.parametrize("lines", ["35 Oak Road", "33a Oak Road", "33 Elm Road", "Flat 2, 33 Oak Road", "Oak Road"])
def test_next_door_is_near_and_not_the_same_home(lines: str) -> None:
    other = prints.home(lines, POSTCODE)
    assert other.home not in {home().home, 0}
    assert (other.postcode, other.near) == (home().postcode, home().near)


def test_houses_without_numbers_are_told_apart_by_their_names() -> None:
    rose, ivy = (prints.home(f"{name} Cottage, Mill Lane", POSTCODE) for name in ("Rose", "Ivy"))
    assert rose.home != ivy.home
    assert rose == prints.home("ROSE COTTAGE, Mill Ln", POSTCODE)


def test_the_same_sector_is_near_and_what_is_not_known_is_nothing() -> None:
    assert prints.home("1 Elm Road", "M33 4ZZ").near == home().near
    assert prints.home("1 Elm Road", "M33 5AB").near != home().near
    assert prints.home("33 Oak Road", "") == Home(0, 0, 0)
    assert prints.home("", POSTCODE).home == 0
    assert prints.home("33 Oak Road", "M33") == Home(0, 0, 0)


def a_child() -> ChildTraits:
    now = Address(AddressState.CURRENT, PostalAddress(("33 Oak Road",), "Sale", POSTCODE), None, None, SAID)
    before = Address(AddressState.LAST_KNOWN, PostalAddress(("1 Elm Road",), "Sale", "M33 4ZZ"), None, None, SAID)
    unknown = Address(AddressState.NONE_KNOWN, None, None, None, SAID)
    return traits_of(
        date_of_birth=date(2017, 4, 9),
        names=[Name("Amina", "Kowalska", None, None, SAID), Name("Amina", "Malik-Kowalska", None, None, SAID)],
        addresses=[now, before, unknown],
        guardians=[
            GuardianDetails("Farah Jane", "Kowalska", Relation.MOTHER, True, True, "+447700900123", SAID),
            GuardianDetails("Jan", "Kowalski", Relation.FATHER, True, False, None, SAID),
        ],
        involvements=[
            InvolvementDetails(4, Service.SCHOOL, "", "", date(2021, 9, 1), None, None, SAID),
            InvolvementDetails(9, Service.MENTAL_HEALTH, "", "", date(2024, 1, 2), date(2024, 3, 4), None, SAID),
        ],
    )


def test_a_childs_traits_are_all_that_is_known_and_each_once() -> None:
    made = a_child()
    assert made.families == (family("Kowalski"), family("Malik-Kowalska"), family("Malik"))
    assert made.guardians == (prints.whole("Farah", "Kowalski"), prints.whole("Jan", "Kowalski"))
    assert made.guardian_families == (family("Kowalski"),)
    assert made.homes == (home().home, prints.home("1 Elm Road", "M33 4ZZ").home)
    assert len(made.postcodes) == 2
    assert made.near == (home().near,)
    assert made.telephones == (prints.telephone("+447700900123"),)
    assert made.involved == (
        Involved(4, SERVICE_CODES[Service.SCHOOL], date(2021, 9, 1).toordinal(), OPEN),
        Involved(9, SERVICE_CODES[Service.MENTAL_HEALTH], date(2024, 1, 2).toordinal(), date(2024, 3, 4).toordinal()),
    )
    assert made.born == 2016


@pytest.mark.parametrize(
    ("born", "year"), [(date(2015, 9, 1), 2015), (date(2016, 8, 31), 2015), (date(2016, 9, 1), 2016)]
)
def test_school_years_end_with_august(born: date, year: int) -> None:
    assert school_year(born) == year


def test_every_service_has_a_code_of_its_own_and_none_moves() -> None:
    assert set(SERVICE_CODES) == set(Service)
    assert len(set(SERVICE_CODES.values())) == len(SERVICE_CODES)
    assert (SERVICE_CODES[Service.SCHOOL], SERVICE_CODES[Service.SUBSTANCE_MISUSE]) == (1, 19)


def test_children_of_few_and_of_many_relations_take_the_same_room() -> None:
    assert len(msgspec.msgpack.encode(a_child())) < 256
    assert KEPT._pad_to == 256


def test_common_names_weigh_little_and_names_that_nobody_counted_are_not_taken_for_the_rarest() -> None:
    assert rarity.of_family("smith") < rarity.of_family("kowalski") < rarity.of_family("nobodyhasit") == 14
    assert rarity.of_whole("sarah", "smith") < rarity.of_whole("zebedee", "smith") <= rarity.MOST_BITS


def test_names_that_go_together_are_counted_together() -> None:
    """Reckoned apart, a Mohammed Khan would look eight times rarer than he is, and be suspected the more."""
    apart = rarity.table()
    given_share = sum(share * apart._groups[group] for group, share in apart._given["mohammed"])
    assert apart.whole("mohammed", "khan") > 4 * given_share * apart.family("khan")


def test_table_is_what_the_lists_say() -> None:
    """`manage.py estimate_rarity` writes it anew."""
    assert json.loads(rarity.FILE.read_text()) == synthetic.table()


@pytest.mark.parametrize("origin", [Origin.ENGLISH, Origin.POLISH, Origin.SIKH, Origin.MUSLIM_SOUTH_ASIAN])
def test_shares_of_an_origin_come_to_no_more_than_all(origin: Origin) -> None:
    assert 0.5 < sum(synthetic.families(origin).values()) <= 1.0001
    assert sum(synthetic.given(origin).values()) == pytest.approx(1, abs=0.02)


@given(st.text(max_size=30))
def test_nothing_typed_as_a_name_breaks_it(text: str) -> None:
    people.traits_of(text, None)
