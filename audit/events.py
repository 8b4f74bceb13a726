"""The closed list of what can happen. Tags read `subject.verb`, past tense."""

from django.db.models import TextChoices


class EventKind(TextChoices):
    """Every kind of event in the log, with the words an auditor sees."""

    ALERT_RAISED = "alert.raised", "Alert"
    CHILD_ADDED = "child.added", "Record made"
    CHILD_LISTED = "child.listed", "Search results shown"
    CHILD_OPENED = "child.opened", "Record opened"
    CHILD_SEARCHED = "child.searched", "Search"
    CHILD_SHOWN = "child.shown", "Identity shown"
    INVOLVEMENT_CORRECTED = "involvement.corrected", "Involvement corrected"
    INVOLVEMENT_ENDED = "involvement.ended", "Involvement ended"
    INVOLVEMENT_READ = "involvement.read", "Involvements read to change one"
    INVOLVEMENT_RECORDED = "involvement.recorded", "Involvement recorded"
    LOG_CLOSED = "log.closed", "Process ended"
    LOG_HEARTBEAT = "log.heartbeat", "Process alive"
    LOG_MAINTAINED = "log.maintained", "Maintenance of the log"
    LOG_READ = "log.read", "Access log read"
    ACCESS_REFUSED = "access.refused", "Refused"
    SECOND_FACTOR_ADDED = "second_factor.added", "Second factor added"
    SECOND_FACTOR_FAILED = "second_factor.failed", "Second factor failed"
    SECOND_FACTOR_REMOVED = "second_factor.removed", "Second factor removed"
    SESSION_ENDED = "session.ended", "Signed out elsewhere"
    SIGN_IN_FAILED = "sign_in.failed", "Sign-in failed"
    SIGN_IN_LOCKED = "sign_in.locked", "Sign-in locked"
    SIGNED_IN = "sign_in.succeeded", "Signed in"
    SIGNED_OUT = "sign_out.done", "Signed out"
    USER_ADDED = "user.added", "User added"
    USER_PASSWORD_CHANGED = "user.password_changed", "Password changed"
    PEOPLE_LISTED = "people.listed", "List of people read"


class Outcome(TextChoices):
    """How it ended, where the kind alone does not say."""

    DONE = "done", "Done"
    NO_MATCH = "no_match", "No match"
    TOO_MANY = "too_many", "Too many matches"
    NOT_FOUND = "not_found", "Not found"
    NOT_PERMITTED = "not_permitted", "Not permitted"
    NOT_VETTED = "not_vetted", "Vetting not complete"
    OVER_BUDGET = "over_budget", "Above the budget"
    SESSION_ENDED = "session_ended", "Session no longer live"
    WRONG_PASSWORD = "wrong_password", "Wrong e-mail address or password"
    WRONG_CODE = "wrong_code", "Wrong code"


class Alert(TextChoices):
    """What an alert says, in the place of its reason."""

    OVER_BUDGET = "over_budget", "Somebody asked for more than their budget"
    UNSEALED = "unsealed", "Events wait for their seal for too long"
    NOT_OURS = "not_ours", "An event was not written by our software, or was changed before its seal"
    REMOVED = "removed", "An event that a process counted is not in the log"
    UNRECORDED = "unrecorded", "An event was begun and taken back: a view may have left no record"
