"""How long something lasts is the same wherever it is said: on pages, in documents, in our code and in PostgreSQL.

Each number of seconds, minutes, hours, days, months or years in a page, a document, a text of our code or a page of SQL
is held to where it is decided, or listed with the reason why nothing decides it (durations_free.py). `A day` and the
like are looked for on pages and in documents alone.
"""

import re

import pytest
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa import app_settings as second_factor
from allauth.socialaccount.internal.statekit import STATE_TTL
from django.conf import settings

from access.models.reminder import STEPS
from access.models.vetting import YEARS, VettingKind
from access.organisations.actions.organisations import LONGEST_ACCREDITATION
from access.people import agreements
from access.people.actions.inviting import GOOD_FOR, NEW_SIGN_IN_GOOD_FOR
from access.rules.grants import OVERRIDE_FOR
from access.sign_in.middleware import SEEN_STEP
from access.systems.actions import fetching
from access.systems.forms import DAYS as ACCREDITED_DAYS
from access.systems.server import LONGEST_ASSERTION
from access.systems.telling.sending import SECONDS
from access.systems.telling.tokens import PUBLISHED_FOR
from api.actions.forgetting import KEPT as KEYS_KEPT
from audit.bucket import PATIENCE
from feeds.models.batch import GIVEN_BACK_FOR
from feeds.rules.parts import MOST_DAYS
from feeds.rules.quality import SILENT_AFTER
from registry.protection.escrow import SHOWN_BEFORE
from registry.rules.retention import ARCHIVE_YEARS, YEARS_AFTER_DEATH, YEARS_AWAY
from registry.selectors.shields import CONFIRM_WITHIN
from registry.views.emergency import SHOWN_FOR
from registry.views.state import REASON_HOLDS
from registry.vocabulary import AddressState
from registry.worker.archive import KEPT_FOR
from registry.worker.reporting import KEPT_FOR as REPORTS_KEPT
from registry.worker.severing import EARLIEST, LATEST
from registry.worker.telling import GIVEN_UP_AFTER, PASS_SECONDS, TAKEN_FOR
from review.answering.redaction import ENQUIRY_DAYS
from review.examining.peers import MONTHS
from review.explanations.involved_lately import LATELY as INVOLVED_LATELY
from review.explanations.later import HELD as HELD_FOR
from review.rules.speed import WINDOW
from review.rules.weights import weights
from review.selectors.days import PAUSE
from review.selectors.visits import LONGEST as LONGEST_VISIT
from review.selectors.visits import VISIT_GAP
from tests.sweeps.durations import (
    NUMBERED,
    ONE,
    UNITS,
    days,
    everything_said,
    in_script,
    in_sql,
    said_in,
    seconds_of,
    text_of,
    years,
)
from tests.sweeps.durations_free import DECIDED_HERE, FREE

