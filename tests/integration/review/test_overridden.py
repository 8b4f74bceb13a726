"""An overridden shield on the desk: looked into from that moment on, by two authorities, whatever explains it."""

import pytest
from django.test import override_settings
from django.urls import reverse

from access.models import Role, User
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.reasons import CaseResult, Reason, ShieldOverride, reason_label
from contactpoint.roles import EXAMINER
from registry.actions.finding import open_record
from registry.rules import numbers
from review.examining.again import begin_again
from review.examining.examiner import Examiner
from review.examining.writing import score
from review.models import Case, Explanation
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here
from tests.integration.registry.conftest import town  # noqa: F401 - a fixture
from tests.integration.registry.emergencies import Refuge, build_refuge
from tests.integration.registry.people import HOME, Town
from tests.integration.review.alerting import ALERTS
from tests.integration.review.casework import CASES, compare, decide, page_of, take
from tests.integration.review.reading import text_of
from tests.log import events, last_event


@pytest.fixture
def refuge(town: Town) -> Refuge:  # noqa: F811
    with as_owner_here():
        made = build_refuge(town)
    made.allows(made.officer)
    return made


@pytest.fixture
def auditors(refuge: Refuge) -> tuple[User, User]:
    """One of the officer's authority, and one of the child's."""
    with as_owner_here():
        places = (refuge.officer.organisation.responsible_authority, refuge.town.authority)
        made = [factories.user(role=Role.AUDITOR, works_for=place) for place in places]
        compare()
    return made[0], made[1]


def overridden(refuge: Refuge) -> dict[int, Case]:
    """The cases, by authority, once somebody opened the record in an emergency."""
    refuge.opens(factories.actor_for(refuge.officer), ShieldOverride.TAKEN)
    with as_owner_here():
        return {case.authority_id: case for case in Case.objects.exclude(override=None)}


def examine() -> None:
    """As the examiner does every two seconds."""
    with acting_as(EXAMINER), override_settings(KEYRING_HOLDER="examiner"):
        Examiner().examine()


def test_both_have_it_on_top_of_the_queue_at_once_and_read_what_happened(
    refuge: Refuge, auditors: tuple[User, User]
) -> None:
    cases = overridden(refuge)
    number = numbers.shown(refuge.child.number.open())
    for auditor in auditors:
        browser = factories.signed_in(auditor)
        case = cases[auditor.organisation_id]
        listed = text_of(browser.get(CASES))
        assert "Opened a protected record in an emergency" in listed
        assert "Urgent" in listed
        page = text_of(page_of(browser, case))
        for words in (
            refuge.officer.name.open(),
            refuge.officer.organisation.name,
            number,
            reason_label(ShieldOverride.TAKEN),
            "Each time is looked into",
        ):
            assert words in page
        for hidden in (HOME, "Amina", "Hussain"):
            assert hidden not in page


def test_an_auditor_of_neither_sees_nothing_of_it(refuge: Refuge, auditors: tuple[User, User]) -> None:
    cases = overridden(refuge)
    with as_owner_here():
        stranger = factories.user(role=Role.AUDITOR)
        compare()
    browser = factories.signed_in(stranger)
    assert "Opened a protected record" not in text_of(browser.get(CASES))
    assert {browser.get(reverse("case", args=[case.pk])).status_code for case in cases.values()} == {404}


def test_nothing_that_explains_or_is_found_changes_it(refuge: Refuge, auditors: tuple[User, User]) -> None:
    cases = overridden(refuge)
    before = {case.pk: (case.urgent_at, case.growing) for case in cases.values()}
    examine()
    with as_owner_here():
        assert Explanation.objects.filter(child_id=refuge.child.pk, kind=EventKind.CHILD_OPENED).exists()
        score([refuge.officer.pk], factories.today())  # of whom nothing else was found
        begin_again(factories.today())
        after = {case.pk: (case.urgent_at, case.growing) for case in Case.objects.exclude(override=None)}
    assert after == before


def test_each_has_an_alert_within_seconds_which_leads_to_the_case(refuge: Refuge, auditors: tuple[User, User]) -> None:
    cases = overridden(refuge)
    examine()
    examine()
    with as_owner_here():
        raised = {alert.subject: alert.what for alert in RaisedAlert.objects.all()}
    assert raised == {f"case.{case.pk}": Alert.OVERRIDDEN for case in cases.values()}
    for auditor in auditors:
        browser = factories.signed_in(auditor)
        listed = text_of(browser.get(ALERTS))
        assert Alert.OVERRIDDEN.label in listed
        assert f"case {cases[auditor.organisation_id].pk}" in listed


def test_auditors_alone_close_it_and_ask_first(refuge: Refuge, auditors: tuple[User, User]) -> None:
    cases = overridden(refuge)
    examine()
    _theirs, childs = auditors
    browser = factories.signed_in(childs)
    case = cases[childs.organisation_id]
    take(browser, case)
    page = text_of(page_of(browser, case))
    assert "Ask the person" in page
    # Whoever did it works elsewhere: their own auditors stop them.
    assert "Suspend" not in page
    asked = browser.post(f"{reverse('ask_about_case', args=[case.pk])}?of=person", {"query": "occasion"}, follow=True)
    assert "The question is asked" in text_of(asked)
    decide(browser, case, CaseResult.IN_ORDER)
    with as_owner_here():
        growing = dict(Case.objects.exclude(override=None).values_list("authority_id", "growing"))
    assert growing == {childs.organisation_id: False, refuge.officer.organisation.responsible_authority_id: True}


def test_the_log_says_by_what_right_a_protected_record_was_opened(refuge: Refuge, auditors: tuple[User, User]) -> None:
    overridden(refuge)
    worker = refuge.town.social_worker
    refuge.gives(worker)
    open_record(actor=factories.actor_for(worker), child_id=refuge.child.pk, reason=Reason.ENQUIRY)
    openings = events(kind=EventKind.CHILD_OPENED, child_id=refuge.child.pk)
    browsers = [factories.signed_in(auditor) for auditor in auditors]
    said = [
        text_of(browser.get(reverse("event", args=[event.pk])))
        for browser, event in zip(browsers, openings, strict=True)
    ]
    assert "Record opened: protected; all of it, in an emergency" in said[0]
    assert "Record opened: protected; they have permission to see it, by name" in said[1]
    given = last_event(kind=EventKind.SHIELD_GRANTED)
    page = text_of(browsers[1].get(reverse("event", args=[given.pk])))
    assert "Permission to see a protected child given: permission 1 to see a protected child" in page


def test_who_may_override_is_told_apart_in_the_log(refuge: Refuge, auditors: tuple[User, User]) -> None:
    given = last_event(kind=EventKind.GRANT_GIVEN)
    page = text_of(factories.signed_in(auditors[0]).get(reverse("event", args=[given.pk])))
    assert "Grant given: Opens protected records in an emergency" in page
