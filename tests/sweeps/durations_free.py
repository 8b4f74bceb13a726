"""How long something lasts where nothing else decides it, with the reason (test_durations.py)."""

# What nothing decides: file: {what it says: why}
FREE: dict[str, dict[str, str]] = {
    "README.md": {
        **dict.fromkeys(("a month", "half a year", "a year", "33 minutes"), "of what was measured"),
        "five minutes": "how long it takes people, about",
    },
    "docs/api.md": {"an hour": "budgets are counted by hours"},
    "templates/access/joining/join.html": {"ten minutes": "how long it takes people, about"},
    "docs/access-log.md": {"a month": "the log's partitions are months"},
    "docs/search-at-scale.md": {"33.1 minutes": "measured"},
    "access/models/budget.py": {"one hour": "budgets are counted by hours"},
    "access/people/forms.py": dict.fromkeys(("30 days", "60 days", "90 days"), "a choice, beside its number"),
    "access/systems/forms.py": dict.fromkeys(("90 days", "180 days", "1 year"), "a choice, beside its number"),
    "contactpoint/jinja.py": {"24 hours": "a clock of 24 hours"},
    "pages/wording.py": {"24 hours": "a clock of 24 hours"},
    "feeds/views/telling.py": {"1 minute": "how long the worker takes, about"},
    "registry/search/score.py": dict.fromkeys(("one day", "one month", "one year"), "a difference of dates"),
    "templates/help.html": {"a year": "of birth"},
    "templates/review/cases.html": {
        "a minute": "about how long the examiner needs for somebody new",
        "ten minutes": "long enough to know that something is wrong",
    },
    "registry/sql/functions/registry_connection_ask.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_report_make.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "templates/registry/reports/parts.html": {"1 day": "how old a report is"},
    "registry/protection/escrow.py": {"1 day": "as registry_escrow_answer.sql: see below"},
    "registry/sql/functions/registry_escrows.sql": {"1 day": "as registry_escrow_answer.sql: see below"},
    "registry/sql/functions/registry_escrow_answer.sql": {"1 day": "it is decided here"},
    "registry/sql/functions/registry_handover_is_read.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_number_led_to.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_identity_ask.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_archive_answer.sql": {"1 day": "it is decided here"},
    "registry/sql/functions/registry_keeping_step.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_merge_compared.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_told_with.sql": {"1 minute": "no ticket is older (audit_ticket.sql)"},
    "registry/sql/functions/registry_shield_ask.sql": {
        "1 day": "more than any session lasts; the session is asked for"
    },
    "registry/sql/functions/registry_factor_is_anew.sql": {
        "1 hour": "where to begin looking; the factor is of the last minutes"
    },
    "registry/vocabulary.py": {"three years": "the words of the regulations"},
    "review/forms.py": dict.fromkeys(("7 days", "30 days", "90 days"), "a choice, beside its number"),
    "review/wording.py": dict.fromkeys(("40 seconds", "12 minutes", "2 hours", "5 minutes"), "examples"),
    "review/selectors/alerts.py": {"1 second": "some slack: the alert is told before its event"},
    "review/selectors/visits.py": {
        "30 minutes": "it is decided here",
        "11 hours": "longer than any session: see below",
        "1 minute": "events of one moment, in any order",
        "1 day": "where to begin looking",
    },
    "access/sql/guards/access_systemcode.sql": {"1 hour": "longer than any code, so that one used twice is known"},
    "access/sql/functions/access_charge.sql": {"24 hours": "the budget of a day"},
    "api/problems.py": {"24 hours": "the budget of a day, as access_charge.sql counts it"},
    "access/sql/functions/access_history_of.sql": {"1 month": "the log's partitions are months"},
    "audit/filling.py": {"1 month": "the log's partitions are months"},
    "audit/sql/functions/audit_make_month.sql": {"1 month": "the log's partitions are months"},
    "audit/sql/functions/audit_make_partitions.sql": {"1 month": "the log's partitions are months"},
    "audit/sql/functions/audit_alert_again.sql": {"1 day": "as audit_alert_begin.sql: see below"},
    "audit/sql/functions/audit_alert_begin.sql": {"1 day": "as audit_alert_again.sql: see below"},
    "audit/sql/functions/audit_ticket.sql": {"1 minute": "longer than any ticket: see below"},
    "registry/sql/functions/search.clear_draws.sql": {"1 minute": "longer than any ticket: see below"},
}
# Pages of SQL that are where something is decided: they are read, and not held.
DECIDED_HERE = {
    "access/sql/functions/access_code_make.sql",
    "access/sql/functions/access_token_give.sql",
    "access/sql/functions/access_mediation_begin.sql",
    "access/sql/functions/access_note_session_end.sql",
    "audit/sql/functions/audit_issue_ticket.sql",
    "review/sql/functions/review_barrings.sql",
    "registry/sql/functions/registry_connections_own.sql",
    "registry/sql/functions/registry_opened_by.sql",
    "registry/sql/functions/search.drop_epoch.sql",
}