CALL = in_sql("access/sql/functions/access_mediation_begin.sql")
LATELY = in_sql("registry/sql/functions/registry_opened_by.sql")
CODE = in_sql("access/sql/functions/access_code_make.sql")
TICKET = in_sql("audit/sql/functions/audit_issue_ticket.sql")
OWN_TOKEN = in_sql("access/sql/functions/access_token_give.sql")
END_IS_TOLD = in_sql("access/sql/functions/access_note_session_end.sql")
RETIRED = in_sql("registry/sql/functions/search.drop_epoch.sql")
WARNING = in_script("WARN_BEFORE")
ARCHIVE_SHOWN = in_sql("registry/sql/functions/registry_archive_answer.sql")
CONFIRMED_AGAIN = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
IDLE, LONGEST = settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE
LINK, NEW_SIGN_IN = GOOD_FOR.total_seconds(), NEW_SIGN_IN_GOOD_FOR.total_seconds()
UNSEALED = settings.AUDIT_UNSEALED_SECONDS
ACCREDITED = years(LONGEST_ACCREDITATION.days // 365)
REMINDERS = [days(step) for step in STEPS]
(AN_HOUR,) = {
    {"h": 3600}[settings.ACCOUNT_RATE_LIMITS[name].split("/")[1]]
    for name in ("password_elsewhere", "address_wrong", "read_out_failed", "read_out_colleague")
}
# file: {what it says, in small letters: what decides it, in seconds}
HELD: dict[str, dict[str, float | list[float]]] = {
    # Pages
    "templates/access/call/read_out.html": {"20 minutes": CALL, "30 seconds": second_factor.TOTP_PERIOD},
    "templates/access/call/stopped.html": {"20 minutes": CALL},
    "templates/access/confirmation/employers.html": {"a year": years(YEARS[VettingKind.EMPLOYMENT])},
    "templates/access/people/ask_new_sign_in.html": {"24 hours": NEW_SIGN_IN},
    "templates/access/people/decide_new_sign_in.html": {"24 hours": NEW_SIGN_IN},
    "templates/access/lists/invite_check.html": {"14 days": LINK},
    "templates/access/my_access.html": {"60, 30 and 7 days": REMINDERS},
    "templates/access/my_access_agreement.html": {"a year": years(YEARS[VettingKind.AGREEMENT])},
    "templates/accessibility.html": {"two minutes": WARNING},
    "templates/components/systems.html": {"three days": GIVEN_UP_AFTER.total_seconds()},
    "templates/access/systems/allow.html": {"15 minutes": IDLE, "10 hours": LONGEST},
    "templates/api/document.html": {"15 minutes": IDLE, "ten hours": LONGEST},
    "api/described/__init__.py": {"24 hours": KEYS_KEPT.total_seconds()},
    "api/sql/guards/api_idempotency.sql": {"24 hours": KEYS_KEPT.total_seconds()},
    "api/serializers/told.py": {"seven days": LATELY},
    "api/views/records.py": {"seven days": LATELY},
    "templates/components/session.html": {"2 minutes": WARNING},
    "templates/help.html": {"two minutes": WARNING},
    "templates/registry/reports/own.html": {"90 days": REPORTS_KEPT.total_seconds()},
    "templates/registry/emergency.html": {"two minutes": SHOWN_FOR.total_seconds()},
    "templates/access/people/override.html": {"two minutes": SHOWN_FOR.total_seconds()},
    "templates/registry/identities/identity.html": {
        "1 and 8 days": [EARLIEST.total_seconds(), LATEST.total_seconds()],
    },
    "templates/registry/archive/list.html": {"six years": years(ARCHIVE_YEARS), "a day": ARCHIVE_SHOWN},
    "templates/registry/shields/ask.html": {"three days": CONFIRM_WITHIN.total_seconds()},
    "templates/privacy.html": {
        "six years": years(ARCHIVE_YEARS),
        "a year": years(YEARS_AFTER_DEATH),
        "a day": END_IS_TOLD,
        "180 days": settings.DEVICE_COOKIE_AGE,
        "90 days": REPORTS_KEPT.total_seconds(),
    },
    "templates/registry/lately.html": {"7 days": LATELY},
    "feeds/rules/parts.py": {f"{most} days": days(most) for most in MOST_DAYS.values()},
    "review/charts/explained.py": {"seven days": HELD_FOR.total_seconds()},
    "review/answering/redaction.py": {"180 days": ENQUIRY_DAYS.total_seconds()},
    "templates/review/day.html": {"half an hour": PAUSE.total_seconds()},
    "templates/review/visit.html": {"30 minutes": seconds_of(VISIT_GAP.split("'")[1])},
    # Documents
    "CONTRIBUTING.md": {"half a minute": TICKET},
    "README.md": {
        "seven days": HELD_FOR.total_seconds(),
        "two minutes": SHOWN_FOR.total_seconds(),
        "six years": years(ARCHIVE_YEARS),
    },
    "SECURITY.md": {"15 minutes": OWN_TOKEN, "a day": ARCHIVE_SHOWN},
    "docs/access-log.md": {
        "ten seconds": UNSEALED,
        "five minutes": settings.AUDIT_UNPUBLISHED_SECONDS,
        "ten minutes": settings.AUDIT_UNWITNESSED_SECONDS,
        "two minutes": PATIENCE.total_seconds(),
        "120 seconds": settings.REVIEW_UNEXAMINED_SECONDS,
        "three days": CONFIRM_WITHIN.total_seconds(),
        "a minute": settings.CELERY_BEAT_SCHEDULE["keep-in-the-bucket"]["schedule"],
    },
    "docs/architecture.md": {
        "half a minute": TICKET,
        "half an hour": REASON_HOLDS.total_seconds(),
        "seven days": LATELY,
        "a day": END_IS_TOLD,
        "two seconds": settings.CELERY_BEAT_SCHEDULE["seal"]["schedule"],
    },
    "docs/api.md": {
        "five minutes": LONGEST_ASSERTION.total_seconds(),
        "15 minutes": IDLE,
        "ten hours": LONGEST,
        "a year": days(max(number for number, _ in ACCREDITED_DAYS)),
        "a day": PUBLISHED_FOR.total_seconds(),
        "five seconds": SECONDS,
        "three days": GIVEN_UP_AFTER.total_seconds(),
    },
    "docs/authority-sign-in.md": {"ten minutes": STATE_TTL},
    "docs/feeds.md": {"15 minutes": OWN_TOKEN, "a year": days(max(number for number, _ in ACCREDITED_DAYS))},
    "docs/systems.md": {
        "a year": days(max(number for number, _ in ACCREDITED_DAYS)),
        "three days": GIVEN_UP_AFTER.total_seconds(),
    },
    "docs/permissions.md": {"five minutes": CONFIRMED_AGAIN},
    "docs/search-at-scale.md": {"two minutes": RETIRED},
    "docs/suppliers.md": {
        "a minute": settings.STREAMED_FILE_SECONDS,
        "five minutes": CONFIRMED_AGAIN,
        "90 days": GIVEN_BACK_FOR.total_seconds(),
        "a year": SILENT_AFTER.total_seconds(),
    },
    "docs/threat-model.md": {
        "half a minute": second_factor.TOTP_PERIOD,
        "two minutes": SHOWN_FOR.total_seconds(),
        "twenty minutes": CALL,
        "ten seconds": UNSEALED,
        "a minute": CODE,
        "15 minutes": parse_rates(settings.ACCOUNT_RATE_LIMITS["password_here"])[0].duration,
        "30 days": parse_rates(settings.ACCOUNT_RATE_LIMITS["code_elsewhere"])[1].duration,
        "seven days": settings.GUESSES_TOLD_SECONDS,
        "an hour": AN_HOUR,
        "five minutes": CONFIRMED_AGAIN,
        "ten hours": LONGEST,
        "five seconds": SECONDS,
    },
    # Code
    "access/calls/actions.py": {"twenty minutes": CALL},
    "access/door/confirming.py": {"five minutes": CONFIRMED_AGAIN},
    "access/door/middleware.py": {"20 minutes": CALL},
    "access/door/routes.py": {"five minutes": CONFIRMED_AGAIN},
    "access/door/sessions.py": {"15 minutes": IDLE, "10 hours": LONGEST},
    "access/management/commands/permissions_page.py": {"five minutes": CONFIRMED_AGAIN},
    "access/models/mediation.py": {"twenty minutes": CALL},
    "access/organisations/actions/organisations.py": {"three years": ACCREDITED},
    "access/organisations/forms.py": {"3 years": ACCREDITED},
    "access/people/actions/vetting.py": {"30 days": days(agreements.DAYS_TO_SIGN)},
    "access/people/letters.py": {"14 days": LINK, "24 hours": NEW_SIGN_IN},
    "access/people/views/joining.py": {"24 hours": NEW_SIGN_IN},
    "access/people/views/people.py": {"14 days": LINK},
    "access/rules/errors.py": {"14 days": LINK},
    "access/rules/vetting.py": {"60, 30 and 7 days": REMINDERS},
    "access/software/views/invite_list.py": {"14 days": LINK},
    "access/sign_in/guessing.py": {
        "30 days": parse_rates(settings.ACCOUNT_RATE_LIMITS["code_elsewhere"])[1].duration,
    },
    "access/sign_in/middleware.py": {"30 seconds": SEEN_STEP.total_seconds()},
    "access/sign_in/sessions.py": {"15 minutes": IDLE},
    "access/software/api/admission.py": {"15 minutes": OWN_TOKEN},
    "access/systems/server.py": {"five minutes": LONGEST_ASSERTION.total_seconds()},
    "access/tasks.py": {"30 days": days(agreements.DAYS_TO_SIGN), "60, 30 or 7 days": REMINDERS},
    "audit/tickets.py": {"half a minute": TICKET},
    "api/views/following.py": {"half an hour": REASON_HOLDS.total_seconds()},
    "registry/actions/following.py": {"half an hour": REASON_HOLDS.total_seconds()},
    "registry/worker/telling.py": {"two minutes": TAKEN_FOR.total_seconds(), "ten seconds": PASS_SECONDS},
    "contactpoint/start.py": {"7 days": LATELY},
    "registry/actions/recalling.py": {"seven days": LATELY},
    "registry/rules/retention.py": {
        "six years": years(ARCHIVE_YEARS),
        "three years": years(YEARS_AWAY[AddressState.LEFT_UNKNOWN]),
    },
    "registry/sql/functions/registry_archives.sql": {"1 day": ARCHIVE_SHOWN},
    "registry/worker/retention.py": {"six years": years(ARCHIVE_YEARS)},
    "registry/search/index/epochs.py": {"two minutes": RETIRED},
    "registry/views/records.py": {"half an hour": REASON_HOLDS.total_seconds()},
    "registry/views/state.py": {"half an hour": REASON_HOLDS.total_seconds()},
    "review/examining/days.py": {"three months": days(MONTHS)},
    "review/explanations/involved_lately.py": {"three months": days(INVOLVED_LATELY)},
    "review/rules/dormant.py": {"two months": days(weights().rules["dormant"].days)},
    "review/rules/speed.py": {"ten minutes": WINDOW.total_seconds()},
    # SQL
    "access/sql/functions/access_code_redeem.sql": {"15 minutes": IDLE, "10 hours": LONGEST},
    "access/sql/functions/access_system_load.sql": {
        "30 seconds": SEEN_STEP.total_seconds(),
        "half a minute": SEEN_STEP.total_seconds(),
    },
    "access/sql/functions/access_system_renew.sql": {"15 minutes": IDLE, "10 hours": LONGEST},
    "access/sql/functions/access_session_begin.sql": {"10 hours": LONGEST, "ten hours": LONGEST},
    "access/sql/functions/access_session_save.sql": {"10 hours": LONGEST},
    "access/sql/functions/audit_record.sql": {"6 minutes": CONFIRMED_AGAIN + UNITS["minute"]},
    "audit/sql/functions/audit_ticket.sql": {"half a minute": TICKET},
    "registry/sql/functions/registry_factor_is_anew.sql": {"6 minutes": CONFIRMED_AGAIN + UNITS["minute"]},
    "registry/sql/functions/registry_follow.sql": {
        "half an hour": REASON_HOLDS.total_seconds(),
        "30 minutes": REASON_HOLDS.total_seconds(),
    },
    "registry/sql/functions/registry_overrides.sql": {"182 days": OVERRIDE_FOR.total_seconds()},
    "registry/sql/functions/registry_opened_lately.sql": {"seven days": LATELY},
}


def test_every_duration_is_held_or_has_a_reason() -> None:
    known = {name: {*HELD.get(name, {}), *FREE.get(name, {})} for name in {*HELD, *FREE}}
    said = {name: each for name, each in everything_said().items() if name not in DECIDED_HERE}

    assert {name: each - known.get(name, set()) for name, each in said.items() if each - known.get(name, set())} == {}
    assert {name: each - said.get(name, set()) for name, each in known.items() if each - said.get(name, set())} == {}


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, each in HELD.items() for said in each])
def test_duration_is_what_it_is_decided_to_be(name: str, said: str) -> None:
    decided = HELD[name][said]

    assert seconds_of(said) == (decided if isinstance(decided, list) else [decided])


