"""The examiner finds out which auditors are near to whom, and says it in codes."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from access.models import OrganisationKind, Role
from access.people.traits import Rare
from review.examining.examiner import Examiner
from review.examining.nearness import Comparing
from review.models import Case, Compared, Conflict, Sampled
from tests.integration.examining.history import (
    AUDITOR,
    AUTHORITY,
    COLLEAGUE,
    ELSEWHERE,
    MONDAY,
    SCHOOL,
    SEALED,
    TEACHER,
    History,
)

CHILD = 1002
OTHER_AUDITOR = 103
COUNCIL_WORKER = 104
RARE, COMMON = Rare(111, 14), Rare(222, 7)


def suspect(history: History, number: int = TEACHER, organisation: int = SCHOOL, **traits: object) -> Case:
    """Somebody of whom there is enough for a case."""
    history.server.execute("DELETE FROM access_usertraits WHERE user_id = %s", [number])
    history.server.execute("DELETE FROM access_user WHERE id = %s", [number])
    history.person(number, organisation, telephones=(8,), postcodes=(6,), **traits)
    child = history.child(CHILD + number, homes=(5,), telephones=(8,), postcodes=(6,))
    history.event(child_id=child, actor_id=number, organisation_id=organisation)
    history.clock(after=timedelta(days=8))
    Examiner().examine()
    return Case.objects.get(person_id=number)


def said() -> dict[tuple[int, int], list[str]]:
    return {(each.auditor_id, each.person_id): sorted(each.codes) for each in Conflict.objects.all()}


def know(history: History, number: int, organisation: int, role: str, **traits: object) -> None:
    history.server.execute("DELETE FROM access_user WHERE id = %s", [number])
    history.server.execute("DELETE FROM access_usertraits WHERE user_id = %s", [number])
    history.person(number, organisation, role, **traits)


def test_nobody_is_near_without_a_reason(log: str, history: History) -> None:
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, family=COMMON, homes=(0,))
    suspect(history, family=COMMON, homes=(0,))

    assert said() == {}
    assert set(Compared.objects.values_list("user_id", flat=True)) == {TEACHER, AUDITOR}


@pytest.mark.parametrize(
    ("theirs", "code"), [({"homes": (0, 5)}, "home"), ({"family": RARE}, "family")], ids=["home", "family"]
)
def test_home_and_rare_family_name_bar_when_the_case_is_made(
    log: str, history: History, theirs: dict[str, object], code: str
) -> None:
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, **theirs)
    know(history, OTHER_AUDITOR, ELSEWHERE, Role.AUDITOR)
    suspect(history, homes=(5,), family=RARE)

    assert said() == {(AUDITOR, TEACHER): [code]}


def test_organisation_of_now_and_of_before_bars(log: str, history: History) -> None:
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR)
    history.server.execute(
        "INSERT INTO review_tally (user_id, day, role, organisation_id, kind, opened, searched, followed, refused,"
        " read, unexplained, hours) VALUES (%s, %s, 'practitioner', %s, 'school', 1, 0, 0, 0, 0, 0, 1)",
        [AUDITOR, MONDAY.date() - timedelta(days=900), SCHOOL],
    )
    suspect(history)

    assert said() == {(AUDITOR, TEACHER): ["employer"]}


def test_who_works_for_the_council_is_not_barred_from_all_its_people(log: str, history: History) -> None:
    assert history.server.execute("SELECT kind FROM access_organisation WHERE id = %s", [AUTHORITY]).fetchone() == (
        OrganisationKind.AUTHORITY.value,
    )
    suspect(history, COUNCIL_WORKER, AUTHORITY)

    assert said() == {}


def test_it_is_found_out_anew_when_somebody_becomes_an_auditor(log: str, history: History) -> None:
    know(history, COLLEAGUE, AUTHORITY, Role.PRACTITIONER, homes=(5,))
    suspect(history, homes=(5,))
    assert said() == {}
    history.server.execute("UPDATE access_user SET role = 'auditor' WHERE id = %s", [COLLEAGUE])
    Examiner().compare_anew()

    assert said() == {(COLLEAGUE, TEACHER): ["home"]}
    history.server.execute("UPDATE access_user SET role = 'practitioner' WHERE id = %s", [COLLEAGUE])
    Examiner().compare_anew()
    assert said() == {}


@pytest.mark.parametrize("who", [AUDITOR, TEACHER])
def test_it_is_found_out_anew_when_traits_change(log: str, history: History, who: int) -> None:
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, homes=(7,))
    suspect(history, homes=(9,))
    assert said() == {}
    know(
        history,
        who,
        AUTHORITY if who == AUDITOR else SCHOOL,
        Role.AUDITOR if who == AUDITOR else "practitioner",
        homes=(7, 9),
    )
    history.server.execute("UPDATE access_usertraits SET homes_told = 2 WHERE user_id = %s", [who])
    Examiner().compare_anew()

    assert said() == {(AUDITOR, TEACHER): ["home"]}


def test_whose_access_was_drawn_is_compared_as_well(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.examining.writing.is_sampled", lambda *_: True)
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, family=RARE)
    know(history, TEACHER, SCHOOL, "practitioner", family=RARE)
    history.event(child_id=history.child(CHILD))
    Examiner().examine()

    assert Sampled.objects.exists()
    assert not Case.objects.exists()
    assert said() == {(AUDITOR, TEACHER): ["family"]}


def test_mediator_through_whom_an_access_was_made_that_was_drawn_is_compared_as_well(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.examining.writing.is_sampled", lambda *_: True)
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, family=RARE)
    know(history, COLLEAGUE, AUTHORITY, Role.MEDIATOR, family=RARE)
    history.event(
        child_id=history.child(CHILD),
        actor_id=COLLEAGUE,
        user_id=TEACHER,
        role=Role.MEDIATOR,
        organisation_id=AUTHORITY,
    )
    Examiner().examine()

    assert said() == {(AUDITOR, COLLEAGUE): ["family"]}


def test_nothing_is_compared_while_somebody_examines(log: str, history: History) -> None:
    history.server.execute("BEGIN")
    history.server.execute("SELECT FROM review_cursor FOR UPDATE")
    try:
        Examiner().compare_anew()
    finally:
        history.server.execute("ROLLBACK")
    assert not Compared.objects.exists()


def test_conflict_is_taken_back_by_nobody_but_a_comparison(log: str, history: History) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE review_conflict SET codes = '{}'")


@pytest.mark.parametrize("why", ["missing", "damaged"])
@pytest.mark.parametrize("who", [AUDITOR, TEACHER])
def test_of_whom_nothing_can_be_compared_it_is_said_until_something_can(
    log: str, history: History, who: int, why: str
) -> None:
    know(history, AUDITOR, AUTHORITY, Role.AUDITOR, homes=(5,))
    suspect(history, homes=(5,))
    (kept,) = history.server.execute("SELECT traits FROM access_usertraits WHERE user_id = %s", [who]).fetchone() or ()
    history.server.execute("DELETE FROM review_compared")
    history.server.execute("DELETE FROM access_usertraits WHERE user_id = %s", [who])
    if why == "damaged":
        history.traits(who, SEALED)
    comparing = Comparing()
    with transaction.atomic():
        comparing.compare_new([])
    comparing.compare_anew()
    assert set(Compared.objects.filter(has_traits=False).values_list("user_id", flat=True)) == {who}
    assert said() == {}

    history.server.execute("DELETE FROM access_usertraits WHERE user_id = %s", [who])
    comparing.compare_anew()
    history.traits(who, kept)
    comparing.compare_anew()
    assert not Compared.objects.filter(has_traits=False).exists()
    assert said() == {(AUDITOR, TEACHER): ["home"]}
