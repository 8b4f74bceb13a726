"""What may be said of a request for a shield, and how far one is."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.reasons import ShieldAsker, ShieldIdentity, ShieldReason
from registry.actions.shields import Wanted
from registry.forms.choosing import StepForm
from registry.forms.shields import AskShieldForm
from registry.models import ShieldRequest
from registry.selectors.shields import RequestState, confirm_by, state_of

NOW = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
TOLD = {"urgent": "no", "reason": "refuge", "asker": "carer", "identity_check": "known_from_work"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"asker": "own_judgement", "identity_check": ""}, set()),
        ({"asker": "own_judgement", "identity_check": "saw_document"}, set()),
        ({"urgent": "yes", "identity_check": "not_checked_yet"}, set()),
        ({"identity_check": "not_checked_yet"}, {"identity_check"}),
        ({"identity_check": ""}, {"identity_check"}),
        ({"identity_check": "nobody_asked"}, {"identity_check"}),
        ({"urgent": "later"}, {"urgent"}),
        ({"urgent": "", "reason": "", "asker": "", "identity_check": ""}, {"urgent", "reason", "asker"}),
    ],
)
def test_what_was_asked_and_what_was_checked_fit_together(changes: dict[str, str], wrong: set[str]) -> None:
    form = AskShieldForm(TOLD | changes)
    assert set(form.errors) == wrong


def test_a_form_says_what_is_wanted() -> None:
    form = AskShieldForm(TOLD | {"urgent": "yes"})
    assert form.is_valid()
    assert form.wanted() == Wanted(ShieldReason.REFUGE, ShieldAsker.CARER, ShieldIdentity.KNOWN, urgent=True)


def test_of_ones_own_accord_nobody_was_checked_whatever_was_chosen() -> None:
    form = AskShieldForm(TOLD | {"asker": "own_judgement", "identity_check": "saw_document"})
    assert form.is_valid()
    assert form.wanted().identity_check == ShieldIdentity.OWN


@pytest.mark.parametrize("seen", ["", "made up", "-1", "1.5"])
def test_a_step_says_what_the_page_knew_of(seen: str) -> None:
    assert set(StepForm({"seen": seen}).errors) == {"seen"}


@pytest.mark.parametrize(
    ("decided", "approved", "state"),
    [
        (None, None, RequestState.ASKED),
        (NOW, None, RequestState.DECIDED),
        (NOW, NOW, RequestState.APPROVED),
    ],
)
def test_how_far_a_request_is(decided: datetime | None, approved: datetime | None, state: RequestState) -> None:
    assert state_of(ShieldRequest(decided_at=decided, approved_at=approved)) == state


def test_an_urgent_request_is_to_be_confirmed_within_three_days() -> None:
    assert confirm_by(NOW) - NOW == timedelta(days=3)