def test_visits_are_looked_for_as_long_as_any_session_lasts() -> None:
    (longest,) = seconds_of(LONGEST_VISIT.split("'")[1])

    assert longest > LONGEST


def test_an_alert_is_the_same_for_as_long_as_no_new_one_begins() -> None:
    assert in_sql("audit/sql/functions/audit_alert_again.sql") == in_sql("audit/sql/functions/audit_alert_begin.sql")


def test_what_two_people_read_is_there_as_long_as_it_is_listed_and_no_longer() -> None:
    pages = ("registry_escrows", "registry_escrow_answer")
    shown = {in_sql(f"registry/sql/functions/{page}.sql") for page in pages}
    (forgotten,) = re.findall(r"interval '([^']+)'", SHOWN_BEFORE)

    assert [*shown] == seconds_of(forgotten)


def test_what_was_told_of_the_archive_is_there_as_long_as_it_is_listed_and_no_longer() -> None:
    assert KEPT_FOR.total_seconds() == ARCHIVE_SHOWN == in_sql("registry/sql/functions/registry_archives.sql")


def test_a_ticket_ends_when_none_is_given_any_more_and_what_it_needs_is_kept_longer() -> None:
    (until,) = re.findall(r"until := .* \+ (\d+);", text_of("audit/sql/functions/audit_issue_ticket.sql"))
    (looked_for,) = re.findall(r"interval '([^']+)'", text_of("audit/sql/functions/audit_ticket.sql"))

    assert float(until) == TICKET
    assert min(*seconds_of(looked_for), in_sql("registry/sql/functions/search.clear_draws.sql")) > TICKET


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Wait 20 minutes.", {"20 minutes": [1200]}),
        ("for half\nan hour", {"half an hour": [1800]}),
        ("60, 30 and 7 days before", {"60, 30 and 7 days": [days(60), days(30), days(7)]}),
        ("a second factor, in ten-minute steps, of 3.11 years", {"3.11 years": [years(3.11)]}),
        ("Twenty seconds, then a year", {"twenty seconds": [20], "a year": [years(1)]}),
    ],
)
def test_durations_are_seen_and_understood(said: str, seconds: dict[str, list[float]]) -> None:
    assert {each: seconds_of(each) for each in said_in(said, NUMBERED, ONE)} == seconds


def test_what_software_is_told_of_its_token_is_what_the_database_decides() -> None:
    assert fetching.GOOD_FOR.total_seconds() == OWN_TOKEN
