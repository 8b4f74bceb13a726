"""Each rule of who is near to whom: a look that it finds, and its honest twin."""

import pytest

from audit.events import EventKind
from registry.traits.values import ChildTraits
from review.examining.known import Colleagues, Known, Person
from review.rules import ALL, NAMES, RELATIONS
from review.rules.weights import weights
from tests.unit.review.knowing import (
    ADMINISTRATOR,
    CHILD,
    COLLEAGUE,
    COMMON,
    COMMON_WHOLE,
    OTHER_SCHOOL,
    RARE,
    RARE_WHOLE,
    SCHOOL,
    TEACHER,
    accessed,
    happened,
    known,
    person,
)


def found(code: str, subject: Person, by: Known) -> float:
    rule = next(each for each in RELATIONS if each.code == code)
    return rule.bits(accessed(), subject, by)


def with_child(**traits: object) -> Known:
    return known(children={CHILD: ChildTraits(**traits)})  # type: ignore[arg-type]


def test_same_family_fires() -> None:
    assert found("same_family", person(family=RARE), with_child(families=(COMMON, RARE))) == 4
    assert found("same_family", person(family=RARE), with_child(guardian_families=(RARE,))) == 4


def test_same_family_honest_twin_has_a_common_name_or_another() -> None:
    assert found("same_family", person(family=COMMON), with_child(families=(COMMON,))) == 0
    assert found("same_family", person(family=RARE), with_child(families=(COMMON,))) == 0
    assert found("same_family", person(), with_child(families=(RARE,))) == 0


def test_same_family_is_not_said_again_where_the_whole_name_is_the_same() -> None:
    user = person(family=RARE, whole=RARE_WHOLE)
    assert found("same_family", user, with_child(guardians=(RARE_WHOLE,), guardian_families=(RARE,))) == 0


def test_own_name_fires() -> None:
    assert found("own_name", person(whole=RARE_WHOLE), with_child(guardians=(COMMON_WHOLE, RARE_WHOLE))) == 7


def test_own_name_honest_twin_shares_a_common_name() -> None:
    assert found("own_name", person(whole=COMMON_WHOLE), with_child(guardians=(COMMON_WHOLE,))) == 0


def test_same_home_fires_for_a_present_and_a_former_one() -> None:
    assert found("same_home", person(homes=(5,)), with_child(homes=(9, 5))) == 9


def test_same_home_honest_twin_has_no_known_address() -> None:
    """0 stands for an address that is not known, and is nobody's home."""
    assert found("same_home", person(homes=(0,)), with_child(homes=(0,))) == 0
    assert found("same_home", person(homes=(5,)), with_child(homes=(6,))) == 0


def test_near_home_fires() -> None:
    assert found("near_home", person(postcodes=(5,)), with_child(postcodes=(5,))) == 5


def test_near_home_honest_twin_lives_in_the_same_part_of_town_or_is_found_at_home_already() -> None:
    assert found("near_home", person(postcodes=(5,), near=(3,)), with_child(postcodes=(6,), near=(3,))) == 0
    assert found("near_home", person(homes=(1,), postcodes=(5,)), with_child(homes=(1,), postcodes=(5,))) == 0


def test_same_telephone_fires() -> None:
    assert found("same_telephone", person(telephones=(5,)), with_child(telephones=(4, 5))) == 8


def test_same_telephone_honest_twin_has_none() -> None:
    assert found("same_telephone", person(telephones=()), with_child(telephones=())) == 0
    assert found("same_telephone", person(telephones=(0,)), with_child(telephones=(0,))) == 0


def staff(*people: Person) -> dict[int, Colleagues]:
    colleagues = Colleagues()
    for each in people:
        colleagues.add(each)
    return {SCHOOL: colleagues}


def test_colleagues_child_fires() -> None:
    by = with_child(guardians=(RARE_WHOLE,))
    by.colleagues = staff(person(), person(COLLEAGUE, whole=RARE_WHOLE))
    assert found("colleagues_child", person(), by) > 4


def test_colleagues_home_fires_and_is_no_name() -> None:
    by = with_child(homes=(5,))
    by.colleagues = staff(person(), person(COLLEAGUE, homes=(5,)))
    assert found("colleagues_home", person(), by) == 6
    assert "colleagues_home" not in NAMES


def test_colleagues_home_honest_twin_works_with_many() -> None:
    """Of a child by chance one of a hundred colleagues is the parent a hundred times more often than one is."""
    by = with_child(homes=(5,))
    by.colleagues = staff(*(person(number, homes=(5,) if number == 200 else ()) for number in range(200, 328)))
    assert found("colleagues_home", person(), by) == 2


def test_colleagues_child_honest_twin_works_with_thousands_or_has_a_common_name() -> None:
    by = with_child(guardians=(RARE_WHOLE, COMMON_WHOLE))
    by.colleagues = staff(*(person(number, whole=RARE_WHOLE) for number in range(200, 300)))
    assert found("colleagues_child", person(), by) == 0
    by.colleagues = staff(person(), person(COLLEAGUE, whole=COMMON_WHOLE))
    assert found("colleagues_child", person(), by) == 0


def test_colleagues_home_honest_twin_looks_at_their_own_or_works_elsewhere() -> None:
    by = with_child(homes=(5,))
    by.colleagues = staff(person(homes=(5,)), person(COLLEAGUE))
    assert found("colleagues_home", person(homes=(5,)), by) == 0
    assert found("colleagues_home", person(organisation_id=OTHER_SCHOOL), by) == 0


def step(code: str, kind: EventKind, by: Known) -> tuple[int | None, float]:
    from review.rules import STEPS

    rule = next(each for each in STEPS if each.code == code)
    event = happened(kind, ADMINISTRATOR, None, user_id=TEACHER)
    assert event.kind in rule.kinds
    return rule.subject(event), rule.bits(event, by)


def test_own_kin_fires() -> None:
    at_home = known(person(ADMINISTRATOR, homes=(5,)), person(TEACHER, homes=(5,)))
    by_name = known(person(ADMINISTRATOR, family=RARE), person(TEACHER, family=RARE))
    assert step("own_kin", EventKind.USER_APPROVED, at_home) == (ADMINISTRATOR, 6)
    assert step("own_kin", EventKind.USER_READ, by_name) == (ADMINISTRATOR, 4)


def test_own_kin_honest_twin_shares_a_common_name() -> None:
    by = known(person(ADMINISTRATOR, family=COMMON), person(TEACHER, family=COMMON))
    assert step("own_kin", EventKind.USER_APPROVED, by)[1] == 0


@pytest.mark.parametrize("code", sorted(NAMES))
def test_no_name_makes_a_case_by_itself(code: str) -> None:
    assert ALL[code].weight.most < weights().score.threshold
    assert weights().score.names < weights().score.threshold
