"""What an auditor reads of events whose kind alone does not say what they were about."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import ApprovalKind, OrganisationKind, Role, SystemPurpose, User
from audit.events import EventKind
from audit.reported import ReportAnswer, ReportedPart
from review.selectors.names import OF_SYSTEMS
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.reading import LOG, happened, ids, opened, text_of


@pytest.mark.parametrize(
    ("kind", "about", "says"),
    [
        (EventKind.USER_DECLINED, ApprovalKind.ROLE, "change of role"),
        (EventKind.USER_DECLINED, ApprovalKind.SIGN_IN, "a new sign-in"),
        (EventKind.USER_JOINED, ApprovalKind.SIGN_IN, "with a new sign-in, as two administrators had agreed"),
    ],
)
def test_what_was_asked_is_said(visitor: Client, teacher: User, kind: EventKind, about: str, says: str) -> None:
    happened(timezone.now(), opened(teacher), kind=kind, child_id=None, reason="", fields=[about])

    page = text_of(visitor.get(LOG))

    assert kind.label in page
    assert says in page


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        (EventKind.ARCHIVE_ASKED, ["asked.0a"], "a number looked up"),
        (EventKind.ARCHIVE_GIVEN, ["archive.7"], "request 7 to read the archive"),
        (EventKind.ARCHIVE_OPENED, ["archive.7"], "request 7 to read the archive"),
        (EventKind.ARCHIVE_REFUSED, ["archive.7"], "request 7 to read the archive"),
        (EventKind.BATCH_RECEIVED, ["supplier.3", "batch.7"], "supplier 3, batch 7"),
        (EventKind.BATCH_COMMITTED, ["batch.7"], "batch 7"),
        (EventKind.CHILD_KEPT, ["given.2026-11-02"], "consent of 2026-11-02"),
        (EventKind.HANDOVER_LISTED, ["asked.0a"], "a number looked up"),
        (EventKind.HANDOVER_ACCEPTED, ["handover.7"], "offer 7 of a record"),
        (EventKind.MATCH_DECIDED, ["match.7", "same"], "match 7, the same child"),
        (EventKind.MATCH_DECIDED, ["match.7", "different"], "match 7, another child"),
        (EventKind.MATCH_DECIDED, ["match.7", "unsure"], "match 7, they cannot tell"),
        (EventKind.SUPPLIER_CHANGED, ["supplier.3", "stopped"], "supplier 3, stopped"),
        (EventKind.SUPPLIER_CHANGED, ["supplier.3", "again"], "supplier 3, goes on"),
        (EventKind.UNPLACED_LISTED, ["page.2"], "page 2"),
    ],
    ids=str,
)
def test_which_one_it_was_about_is_said(
    visitor: Client, teacher: User, kind: EventKind, fields: list[str], says: str
) -> None:
    happened(timezone.now(), opened(teacher), kind=kind, child_id=None, reason="", fields=fields)

    assert f"{kind.label}: {says} About" in text_of(visitor.get(LOG))


def test_to_which_authority_a_record_is_offered_is_said(visitor: Client, teacher: User, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
    told = [f"authority.{other.pk}"]
    happened(timezone.now(), opened(teacher), kind=EventKind.HANDOVER_OFFERED, child_id=4712, reason="", fields=told)

    assert f"Record offered to another authority: {other.name} About" in text_of(visitor.get(LOG))


@pytest.mark.parametrize("kind", OF_SYSTEMS)
def test_whose_system_it_was_and_which_is_said(
    visitor: Client, auditor: User, teacher: User, as_owner: OwnerContext, kind: EventKind
) -> None:
    with as_owner():
        system = factories.client_system(auditor.organisation, asked_by=auditor, accredited_by=teacher)
    told = [str(auditor.organisation_id), str(system.pk)]
    happened(timezone.now(), opened(teacher), kind=kind, child_id=None, reason="", fields=told)

    assert f"{kind.label}: Case files, {auditor.organisation.name} About" in text_of(visitor.get(LOG))


def test_in_which_system_somebody_signed_in_is_said(
    visitor: Client, auditor: User, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        system = factories.client_system(auditor.organisation, asked_by=auditor, accredited_by=teacher)
    signed_in = {"kind": EventKind.SIGNED_IN, "child_id": None, "reason": ""}
    happened(timezone.now(), opened(teacher), **signed_in, fields=["system", str(system.pk)])
    happened(timezone.now(), opened(teacher), **signed_in, fields=["system", "4711"])

    page = text_of(visitor.get(LOG))
    assert "Signed in: Case files" in page
    assert "Signed in: client system 4711" in page


def test_which_software_did_it_is_said(visitor: Client, auditor: User, teacher: User, as_owner: OwnerContext) -> None:
    """Of older entries the number of its API token, of which there are none any more."""
    with as_owner():
        system = factories.client_system(
            auditor.organisation, asked_by=auditor, accredited_by=teacher, purpose=SystemPurpose.LEAVERS
        )
    for process in (f"system.{system.pk}", "system.4711", "token.12"):
        itself = {"actor_id": None, "session_id": None, "role": "", "process": process}
        told = {"kind": EventKind.FEED_RECEIVED, "child_id": None, "reason": "", "fields": ["leavers"]}
        happened(timezone.now(), opened(teacher), **itself, **told)

    page = text_of(visitor.get(LOG))
    assert "Case files" in page
    assert "client system 4711" in page
    assert "Software with API token 12" in page


@pytest.mark.parametrize("process", ["directories", "feeds", "reminders", "retention", "shields"])
def test_which_part_of_the_service_did_it_is_said(visitor: Client, teacher: User, process: str) -> None:
    itself = {"actor_id": None, "session_id": None, "role": "", "process": process}
    happened(timezone.now(), opened(teacher), kind=EventKind.CHILD_ARCHIVED, reason="", **itself)

    page = text_of(visitor.get(LOG))
    assert "The service, " in page
    assert f"The program {process}" not in page


def test_whom_a_list_of_children_without_a_school_showed_is_said(visitor: Client, teacher: User) -> None:
    seen = {"kind": EventKind.UNPLACED_LISTED, "child_id": None, "reason": "", "role": Role.ADMINISTRATOR}
    event = happened(timezone.now(), opened(teacher), **seen, shown=[901, 902, 903, 904])

    assert "(901), (902), (903) and 1 more" in text_of(visitor.get(LOG))
    assert "(901), (902), (903), (904)" in text_of(visitor.get(reverse("event", args=[event])))


@pytest.mark.parametrize(
    ("kind", "reason", "fields", "says"),
    [
        (EventKind.REPORT_MADE, ReportedPart.ADDRESS, [], ReportedPart.ADDRESS.label),
        (EventKind.REPORT_READ, "", ["reported.12"], "report 12 of something wrong"),
        (EventKind.REPORT_ANSWERED, ReportAnswer.RIGHT, ["reported.12"], ReportAnswer.RIGHT.label),
        (EventKind.REPORT_CLOSED, ReportedPart.SCHOOL, ["reported.12"], "report 12 of something wrong"),
    ],
)
def test_what_was_reported_as_wrong_is_said(
    visitor: Client, teacher: User, kind: EventKind, reason: str, fields: list[str], says: str
) -> None:
    told = happened(timezone.now(), opened(teacher), kind=kind, child_id=4711, reason=reason, fields=fields)

    page = text_of(visitor.get(f"{LOG}{told}/"))

    assert kind.label in page
    assert says in page


def test_what_was_reported_stands_in_the_history_of_the_record(visitor: Client, teacher: User) -> None:
    like = opened(teacher)
    reported = happened(timezone.now(), like, kind=EventKind.REPORT_MADE, reason=ReportedPart.ADDRESS)
    happened(timezone.now(), like, kind=EventKind.REPORT_READ, reason="", fields=["reported.12"])

    listed = visitor.post(LOG, {"record": "(4711)", "apart": "on"}, follow=True)

    # What administrators do with it is theirs, as of a shield.
    assert ids(listed) == [reported, like]
