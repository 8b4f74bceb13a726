"""What each database role may do with each table: the whole of it, on one page.

The owner owns the tables and runs migrations, nothing else. The web role serves people; the one of sign-in checks who
they are; the worker loads, files and cleans up. After every migration all rights are taken away and given again as they
stand here, in one transaction (granting.py). A table that is not listed can be touched by none of them;
tests/sweeps/test_grants.py fails until it is.
"""

from contactpoint.roles import EXAMINER, READER, SEQUENCER, SIGN_IN, WEB, WORKER

READ = "SELECT"
ADD = "SELECT, INSERT"
KEEP = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
# A user changes their own telephone number, which re-seals the row. State and role change, and people are added, only
# where an event of the same transaction says so and another person agreed; never organisation or address
# (access/sql/guards/).
PEOPLE = "SELECT, INSERT, UPDATE (email, name, telephone, row_version, state, role)"
# Whoever accepts an invitation is joining from then on.
JOIN = "SELECT, UPDATE (state)"
DECIDE = "SELECT, INSERT, UPDATE (outcome, decided_by_id, decided_at)"
GIVE = "SELECT, INSERT, UPDATE (expires_on, given_by_id), DELETE"
LIFT = "SELECT, INSERT, UPDATE (lifted_by_id, lifted_at)"
# A link is asked for here and made by the worker. Whoever brings one, asks a function.
INVITE = "SELECT (id, user_id, purpose, invited_by_id, asked_at, sent_at, expires_at, used_at, refused_at), INSERT"
# A system is asked for, and from then on accredited or revoked beside its event (access/sql/guards/).
KEEP_SYSTEMS = "SELECT, INSERT, UPDATE (accredited_by_id, accredited_at, revoked_at)"
# An alert is taken and closed, always beside its event; which alert it is does not change.
WORK_ON = "SELECT, INSERT, UPDATE (taken_by_id, taken_at, closed_at, result)"
# A case is taken, decided, agreed to and closed, always beside its event; which case it is does not change.
WORK_CASE = "SELECT, INSERT, UPDATE (taken_by_id, taken_at, result, decided_by_id, decided_at, agreed_by_id, closed_at)"
# Whoever is asked answers, and changes nothing of what was asked.
ASK = "SELECT, INSERT, UPDATE (answer, rests_on, answered_by_id, answered_at)"
# The worker reminds of what is not answered, and of nothing of a case that is closed.
REMIND = (
    "SELECT (id, case_id, person_id, organisation_id, asked_of, due_on, answered_at, reminded_at), UPDATE (reminded_at)"
)
IS_OPEN = "SELECT (id, growing)"
# Which accesses were drawn, and nothing that would tell why.
DRAWN = "SELECT (event_id, authority_id, at)"
# An answer to a family goes on step by step, each beside its event; who asked what of which record does not change.
ANSWER = (
    "SELECT, INSERT, UPDATE (row_version, number, confirmed, letter, confirmed_by_id, confirmed_at, released_by_id, "
    "released_at, closed_by_id, closed_at, result)"
)
# Nothing is changed of what somebody keeps for themselves: it is there, or not.
KEEP_OWN = "SELECT, INSERT, DELETE"
# What people are told by letter of their own ways in is written by a function.
TELL = "SELECT, UPDATE (sent_at, refused_at)"
# Which two records are one child's: the worker writes it and does not read it, the sequencer takes the outer seal off.
WRITE_LINKS = "SELECT (id, child_id), INSERT"
OPEN_LINKS = "SELECT (id, child_id, authority_id, link, answer), UPDATE (answer)"
ANSWER_LINKS = (
    "SELECT (id, escrow_id, asked_event, outcome, decided_at, decided_event, answered_at), UPDATE (answered_at)"
)
# The worker answers what was given of the archive, and decides nothing.
ANSWER_ARCHIVE = "SELECT, UPDATE (row_version, found, answered_at, child_id, answer)"
# Checkpoints and words of witnesses are never changed. That one was published is noted, and until when it is kept.
SEAL = "SELECT, INSERT, UPDATE (published_at)"
NOTE_KEPT = "SELECT, UPDATE (kept_until)"
# The examiner compares ids, codes and fingerprints: of an event neither what was asked nor what proves it, of a user
# nothing sealed.
EVENTS_BUT_WHAT_WAS_ASKED = (
    "SELECT (id, at, transaction_id, kind, outcome, actor_id, process, role, organisation_id, authority_id, "
    "session_id, child_id, user_id, reason, shown, fields, trail)"
)
WHO_THEY_ARE_TO_US = "SELECT (id, role, organisation_id, state, state_at)"

