"""No page is left out of the walks."""

from django.urls import URLPattern, URLResolver, get_resolver

from access.door.routes import ALLAUTH_ROUTES, declared_policy
from tests.browser.walks import (
    test_administrators,
    test_auditors,
    test_connecting,
    test_emergencies,
    test_handing_over,
    test_keeping,
    test_letting_act,
    test_merging,
    test_new_identities,
    test_practitioners,
    test_protecting,
    test_reporting,
    test_signing_in,
    test_suppliers,
)
from tests.browser.walks.walking import NO_ROUTE, WALKED

WALKS = (
    *(test_administrators, test_auditors, test_connecting, test_emergencies, test_handing_over, test_keeping),
    *(test_letting_act, test_merging, test_new_identities, test_practitioners, test_protecting, test_reporting),
    *(test_signing_in, test_suppliers),
)
WITHOUT_PAGE = {
    "api_document",  # for systems, as those below
    "oauth_metadata",
    "oauth_resource",
    "telling_keys",
    "oauth_revoke",
    "oauth_token",
    "api_end_involvement",
    "api_followed",
    "api_following",
    "api_involvement",
    "api_involvements",
    "api_lists",
    "api_me",
    "api_batch",
    "api_batches",
    "api_openings",
    "api_recent",
    "api_searches",
    "api_withdraw_involvement",
    "fhir_audit_events",
    "fhir_everything",
    "fhir_metadata",
    "fhir_patient",
    "fhir_patient_search",
    "fhir_patients",
    "invite_again",  # a button of the person's page
    "take_back",  # a button of the organisation's page
    "confirm",  # leads on to the page of the second factor that one has
    "event_proof",  # a text file
    "make_letter",  # a PDF file
    "pack",  # an archive
    "refused_rows",  # a table for spreadsheets
    "saved_view",  # leads on to the log
    "remove_view",  # a button of one's own views
    "take_override",  # a button of the person's page
    "take_alert",  # a button of the alert's page
    "take_case",  # a button of the case's page
    "health_live",  # for machines
    "health_ready",
    "mfa_download_recovery_codes",  # a text file
    "end_call",  # a button
    "session",  # answers the script of every page
    "mfa_login_webauthn",  # answers the sign-in page's script
    "scim_configuration",  # for software that shows a token, as those below
    "scim_elsewhere",
    "scim_resource_type",
    "scim_resource_types",
    "scim_schema",
    "scim_schemas",
    "scim_search",
    "scim_user",
    "scim_users",
    "send_leavers",
}


def callable_routes() -> set[str]:
    """The names of all routes that somebody may call."""
    found, waiting = set(), list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting.extend(entry.url_patterns)
        elif isinstance(entry, URLPattern) and (declared_policy(entry.callback) or entry.name in ALLAUTH_ROUTES):
            found.add(str(entry.name))
    return found


def test_every_route_is_walked_or_has_no_page() -> None:
    walked = frozenset().union(*WALKED.values()) - {NO_ROUTE}
    assert callable_routes() - WITHOUT_PAGE == walked


def test_every_walk_is_one_of_these() -> None:
    assert {name for walks in WALKS for name in vars(walks) if name.startswith("test_")} == set(WALKED)
