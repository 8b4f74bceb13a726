"""The synthetic authority: the same for the same seed, fit to be shown, and nobody's."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import islice

import pytest

from registry.demonstration.england import Places, household, households, organisations
from registry.demonstration.shapes import Child, Household, Organisation
from registry.rules import numbers as registry_numbers
from registry.vocabulary import EDUCATION_SERVICES, SENSITIVE_SERVICES, AddressState, NameKind, Service

TODAY = date(2026, 11, 22)
CHILDREN = 20_000
RESERVED_TELEPHONES = ("0161 496 0", "07700 900")


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load()


@pytest.fixture(scope="module")
def authority(places: Places) -> list[Household]:
    return list(households(places, seed=1, children=CHILDREN, today=TODAY))


@pytest.fixture(scope="module")
def children(authority: list[Household]) -> list[Child]:
    return [child for home in authority for child in home.children]


@pytest.fixture(scope="module")
def directory(places: Places) -> dict[str, Organisation]:
    return {each.key: each for each in organisations(places)}


def share(children: list[Child], meets) -> float:
    return sum(1 for child in children if meets(child)) / len(children)


def age(child: Child) -> int:
    born = child.date_of_birth
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def test_same_seed_makes_the_same_authority(places, authority):
    assert list(households(places, seed=1, children=500, today=TODAY)) == authority[: _count(authority, 500)]


def test_another_seed_makes_another(places, authority):
    assert next(households(places, seed=2, children=1, today=TODAY)) != authority[0]


def test_chunks_fit_together(places, authority):
    later = households(places, seed=1, children=CHILDREN, today=TODAY, start=2395)
    assert list(islice(later, 10)) == authority[2395:2405]


def test_hash_seed_changes_nothing(places):
    code = (
        "from datetime import date\n"
        "from registry.demonstration.england import Places, households\n"
        "import zlib\n"
        "made = list(households(Places.load(), seed=5, children=800, today=date(2026, 11, 22)))\n"
        "print(zlib.crc32(repr(made).encode()))\n"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_as_many_children_as_asked_for(children):
    assert CHILDREN <= len(children) <= CHILDREN + 5


def test_everyone_is_a_child_today(children):
    assert {age(child) for child in children} == set(range(18))
    assert all(child.date_of_birth <= TODAY for child in children)


def test_ages_are_spread_evenly(children):
    counts = Counter(age(child) for child in children)
    assert max(counts.values()) < 1.25 * min(counts.values())


def test_someone_born_on_29_february_is_under_eighteen(places):
    leap_day = date(2028, 2, 29)
    made = [child for home in households(places, seed=1, children=2000, today=leap_day) for child in home.children]
    assert all(date(2010, 3, 1) <= child.date_of_birth <= leap_day for child in made)


def test_nothing_is_in_the_future(authority, children):
    for child in children:
        days = [name.valid_from for name in child.names]
        days += [day for each in child.involvements for day in (each.started_on, each.ended_on) if day]
        days += [day for day in (child.gp_since, child.school_since) if day]
        assert max(days) <= TODAY
    assert all(home.moved_on < TODAY for home in authority if home.moved_on)


def test_every_date_follows_birth_and_each_end_its_start(children):
    for child in children:
        assert child.gp_since >= child.date_of_birth
        for each in child.involvements:
            assert each.started_on >= child.date_of_birth
            assert each.ended_on is None or each.ended_on >= each.started_on
        for name in child.names:
            assert name.valid_to is None or name.valid_to > name.valid_from


def test_numbers_pass_the_registry_s_own_validators(children):
    for child in children:
        assert registry_numbers.nhs_number(child.nhs_number) == child.nhs_number
        if child.upn:
            assert registry_numbers.pupil_number(child.upn) == child.upn


def test_numbers_are_unique_and_of_the_test_range(children):
    assert len({child.nhs_number for child in children}) == len(children)
    assert all(child.nhs_number.startswith("999") for child in children)
    upns = [child.upn for child in children if child.upn]
    assert len(set(upns)) == len(upns)
    assert all(upn[1:4] == "358" for upn in upns)


def test_telephones_ring_nobody(authority, directory):
    given = [guardian.telephone for home in authority for guardian in home.guardians]
    given += [each.telephone for home in authority for child in home.children for each in child.involvements]
    given += [each.telephone for each in directory.values()]
    assert all(number.startswith(RESERVED_TELEPHONES) for number in given)


def test_every_organisation_named_is_in_the_directory(children, directory):
    for child in children:
        assert Service.GP in directory[child.gp].services
        assert child.school is None or Service.SCHOOL in directory[child.school].services
        assert all(each.service in directory[each.organisation].services for each in child.involvements)


def test_every_child_has_a_guardian_at_home(authority):
    for home in authority:
        looked_after = {
            position for guardian in home.guardians if guardian.lives_with_child for position in guardian.children
        }
        assert looked_after == set(range(len(home.children)))


def test_schools_take_children_of_that_age_only(places, children):
    by_urn = {school.urn: school for school in places.schools}
    placed = [child for child in children if child.school]
    assert all((child.school is None) == (child.school_since is None) for child in children)
    for child in placed:
        september = child.date_of_birth.replace(month=9, day=1)
        started = child.date_of_birth <= september
        assert by_urn[child.school].takes(2026 - september.year - (not started), _sex(places, child))
    assert 0.70 < len(placed) / len(children) < 0.82


def test_one_legal_name_in_use_stands_first(children):
    for child in children:
        kinds = [name.kind for name in child.names]
        assert kinds[0] is NameKind.LEGAL
        assert kinds.count(NameKind.LEGAL) == 1
        assert all(name.given.strip() and name.family.strip() for name in child.names)


def test_shares_that_matter(children):
    def works(*services):
        return lambda child: any(each.service in services and not each.ended_on for each in child.involvements)

    def has(kind):
        return lambda child: any(name.kind is kind for name in child.names)

    assert 0.065 < share(children, works(Service.SOCIAL_CARE, Service.EARLY_HELP)) < 0.105
    assert 0.02 < share(children, works(*SENSITIVE_SERVICES)) < 0.04
    assert 0.003 < share(children, lambda child: child.shielded) < 0.008
    assert 0.02 < share(children, lambda child: child.twin) < 0.04
    assert 0.03 < share(children, has(NameKind.FORMER)) < 0.055
    assert 0.045 < share(children, has(NameKind.KNOWN_AS)) < 0.075
    assert 0.06 < share(children, lambda child: "-" in child.names[0].family) < 0.13
    assert 0.005 < share(children, lambda child: child.address_state is not AddressState.CURRENT) < 0.03


def test_a_recent_move_has_an_earlier_address(authority):
    moved = [home for home in authority if home.previous_address]
    assert 0.02 < len(moved) / len(authority) < 0.04
    assert all((home.previous_address is None) == (home.moved_on is None) for home in authority)


def test_sensitive_services_have_a_basis_and_only_they(children):
    for child in children:
        for each in child.involvements:
            assert (each.basis is not None) == (each.service in SENSITIVE_SERVICES)
            if each.service in {Service.SEXUAL_HEALTH, Service.SUBSTANCE_MISUSE}:
                assert age(child) >= 11


def test_three_services_have_one_lead_who_is_no_sensitive_one(children):
    for child in children:
        current = [each for each in child.involvements if each.ended_on is None]
        present = [each for each in current if each.service not in EDUCATION_SERVICES]
        leads = [each for each in child.involvements if each.lead]
        open_to_all = [each for each in present if each.basis is None]
        assert len(leads) == (1 if len(present) >= 3 and open_to_all else 0)
        assert all(lead in open_to_all for lead in leads)


def test_a_few_lives_are_complex(children):
    assert max(sum(not each.ended_on for each in child.involvements) for child in children) >= 7


def test_a_foster_child_has_social_care(authority):
    cared_for = [
        child
        for home in authority
        for guardian in home.guardians
        if guardian.relation == "foster_carer"
        for child in home.children
        if child.address_state not in {AddressState.LEFT_RETURNING, AddressState.LEFT_NOT_RETURNING}
        and child.address_state is not AddressState.LEFT_UNKNOWN
    ]
    assert cared_for
    assert all(any(each.service is Service.SOCIAL_CARE for each in child.involvements) for child in cared_for)


def test_twins_share_a_birthday_and_siblings_no_forename(authority):
    for home in authority:
        days = Counter(child.date_of_birth for child in home.children if child.twin)
        assert all(count >= 2 for count in days.values())
        first_names = [child.names[0].given for child in home.children]
        assert len(set(first_names)) == len(first_names)


def test_namesakes_occur_some_with_one_birthday(children):
    called = Counter((child.names[0].given.split()[0], child.names[0].family) for child in children)
    assert sum(count > 1 for count in called.values()) > 50
    born = Counter((child.names[0].given, child.names[0].family, child.date_of_birth) for child in children)
    assert sum(count > 1 for count in born.values()) >= 3


def test_addresses_are_of_the_authority(places, authority):
    codes = {district.code for district in places.districts.values}
    streets: dict[str, set[str]] = {}
    for home in authority:
        outward, inward = home.address.postcode.split()
        assert outward in codes
        assert inward[0].isdigit()
        street = next(line for line in home.address.lines if not line.startswith("Flat ")).split(" ", 1)[1]
        streets.setdefault(home.address.postcode, set()).add(street)
    assert all(len(names) == 1 for names in streets.values())


def test_household_is_found_by_number(places, authority):
    assert household(places, seed=1, number=77, today=TODAY) == authority[77]


def test_moved_children_left_a_practice_behind(authority):
    behind = [
        each
        for home in authority
        if home.moved_on
        for child in home.children
        for each in child.involvements
        if each.service is Service.GP and each.ended_on == home.moved_on
    ]
    assert behind
    assert all(each.started_on < each.ended_on - timedelta(days=30) for each in behind)


def _count(authority: list[Household], children: int) -> int:
    """How many households hold the first so many children."""
    made = 0
    for number, home in enumerate(authority, start=1):
        made += len(home.children)
        if made >= children:
            return number
    raise AssertionError("the authority is too small")


def _sex(places: Places, child: Child):
    """The gender by which a school admitted: for one not specified, whichever the school takes."""
    school = next(each for each in places.schools if each.urn == child.school)
    if child.gender == "not_specified" and school.gender != "mixed":
        return "female" if school.gender == "girls" else "male"
    return child.gender