TABLES: dict[str, dict[str, str]] = {
    "api_idempotency": {WORKER: "SELECT (key_fingerprint, taken_at), DELETE"},  # others through the functions below
    "audit_event": {  # written only through the functions below
        SEQUENCER: READ,
        EXAMINER: EVENTS_BUT_WHAT_WAS_ASKED,
        READER: READ,
    },
    "audit_checkpoint": {SEQUENCER: SEAL, READER: READ, WORKER: NOTE_KEPT},
    "audit_cosignature": {SEQUENCER: ADD, READER: READ, WORKER: NOTE_KEPT},
    "audit_logkey": {SEQUENCER: ADD, READER: READ},
    "audit_raisedalert": {READER: READ},  # written only through the functions below
    "audit_tile": {SEQUENCER: KEEP, READER: READ, WORKER: READ},  # hashes, which are published
    "audit_ticketkey": {},
    "audit_turn": {SEQUENCER: "SELECT, UPDATE"},  # which takes the only row's lock
    "access_accreditation": {WEB: ADD, WORKER: ADD},
    "access_approval": {WEB: DECIDE, WORKER: KEEP},
    "access_budget": {},
    "access_clientsystem": {WEB: KEEP_SYSTEMS, SIGN_IN: READ},
    "access_grant": {WEB: GIVE, WORKER: ALL},
    "access_invitation": {WEB: INVITE, WORKER: KEEP},
    "access_mediation": {},  # only through the functions below
    "access_notice": {WORKER: TELL},
    "access_ownhome": {WEB: "SELECT (id, user_id), INSERT", WORKER: READ},
    "access_organisation": {WEB: READ, SIGN_IN: READ, WORKER: KEEP, EXAMINER: READ},
    "access_password": {SIGN_IN: KEEP},
    "access_reminder": {WORKER: ADD},
    "access_session": {WORKER: "SELECT (id, expires_at), DELETE"},  # others only through the functions below
    "access_sessionend": {WORKER: "SELECT (id, told_until), DELETE"},  # as access_session
    "access_signinsession": {SIGN_IN: ALL, WORKER: "SELECT (id, expires_at), DELETE"},
    "access_site": {WEB: ADD, WORKER: KEEP},
    "access_stop": {WEB: LIFT, WORKER: KEEP},
    "access_systemcode": {WORKER: "SELECT (id, expires_at), DELETE"},  # as access_session
    "access_systemtoken": {WORKER: "SELECT (id, expires_at), DELETE"},  # as access_session
    "access_telling": {WEB: READ, WORKER: KEEP},  # the web role of systems within reach
    "access_tellingkey": {WEB: READ, WORKER: KEEP_OWN},  # public halves
    "access_usage": {},
    "access_user": {WEB: PEOPLE, SIGN_IN: JOIN, WORKER: KEEP, EXAMINER: WHO_THEY_ARE_TO_US},
    "access_user_groups": {WEB: READ, WORKER: READ},
    "access_user_user_permissions": {WEB: READ, WORKER: READ},
    "access_usertraits": {WORKER: KEEP, EXAMINER: READ},
    "access_vettingitem": {WEB: READ, WORKER: KEEP},  # the web role writes only through a function below
    "feeds_arrival": {WORKER: "SELECT, INSERT, DELETE"},
    "feeds_batch": {WORKER: KEEP},  # the web role only through the functions below, as all of feeds
    "feeds_batchrow": {WORKER: KEEP},
    "feeds_bounds": {WORKER: "SELECT, INSERT"},  # put in force through a function below, by whoever keeps the feed
    "feeds_chunk": {WORKER: "SELECT, INSERT, DELETE"},
    "feeds_match": {WORKER: ALL},
    "feeds_sourcerecord": {WORKER: ALL},
    "feeds_supplier": {WORKER: KEEP},
    "feeds_verdict": {WORKER: READ},
    "registry_archiverequest": {WORKER: ANSWER_ARCHIVE},  # asked, given and read through the functions below
    "registry_child": {WORKER: ALL},  # the web role only through the functions below
    "registry_childaddress": {WORKER: ALL},
    "registry_childgrant": {},  # only through the functions below, as registry_override
    "registry_childname": {WORKER: ALL},
    "registry_childnumber": {WORKER: ALL},
    "registry_childsaidby": {WORKER: ALL},
    "registry_childtraits": {WORKER: KEEP, EXAMINER: READ},
    "registry_connectionnote": {},  # every step towards a connection is taken by the functions below
    "registry_connectionrequest": {},
    "registry_destroyedcohort": {WORKER: ADD},
    "registry_escrow": {WORKER: WRITE_LINKS, SEQUENCER: OPEN_LINKS},  # a link is read through the functions below
    "registry_escrowrequest": {SEQUENCER: ANSWER_LINKS},
    "registry_following": {WORKER: "SELECT, UPDATE, DELETE"},  # begun and ended through the functions below
    "registry_guardian": {WORKER: ALL},
    "registry_handover": {},  # every step of an offer is taken by the functions below
    "registry_identityrequest": {WORKER: "SELECT, UPDATE (wanted, severed_at)"},  # as registry_shieldrequest
    "registry_involvement": {WEB: KEEP, WORKER: ALL},
    "registry_keeping": {WORKER: "SELECT, UPDATE (sealed_at)"},  # as registry_shieldrequest
    "registry_leaverequest": {},
    "registry_mergerequest": {WORKER: "SELECT, UPDATE (done_at, until, shield_before)"},  # as registry_shieldrequest
    "registry_override": {},
    "registry_report": {WORKER: "SELECT, UPDATE, DELETE"},  # made, read and answered through the functions below
    "registry_reporter": {},
    "registry_newidentity": {WORKER: "SELECT, INSERT, DELETE"},
    "registry_shield": {WORKER: KEEP},  # every step of a shield is taken by the functions below
    "registry_shieldrequest": {WORKER: READ},
    "registry_spareid": {WORKER: "SELECT, INSERT, DELETE"},
    "registry_unplaced": {WORKER: "SELECT, INSERT, DELETE"},  # read through the functions below, as its counts
    "registry_unplacedcount": {WORKER: ADD},
    "registry_unplacedmonth": {WORKER: KEEP},
    "registry_untold": {WORKER: "SELECT, UPDATE, DELETE"},  # written by triggers
    "review_case": {EXAMINER: KEEP, READER: READ, WORKER: IS_OPEN},
    "review_casework": {WEB: WORK_CASE, READER: READ},
    "review_compared": {EXAMINER: KEEP},
    "review_conflict": {EXAMINER: "SELECT, INSERT, DELETE"},
    "review_cursor": {EXAMINER: "SELECT, UPDATE (before_transaction, whole_at)"},
    "review_explanation": {EXAMINER: ALL, READER: READ},
    "review_finding": {EXAMINER: ALL, READER: READ},
    "review_answer": {WEB: ANSWER, READER: READ},
    "review_inquiry": {WEB: WORK_ON, READER: READ},
    "review_judgement": {WEB: ADD, READER: READ},
    "review_personresult": {WEB: ADD, READER: READ},
    "review_question": {WEB: ASK, READER: READ, WORKER: REMIND},
    "review_recorded": {EXAMINER: ALL},
    "review_sampled": {EXAMINER: ADD, READER: DRAWN},
    "review_tally": {EXAMINER: ALL, READER: READ},
    "review_savedview": {WEB: KEEP_OWN},
    "search.child_token": {},  # only through the functions below
    "search.epoch": {WEB: READ, WORKER: READ},  # changed only through the functions below
    "search.draw": {},
    "search.late": {},
    "account_emailaddress": {SIGN_IN: READ},
    "account_emailconfirmation": {},
    "auth_group": {WEB: READ, WORKER: READ},
    "auth_group_permissions": {WEB: READ, WORKER: READ},
    "auth_permission": {WEB: READ, WORKER: READ},
    "django_content_type": {WEB: READ, WORKER: READ},
    "django_migrations": {},
    "guardian_groupobjectpermission": {},  # grants stand in access_grant
    "guardian_userobjectpermission": {},
    "mfa_authenticator": {SIGN_IN: ALL},
    # Nobody is connected to an identity provider: allauth looks, and there is nothing.
    "socialaccount_socialaccount": {SIGN_IN: READ},
    "socialaccount_socialapp": {},
    "socialaccount_socialtoken": {},
}
# Partitions are reached through their table alone: of the log, named by month; of the search index, by epoch.
PARTITIONS_OF = ("audit_event", "search.child_token")
# Tables without a sequence of their own.
NUMBERED_BY_OTHERS = (
    *("api_idempotency", "access_password", "access_telling", "access_tellingkey", "access_usertraits"),
    *("audit_checkpoint", "audit_logkey", "audit_tile"),
    *("registry_childtraits", "registry_untold"),
    *("review_casework", "review_compared", "review_explanation", "review_judgement", "review_recorded"),
    *("review_sampled", "review_tally"),
)

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "audit_record(text, jsonb)": (WEB, SIGN_IN),
    "audit_record_process(jsonb)": (WEB, SIGN_IN, WORKER, SEQUENCER, EXAMINER),
    "audit_reading_is_recorded()": (READER,),
    "access_show_ticket(bigint, text)": (WEB,),
    "audit_alert_again(text, text, bigint, bigint, integer)": (WEB, WORKER, SEQUENCER, EXAMINER),
    "audit_alert_begin(bigint, text, integer)": (WEB, WORKER, SEQUENCER, EXAMINER),
    "audit_make_partitions(integer)": (WORKER,),
    "audit_unsealed_since()": (WORKER,),
    # A token that a system fetches for itself: where people sign in it is made and given back, and shown elsewhere.
    "audit_record_token(text, jsonb)": (WEB,),
    "access_token_load(text)": (WEB,),
    "access_token_give(text, jsonb)": (SIGN_IN,),
    "access_token_end(text, jsonb)": (SIGN_IN,),
    # A session that somebody has in a system: where people sign in it begins, is renewed and ends.
    "access_system_standing(bigint, bigint)": (SIGN_IN,),
    "access_system_standings(bigint[])": (WEB,),
    "access_system_is_told(text, bigint, bigint, bigint)": (WEB,),
    "access_system_load(text)": (WEB,),
    "access_code_make(text, text, bigint, text, text)": (SIGN_IN,),
    "access_code_load(text, bigint)": (SIGN_IN,),
    "access_code_redeem(text, bigint, text, text, text)": (SIGN_IN,),
    "access_system_renew(text, text, bigint, text, text)": (SIGN_IN,),
    "access_system_session(text, bigint)": (SIGN_IN,),
    "access_system_leave(text, bigint)": (SIGN_IN,),
    # That an entry which a system sends twice is made once.
    "api_key_take(text, text)": (WEB,),
    "api_key_answer(text, bigint, integer)": (WEB,),
    "access_sign_in(text, jsonb)": (SIGN_IN,),
    "access_mediation_begin(text)": (SIGN_IN,),
    "access_mediation_end(text)": (WEB, SIGN_IN),
    "access_mediation_of(text)": (WEB, SIGN_IN),
    "access_history_of(bigint, integer)": (WEB,),
    "access_session_load(text)": (WEB, SIGN_IN),
    "access_session_begin(text, sealed, timestamptz)": (SIGN_IN,),
    "access_session_confirm(text)": (SIGN_IN,),
    "access_session_save(text, sealed, timestamptz)": (WEB, SIGN_IN),
    "access_session_end(text)": (WEB, SIGN_IN),
    "access_session_note_device(text, sealed)": (SIGN_IN,),
    "access_sessions_of(text)": (SIGN_IN,),
    "access_sessions_end(text)": (SIGN_IN,),
    "access_sessions_end_of(bigint)": (WEB, WORKER),
    "access_sessions_end_others(text)": (SIGN_IN,),
    "access_session_ended(text)": (WEB, SIGN_IN),
    "access_invitation_load(text)": (SIGN_IN,),
    "access_invitation_accept(text, jsonb)": (SIGN_IN,),
    "access_notify(bigint, text)": (WEB, SIGN_IN),
    "access_awaits_new_sign_in(bigint)": (SIGN_IN,),
    "access_is_stopped(bigint, bigint)": (WEB, SIGN_IN, WORKER),
    "access_is_enrolled(bigint)": (WEB,),
    # What a policy asks of the session that is shown, and what is told of people beyond its reach.
    "access_show_reach(text)": (WEB,),
    "access_shown_person()": (WEB,),
    "access_shown_reach()": (WEB,),
    "access_people_named(integer[])": (WEB,),
    "access_names_of(bigint[])": (WEB,),
    "access_addresses_taken(text[])": (WEB, WORKER),
    "access_person_with_address(text)": (WEB,),
    "access_administrators_of(bigint)": (WEB,),
    "access_people_in_service()": (WEB,),
    "access_vetted_by_another(bigint, bigint)": (WEB,),
    # The policies of the tables about people ask these as the role that queries.
    "access_told(text[], bigint, bigint)": (WEB,),
    "access_told_fields(text, bigint, bigint, text[])": (WEB, WORKER),
    "access_people_to_see()": (WEB,),
    "access_actor()": (WEB,),
    "access_reset_is_agreed(bigint, bigint)": (WEB,),
    "access_organisation_is_changed(bigint)": (WEB,),
    "access_stop_is_told(text, bigint, text, bigint, bigint)": (WEB,),
    "access_grant_is_given(bigint, integer, bigint, date, bigint)": (WEB,),
    "access_item_number()": (WEB,),
    "access_item_keep(bigint, bigint, text, date, date, sealed, bigint, text)": (WEB,),
    "registry_read(bigint, text)": (WEB,),
    "registry_child_to_keep()": (WEB,),
    "registry_children_to_keep()": (WEB,),
    "registry_opened_lately()": (WEB,),
    "registry_recalled()": (WEB,),
    "registry_involvement_withdraw(bigint, integer, sealed)": (WEB,),
    "registry_connection_number()": (WEB,),
    "registry_connection_ask(bigint, sealed)": (WEB,),
    "registry_connection_read(bigint, text)": (WEB,),
    "registry_connection_notes()": (WEB,),
    "registry_connection_step(bigint, integer)": (WEB,),
    "registry_connections()": (WEB,),
    "registry_connections_own()": (WEB,),
    "registry_connections_waiting()": (WEB,),
    "registry_shield_ask()": (WEB,),
    "registry_shield_decide(bigint, integer)": (WEB,),
    "registry_shield_step(bigint, integer)": (WEB,),
    "registry_shield_requests()": (WEB,),
    "registry_shields()": (WEB,),
    "registry_shields_waiting()": (WEB,),
    "registry_leave_ask()": (WEB,),
    "registry_leave_person(text)": (WEB,),
    "registry_leave_step(bigint, integer)": (WEB,),
    "registry_leaves()": (WEB,),
    "registry_own_leave(bigint)": (WEB,),
    "registry_may_override_now(bigint)": (WEB,),
    "registry_overrides()": (WEB,),
    # What overrides a shield, and has auditors look into it in the same step.
    "review_override()": (WEB,),
    "registry_identity_child(bytea)": (WEB,),
    "registry_identity_who()": (WEB,),
    "registry_identity_ask(bytea)": (WEB,),
    "registry_identity_decide(bigint, integer)": (WEB,),
    "registry_identities()": (WEB,),
    "registry_identities_waiting()": (WEB,),
    "registry_archive_ask(bytea)": (WEB,),
    "registry_archive_decide(bigint, integer, bytea)": (WEB,),
    "registry_archive_answer(bigint)": (WEB,),
    "registry_archives()": (WEB,),
    "registry_archives_waiting()": (WEB,),
    "registry_archived_at(bigint)": (WORKER,),
    "registry_keeping_step()": (WEB,),
    "registry_keepings()": (WEB,),
    "registry_handover_child(bytea)": (WEB,),
    "registry_handover_who()": (WEB,),
    "registry_handover_offer()": (WEB,),
    "registry_handover_step(bigint, integer)": (WEB,),
    "registry_handovers()": (WEB,),
    "registry_handovers_waiting()": (WEB,),
    "registry_unplaced_page()": (WEB,),
    "registry_unplaced_who()": (WEB,),
    "registry_unplaced_counts()": (WEB,),
    "registry_merge_child(bytea)": (WEB,),
    "registry_merge_who()": (WEB,),
    "registry_merge_ask()": (WEB,),
    "registry_merge_decide(bigint, integer)": (WEB,),
    "registry_merges()": (WEB,),
    "registry_merges_waiting()": (WEB,),
    "registry_report_make()": (WEB,),
    "registry_report_child()": (WEB,),
    "registry_report_people()": (WEB,),
    "registry_report_answer(bigint, integer)": (WEB,),
    "registry_reports()": (WEB,),
    "registry_reports_own(bigint)": (WEB,),
    "registry_reports_waiting()": (WEB,),
    # That a system follows a record; and whether it may be told, as the worker asks.
    "registry_following_of(bytea)": (WEB,),
    "registry_follow(bigint, integer, bytea, bytea, sealed)": (WEB,),
    "registry_following_led_to(bytea)": (WEB,),
    "registry_unfollow(bytea)": (WEB,),
    "registry_following_standing(bigint, bigint, bigint, bigint)": (WORKER,),
    "registry_escrow_ask()": (WEB,),
    "registry_escrow_decide(bigint, integer, bytea)": (WEB,),
    "registry_escrows()": (WEB,),
    "registry_escrow_answer(bigint)": (WEB,),
    "feeds_batch_begin()": (WEB,),
    "feeds_batch_part(bigint, integer, sealed)": (WEB,),
    "feeds_batch_end(bigint, bytea, bigint)": (WEB,),
    "feeds_suppliers()": (WEB,),
    "feeds_batches(integer, bigint)": (WEB,),
    "feeds_named()": (WEB,),
    "feeds_quality(bigint, integer)": (WEB,),
    "feeds_bounds_of(bigint)": (WEB,),
    "feeds_bounds_decide(bigint, text)": (WEB,),
    "feeds_batch_decide(bigint, text)": (WEB,),
    "feeds_refused()": (WEB,),
    "feeds_matches()": (WEB,),
    "feeds_match_child()": (WEB,),
    "feeds_match_decide(bigint, integer)": (WEB,),
    "feeds_waiting()": (WEB,),
    # What an auditor's query may ask, with the ticket of a reading of the log.
    "review_events_of_record(bigint)": (READER,),
    "review_child_of_number(text, bytea)": (READER,),
    "review_numbers_of(bigint[])": (READER,),
    "review_names_of(bigint[], bigint[])": (READER,),
    "review_barred()": (READER,),
    "review_everybodys()": (READER,),
    "review_names_of_cases(bigint[])": (READER,),
    "review_overrides_of_cases(bigint[])": (READER,),
    "review_barred_cases()": (READER,),
    "review_withheld()": (READER,),
    "review_is_compared()": (READER,),
    "review_unexamined_since()": (WORKER, READER),
    "review_alert_is_told(text[], bigint, bigint, text)": (WEB,),
    "review_case_is_told(text[], bigint, bigint, text)": (WEB,),
    "review_person_is_told(bigint, bigint, text)": (WEB,),
    "review_sample_is_told(bigint, bigint, text)": (WEB,),
    "review_asked_places()": (WEB,),  # about whose people an administrator is asked by an auditor
    "review_audited()": (READER,),  # the policy of answers asks it as the role that queries
    "review_looks(bigint, integer)": (READER,),
    "review_answer_standing(bigint)": (READER,),
    "review_answer_is_told(text[], bigint, bigint, bigint, bigint, text)": (WEB,),
    "search.ask(bigint, text, integer[], integer, integer[], integer[])": (WEB,),
    "search.draw(bigint, text, integer)": (WEB,),
    "search.drawn(bigint, text, integer)": (WEB,),
    "search.clear_draws()": (WORKER,),
    "search.living()": (WORKER,),
    "search.sharing(integer, integer[])": (WORKER,),
    "search.sharing_each(integer, integer[], integer[])": (WORKER,),
    "search.put(integer, bigint[], integer[], integer[])": (WORKER,),
    "search.fill(integer, bigint[], integer[], integer[])": (WORKER,),
    "search.begin_epoch(integer, integer)": (WORKER,),
    "search.note_filled(integer, bigint)": (WORKER,),
    "search.close_epoch(integer)": (WORKER,),
    "search.index_epoch(integer)": (WORKER,),
    "search.bind_epoch(integer)": (WORKER,),
    "search.check_epoch(integer)": (WORKER,),
    "search.serve_epoch(integer)": (WORKER,),
    "search.drop_epoch(integer)": (WORKER,),
}

SCHEMAS = ("public", "search")
