"""What those reach who serve people is listed here with a reason; whatever is new fails until somebody decides."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.grants import SCHEMAS
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import CHILD_TABLES, COMPARED_TABLE, NO_SESSION, Place, placed, refusal

# Tables of which the web role reads rows without an event, and why that is so.
READ_WITHOUT_AN_EVENT = {
    "public.access_accreditation": "of organisations; what a public directory might say",
    "public.access_approval": "who asked and who decided, by number, with a live session",
    "public.access_clientsystem": "only of organisations within the shown session's reach; public keys, no secrets",
    "public.access_grant": "who administers and audits which organisation",
    "public.access_invitation": "only of people whom the shown session may see; never the link",
    "public.access_organisation": "a public directory",
    "public.access_ownhome": "only how many homes the person of the shown session told",
    "public.access_site": "a public directory",
    "public.access_stop": "of organisations and of the service; of people only whom the shown session may see",
    "public.access_telling": "how it goes with telling systems within the shown session's reach; of nobody",
    "public.access_tellingkey": "public keys, which are published",
    "public.access_user": "only people whom the shown session may see",
    "public.access_user_groups": "nobody is in a group",
    "public.access_user_user_permissions": "nobody has a permission of Django's",
    "public.access_vettingitem": "only of people whom an event names that is committed, with its ticket",
    "public.auth_group": "Django's own; empty",
    "public.auth_group_permissions": "Django's own; empty",
    "public.auth_permission": "Django's own; names of models",
    "public.django_content_type": "Django's own; names of models",
    "public.review_casework": "only of a case that the transaction's own event names",
    "public.review_personresult": "only of a person of a case whom the transaction's own event names",
    "public.review_judgement": "only of an access whose judgement the transaction's own event tells",
    "public.review_question": "only what the shown session's person is asked, or the transaction's own event tells",
    "public.review_answer": "only of an answer that the transaction's own event names",
    "public.review_inquiry": "only of an alert that the transaction's own event names",
    "public.review_savedview": "what the shown session's person keeps for themselves; of nobody",
    "search.epoch": "how long tokens are",
}
# The same of the role that signs people in.
READ_TO_SIGN_IN = {
    "public.access_clientsystem": "the public keys and addresses that systems are held against; names are sealed",
    "public.access_organisation": "a public directory",
    "public.access_password": "the hashes that passwords are held against",
    "public.access_signinsession": "how far each browser has got, which its key alone opens",
    "public.access_user": "who has an address, before anybody is known; the values are sealed",
    "public.account_emailaddress": "allauth asks at sign-in; empty",
    "public.mfa_authenticator": "the second factors that codes are held against; the secrets are sealed",
    "public.socialaccount_socialaccount": "allauth asks at sign-in; nobody is connected to an identity provider",
}
# What the web role may execute in our schemas, and what each gives to somebody who has recorded nothing.
EXECUTABLE = {
    "api_key_answer": "nothing: what came of an entry is noted for a key that one has, or that key made free",
    "api_key_take": "of a key that one has, for which entry it was used and what came of that, by number",
    "access_actor": "who one's own transaction's event names",
    "access_addresses_taken": "nothing, without the session of an administrator who invites",
    "access_administrators_of": "who decides for an organisation that the shown session reaches, by number",
    "access_grant_is_given": "whether one's own transaction's events give that grant",
    "access_is_stopped": "whether somebody is stopped, as every request asks",
    "access_is_enrolled": "whether somebody whom the shown session may see has a password and a second factor",
    "access_item_keep": "somebody's vetting written as one's own transaction's event says, and nothing of it told",
    "access_item_number": "the next number of an item of vetting",
    "access_names_of": "names of whom the shown session may see, and who stands on its pages beside them",
    "access_notify": "a letter to somebody about what one's own transaction's event says was done to them",
    "access_organisation_is_changed": "whether one's own transaction's event says so",
    "access_people_in_service": "how many people sign in at all",
    "access_people_named": "the people of a name whom the shown session may see, by number",
    "access_people_to_see": "the people that the event names whose ticket is shown",
    "access_person_with_address": "who has an address, of those whom the shown session may see or look for",
    "access_reset_is_agreed": "whether one's own transaction's event and approval say so",
    "access_sessions_end_of": "the end of the sessions of somebody whom one's own transaction's event closes out",
    "access_show_reach": "what the person of a session whose key one has decides and applies for",
    "access_shown_person": "whose session one showed",
    "access_shown_reach": "the organisations that the session one showed reaches",
    "access_stop_is_told": "whether one's own transaction's event says so",
    "access_system_is_told": "whether one's own transaction's event says so",
    "access_system_load": "whose session it is whose token one has, and whether its system is good for them",
    "access_system_standings": "whether systems of organisations that the session one showed reaches are good",
    "access_token_load": "of which system a token is that one has, and whether that is good",
    "access_show_ticket": "what an event allows to read that one's own live session, or token, recorded and committed",
    "access_told": "whether one's own transaction's event says so",
    "access_told_fields": "whether one's own transaction's event says so",
    "access_history_of": "one's own doings, with the ticket of reading them",
    "access_mediation_end": "the end of a call, after its event",
    "access_mediation_of": "whose call it is, for a session whose key one has",
    "access_session_end": "the end of a session whose key one has",
    "access_session_ended": "why a session ended whose key one has",
    "access_session_load": "a session whose key one has",
    "access_session_save": "other contents for a session whose key one has",
    "audit_alert_again": "one more of an alert that there is; it says whether there is one",
    "audit_alert_begin": "an alert, after its event",
    "audit_record": "an event that a live session vouches for",
    "audit_record_token": "an event that a live token vouches for",
    "audit_record_process": "an event of no person",
    "ask": "how often a search asked, after its event",
    "draw": "nothing, after what a search asks for",
    "drawn": "children by token, after the event of a search, what it asked for and its draw",
    "feeds_batch_begin": "a batch begun of a feed that one keeps or delivers, as one's own transaction's event says",
    "feeds_batch_decide": "a batch of a feed that one keeps let in or taken back, as one's own event says",
    "feeds_batch_end": "the checksum of a batch that one's own transaction began",
    "feeds_batch_part": "a part, locked for the worker, of a batch that one's own transaction began",
    "feeds_batches": "batches of the feeds that one keeps or delivers, after the event",
    "feeds_match_child": "who a doubtful match is about, to who answers for the record, after the event",
    "feeds_match_decide": "what one says of a doubtful match, as one's own event says",
    "feeds_named": "the names of feeds of organisations that the session one showed reaches",
    "feeds_matches": "which doubtful matches wait for one, after the event",
    "feeds_bounds_decide": "a step with bounds of a feed that one keeps, by its event",
    "feeds_bounds_of": "bounds of a feed that one keeps, after the event",
    "feeds_quality": "numbers of the batches of a feed that one keeps, after the event",
    "feeds_refused": "refused rows of a batch of a feed that one keeps, after the event",
    "feeds_suppliers": "the feeds that one keeps, after the event",
    "feeds_waiting": "how much waits for the person whose session is shown",
    "registry_archive_answer": "a record of the archive, once, to who asked for it and was given it, after their event",
    "registry_archive_ask": "a record of the archive asked for, as one's own event says; not whether there is one",
    "registry_archive_decide": "a record of the archive given to another person or refused, as one's own event says",
    "registry_archives": "what is asked of the archive in the authorities one decides for, after the event",
    "registry_archives_waiting": "how many requests wait for the shown session",
    "registry_connection_ask": "a request for a connection, as one's own transaction's event says",
    "registry_connection_notes": "what was done towards the connections of a child, with the ticket of reading them",
    "registry_connection_number": "the next number of a request for a connection",
    "registry_connection_read": "the child whom an event names about whom somebody asks, and who works with them",
    "registry_connection_step": "a step with a request for a connection, as one's own transaction's event says",
    "registry_connections": "requests for connections that the shown event's person makes, with its ticket",
    "registry_connections_own": "how far the requests are that the shown session's person asked for",
    "registry_connections_waiting": "how many requests wait for the shown session's person",
    "registry_escrow_answer": "half of a link, to the two who asked for it and gave it, once each, after their event",
    "registry_escrow_ask": "a link asked for by whoever looked the closed record's number up, as one's own event says",
    "registry_escrow_decide": "a link given to another person or refused, as one's own event says",
    "registry_escrows": "which links are asked for in the authorities one decides for, after the event",
    "registry_follow": "a record followed that one has open in a system, as one's own transaction's event says",
    "registry_following_led_to": "which record is followed by a reference that one has, in a system, by number",
    "registry_following_of": "a following whose fingerprint one has, sealed, of the record that the ticket names",
    "registry_unfollow": "a following ended whose reference one has, as one's own transaction's event says",
    "registry_handover_child": "the record with a number that the ticket's event names, where one answers for it",
    "registry_handover_offer": "a record offered to another authority, as one's own transaction's event says",
    "registry_handover_step": "a record taken over, declined or withdrawn, as one's own transaction's event says",
    "registry_handover_who": "who the child is whose number one looked up, or whose record is offered to one",
    "registry_handovers": "records offered by and to the authorities one decides for, with the ticket",
    "registry_handovers_waiting": "how many records are offered to the shown session's person, as a number",
    "registry_identities": "requests for new identities in the authorities one decides for, without what is wanted",
    "registry_identities_waiting": "how many wait for the shown session",
    "registry_identity_ask": "a new identity asked for of a child whom one has read of, as one's own event says",
    "registry_identity_child": "the record with a number that the ticket's event names, where one decides for it",
    "registry_identity_decide": "a new identity approved for another person or refused, as one's own event says",
    "registry_identity_who": "who the child is whose number one looked up, or about whose shield one decides",
    "registry_involvement_withdraw": "an involvement withdrawn, of the child whose withdrawal one's own event names",
    "registry_merge_ask": "two records to be put under one or parted, as one's own event says, once both were compared",
    "registry_merge_child": "the record with a number that the ticket's event names, where one decides for it",
    "registry_merge_decide": "that approved for another person or refused, as one's own event says",
    "registry_merge_who": "one of two records whose numbers one looked up, or about which one decides, and no service",
    "registry_merges": "requests about two records in the authorities one decides for, after the event",
    "registry_merges_waiting": "how many wait for the shown session",
    "registry_opened_lately": "which records one opened, with the ticket of reading one's history",
    "registry_read": "the child whom an event names that one's own live session recorded and committed",
    "registry_recalled": "of the records one opened the summaries that the ticket's event names",
    "registry_report_answer": "what came of a report of one's authorities' records, as one's own event says",
    "registry_report_child": "the child of a report that the ticket's event names, and what is said in that part",
    "registry_report_make": "a part of a record that one has opened reported as wrong, as one's own event says",
    "registry_report_people": "who made a report that the ticket's event names, but for sensitive services",
    "registry_reports": "what is reported of records of the authorities one decides for, after the event",
    "registry_reports_own": "how far the reports are that the shown session's person made",
    "registry_reports_waiting": "how many reports wait for the shown session's person, as a number",
    "registry_keeping_step": "a consent recorded or ended, of a child whose number one looked up, as one's event says",
    "registry_keepings": "the consents to keep the record of a child whose number one looked up, after the event",
    "registry_child_to_keep": "the child that one's own transaction changes",
    "registry_children_to_keep": "that child's record, and those that lie under it",
    "registry_leave_ask": "leave to see a shielded child asked for, as one's own transaction's event says",
    "registry_leave_person": "who signs in by an address, with the ticket of an administrator's reading about a shield",
    "registry_leave_step": "leave given, refused or taken, as one's own transaction's event says",
    "registry_leaves": "who may see shielded children, by number, with an administrator's ticket",
    "registry_own_leave": "until when the shown session's person has leave to see a child",
    "registry_may_override_now": "whether the shown session's factor was shown anew, for a child that it read of",
    "registry_overrides": "whose shields were overridden, with an administrator's ticket",
    "registry_shield_ask": "a shield asked for, as one's own transaction's event says",
    "registry_shield_decide": "a step with a request for a shield, as one's own transaction's event says",
    "registry_shield_step": "a step with a shield, as one's own transaction's event says",
    "registry_shield_requests": "requests for shields that the ticket's event allows",
    "registry_shields": "shields that the ticket's event allows",
    "registry_shields_waiting": "how much waits for the shown session's person, in numbers",
    "registry_unplaced_counts": "how many of one's authorities' children had no school, by month, with the ticket",
    "registry_unplaced_page": "which they are, by number, with an administrator's ticket that names the page",
    "registry_unplaced_who": "who those of them are whom the ticket's event names",
    "review_override": "a shield overridden and looked into, as one's own transaction's events say",
    "review_asked_places": "the organisations about whose people the shown session is asked",
    "review_case_is_told": "whether one's own transaction's event says so",
    "review_person_is_told": "whether one's own transaction's event says so",
    "review_sample_is_told": "whether one's own transaction's event says so",
    "review_answer_is_told": "whether one's own transaction's event says so",
    "review_alert_is_told": "whether one's own transaction's event says so",
    "access_vetted_by_another": "whether somebody else than a person recorded any of somebody's evidence",
}
# The same of the role that signs people in: of no child.
EXECUTABLE_TO_SIGN_IN = {
    "access_awaits_new_sign_in": "whether somebody was given a new sign-in that they have not set up",
    "access_code_load": "for which address a code was made that one has",
    "access_code_make": "a code for a session that one has, after its event",
    "access_code_redeem": "a session in a system, against a code that one has, and beside the event of its sign-in",
    "access_invitation_accept": "an event, and an invitation used up whose link one has",
    "access_invitation_load": "whose an invitation is whose link one has",
    "access_is_stopped": "whether somebody is stopped, as every request asks",
    "access_mediation_begin": "a call, after its event",
    "access_mediation_end": "the end of a call, after its event",
    "access_mediation_of": "whose call it is, for a session whose key one has",
    "access_notify": "a letter to somebody about what one's own transaction's event says was done to them",
    "access_session_begin": "a session that is nobody's",
    "access_session_confirm": "that a second factor was just shown in a session whose key one has",
    "access_session_end": "the end of a session whose key one has",
    "access_session_ended": "why a session ended whose key one has",
    "access_session_load": "a session whose key one has",
    "access_session_note_device": "a name, once, for the browser of a session whose key one has",
    "access_session_save": "other contents for a session whose key one has",
    "access_sessions_end": "the end of those other sessions of one's own that one's own transaction's event names",
    "access_sessions_end_others": "the end of one's other sessions, after the event of one's new password",
    "access_sessions_of": "when the sessions of the person began whose key one has, and their sealed browsers",
    "access_sign_in": "an event, and a session's first user",
    "access_system_leave": "the end of a session in a system one of whose tokens one has",
    "access_system_session": "whose such a session is",
    "access_system_renew": "another token for a session in a system whose refresh token one has",
    "access_system_standing": "whether a system is good for somebody",
    "access_token_end": "an event, and the end of a token of software that one has",
    "access_token_give": "an event, and a token for a system that speaks for its organisation and is good",
    "audit_record": "an event of signing in that a live session vouches for",
    "audit_record_process": "an event of no person",
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.mark.parametrize(("role", "listed"), [("web", READ_WITHOUT_AN_EVENT), ("sign_in", READ_TO_SIGN_IN)])
def test_tables_that_show_rows_without_an_event_are_listed_with_a_reason(
    place: Place, role: str, listed: dict[str, str]
) -> None:
    """Counted as the role: nothing, or refused. A new table fails here until somebody decides."""
    there = place.as_owner(
        "SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = ANY (%s) AND relkind IN ('r', 'p', 'v', 'm', 'f')",
        list(SCHEMAS),
    )
    readable = set()
    with place.connected(role) as connection:
        for (table,) in there:
            try:
                with connection.transaction():
                    (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
            except InsufficientPrivilege:
                continue
            if number or not table.startswith("public.registry_"):
                readable.add(table)
    assert readable == set(listed)


def test_every_table_about_children_has_its_policy_forced(place: Place) -> None:
    forced = place.as_owner(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname ~ '^(registry|feeds)_'"
    )
    there = place.as_owner("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(registry|feeds)_'")
    assert set(forced) == set(there) == {(table,) for table in (*CHILD_TABLES, COMPARED_TABLE)}


@pytest.mark.parametrize(("role", "listed"), [("web", EXECUTABLE), ("sign_in", EXECUTABLE_TO_SIGN_IN)])
def test_functions_of_ours_that_may_be_executed_are_listed(place: Place, role: str, listed: dict[str, str]) -> None:
    with place.connected(role) as connection:
        found = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = ANY (%s::regnamespace[])"
            " AND has_function_privilege(oid, 'EXECUTE')",
            [list(SCHEMAS)],
        ).fetchall()
    assert {name for (name,) in found} == set(listed)


def test_functions_without_arguments_of_ours_tell_of_no_child(place: Place) -> None:
    with place.connected() as web:
        assert web.execute("SELECT registry_child_to_keep()").fetchall() == [(None,)]
        for function in ("registry_opened_lately", "registry_recalled"):
            assert refusal(web, f"SELECT {function}()").sqlstate == NO_SESSION


@pytest.mark.parametrize("role", ["web", "sign_in"])
def test_no_function_of_postgresql_reads_files_or_other_servers(place: Place, role: str) -> None:
    """PostgreSQL's own functions that the role may execute, by the names of those that go round tables."""
    outside = r"^(dblink|pg_read|pg_ls_|lo_import|lo_export|pg_stat_file|pg_file_|pgsql_fdw|pg_current_logfile|pg_hba)"
    with place.connected(role) as connection:
        found = connection.execute(
            "SELECT proname FROM pg_proc WHERE proname ~ %s AND has_function_privilege(oid, 'EXECUTE')", [outside]
        ).fetchall()
        assert found == []
        assert connection.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]
        assert isinstance(refusal(connection, "CREATE EXTENSION dblink"), psycopg.Error)
