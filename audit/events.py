"""The closed list of what can happen. Tags read `subject.verb`, past tense."""

from django.db.models import TextChoices


class EventKind(TextChoices):
    """Every kind of event in the log, with the words an auditor sees."""

    ALERT_CLOSED = "alert.closed", "Alert closed"
    ALERT_RAISED = "alert.raised", "Alert"
    ALERT_TAKEN = "alert.taken", "Alert taken to look at"
    ANSWER_BEGUN = "answer.begun", "Answer to a family begun"
    ANSWER_CLOSED = "answer.closed", "Answer to a family closed without a letter"
    ANSWER_CONFIRMED = "answer.confirmed", "Answer to a family confirmed, line by line"
    ANSWER_MADE = "answer.made", "Letter to a family made"
    ANSWER_RELEASED = "answer.released", "Answer to a family released"
    ANSWER_RETURNED = "answer.returned", "Answer to a family given back"
    ARCHIVE_ASKED = "archive.asked", "Reading of an archived record asked for"
    ARCHIVE_GIVEN = "archive.given", "Reading of an archived record given by a second person"
    ARCHIVE_LISTED = "archive.listed", "List of what was asked of the archive read"
    ARCHIVE_OPENED = "archive.opened", "Archived record opened"
    ARCHIVE_REFUSED = "archive.refused", "Reading of an archived record refused"
    BATCH_CHECKED = "batch.checked", "Batch checked: what it would change"
    BATCH_COMMITTED = "batch.committed", "Batch let into the registry"
    BATCH_DONE = "batch.done", "Batch taken in"
    BATCH_LISTED = "batch.listed", "Batches of suppliers read"
    BATCH_RECEIVED = "batch.received", "Batch received"
    BATCH_REFUSED = "batch.refused", "Batch refused"
    BATCH_RETURNED = "batch.returned", "Refused rows given back to their supplier"
    BATCH_UNDONE = "batch.undone", "Batch taken back"
    CASE_AGREED = "case.agreed", "Decision about a case agreed to by a second auditor"
    CASE_ANSWERED = "case.answered", "Question of an auditor answered"
    CASE_ASKED = "case.asked", "Question asked about a case"
    CASE_CLOSED = "case.closed", "Case closed"
    CASE_DECIDED = "case.decided", "Case decided"
    CASE_HEARD = "case.heard", "Answer by telephone noted"
    CASE_JUDGED = "case.judged", "Access judged"
    CASE_REMINDED = "case.reminded", "Reminder of a question about a case"
    CASE_RETURNED = "case.returned", "Decision about a case sent back by a second auditor"
    CASE_TAKEN = "case.taken", "Case taken to work on"
    CHILD_ADDED = "child.added", "Record made"
    CHILD_ARCHIVED = "child.archived", "Record put into the archive"
    CHILD_CHANGED = "child.changed", "Record changed by what a supplier sent"
    CHILD_DESTROYED = "child.destroyed", "Record destroyed"
    CHILD_FOLLOWED = "child.followed", "Changes of a record to be told to a system"
    CHILD_FOLLOWED_NO_MORE = "child.followed_no_more", "Changes of a record to be told to a system no more"
    CHILD_KEPT = "child.kept", "Record kept to the 25th birthday, by consent"
    CHILD_KEPT_NO_MORE = "child.kept_no_more", "Consent to keep a record ended"
    CHILD_LISTED = "child.listed", "Search results shown"
    CHILD_MERGED = "child.merged", "Two records put under one"
    CHILD_OPENED = "child.opened", "Record opened"
    CHILD_PARTED = "child.parted", "Two records parted again"
    CHILD_RECALLED = "child.recalled", "Records opened lately shown"
    CHILD_SEARCHED = "child.searched", "Search"
    CHILD_SHOWN = "child.shown", "Identity shown"
    COHORT_DESTROYED = "cohort.destroyed", "Key of a month’s records destroyed"
    CONNECTION_ASKED = "connection.asked", "Connection with a sensitive service asked for"
    CONNECTION_CLOSED = "connection.closed", "Connection with a sensitive service made, or not"
    CONNECTION_LISTED = "connection.listed", "List of connections asked for read"
    CONNECTION_NOTED = "connection.noted", "Step towards a connection noted"
    CONNECTION_READ = "connection.read", "Services that a connection is asked for with read"
    DIRECTORY_TAKEN_IN = "directory.taken_in", "National directory of schools or practices taken in"
    ESCROW_ASKED = "escrow.asked", "Which records are one asked for"
    ESCROW_OPENED = "escrow.opened", "Which records are one read, by two people"
    ESCROW_REFUSED = "escrow.refused", "Reading which records are one refused"
    FEED_RECEIVED = "feed.received", "List of people received"
    GRANT_GIVEN = "grant.given", "Grant given"
    GRANT_TAKEN = "grant.taken", "Grant taken away"
    HANDOVER_ACCEPTED = "handover.accepted", "Record taken over by another authority"
    HANDOVER_DECLINED = "handover.declined", "Taking over of a record declined"
    HANDOVER_LISTED = "handover.listed", "List of records offered to another authority read"
    HANDOVER_OFFERED = "handover.offered", "Record offered to another authority"
    HANDOVER_READ = "handover.read", "Record that is offered read"
    HANDOVER_WITHDRAWN = "handover.withdrawn", "Offer of a record withdrawn"
    HISTORY_READ = "history.read", "Own access history read"
    IDENTITY_APPROVED = "identity.approved", "New identity approved by a second person"
    IDENTITY_ASKED = "identity.asked", "New identity asked for"
    IDENTITY_LISTED = "identity.listed", "Record looked up by its number, or new identities listed"
    IDENTITY_READ = "identity.read", "Read by number whose record it is, to decide about it"
    IDENTITY_REFUSED = "identity.refused", "New identity refused"
    IDENTITY_SEVERED = "identity.severed", "Record closed for a new identity"
    INVOLVEMENT_CORRECTED = "involvement.corrected", "Involvement corrected"
    INVOLVEMENT_ENDED = "involvement.ended", "Involvement ended"
    INVOLVEMENT_READ = "involvement.read", "Involvements read to change one"
    INVOLVEMENT_RECORDED = "involvement.recorded", "Involvement recorded"
    INVOLVEMENT_WITHDRAWN = "involvement.withdrawn", "Involvement withdrawn"
    LOG_CLOSED = "log.closed", "Process ended"
    LOG_HEARTBEAT = "log.heartbeat", "Process alive"
    LOG_MAINTAINED = "log.maintained", "Maintenance of the log"
    LOG_READ = "log.read", "Access log read"
    MATCH_DECIDED = "match.decided", "Doubtful match decided"
    MATCH_LISTED = "match.listed", "List of doubtful matches read"
    MATCH_READ = "match.read", "Doubtful match read"
    MEDIATION_BEGUN = "mediation.begun", "Call of a colleague begun"
    MEDIATION_ENDED = "mediation.ended", "Call of a colleague ended"
    MERGE_APPROVED = "merge.approved", "That two records are one approved by a second person"
    MERGE_ASKED = "merge.asked", "That two records be put under one asked for"
    MERGE_LISTED = "merge.listed", "List of records to be put under one read"
    MERGE_PART_APPROVED = "merge.part_approved", "Parting of two records approved by a second person"
    MERGE_PART_ASKED = "merge.part_asked", "That two records be parted again asked for"
    MERGE_READ = "merge.read", "Two records compared"
    MERGE_REFUSED = "merge.refused", "Putting of two records under one, or parting, refused"
    ORGANISATION_ACCREDITED = "organisation.accredited", "Organisation accredited"
    ORGANISATION_CHANGED = "organisation.changed", "Organisation changed"
    ORGANISATION_READ = "organisation.read", "Organisation read"
    REPORT_ANSWERED = "report.answered", "What came of a report of something wrong said"
    REPORT_CLOSED = "report.closed", "Report of something wrong closed: the record says something else by now"
    REPORT_LISTED = "report.listed", "List of what is reported as wrong read"
    REPORT_MADE = "report.made", "Something wrong on a record reported"
    REPORT_READ = "report.read", "Report of something wrong read"
    ACCESS_REFUSED = "access.refused", "Refused"
    SECOND_FACTOR_ADDED = "second_factor.added", "Second factor added"
    SECOND_FACTOR_FAILED = "second_factor.failed", "Second factor failed"
    SECOND_FACTOR_REMOVED = "second_factor.removed", "Second factor removed"
    SESSION_ENDED = "session.ended", "Signed out elsewhere"
    SHIELD_APPROVED = "shield.approved", "Decision about protection approved by a second person"
    SHIELD_ASKED = "shield.asked", "Protection of a child’s details asked for"
    SHIELD_DECIDED = "shield.decided", "Protection of a child’s details decided about"
    SHIELD_GRANT_ASKED = "shield.grant_asked", "Permission to see a protected child asked for"
    SHIELD_GRANT_REFUSED = "shield.grant_refused", "Permission to see a protected child refused"
    SHIELD_GRANT_TAKEN = "shield.grant_taken", "Permission to see a protected child taken away"
    SHIELD_GRANTED = "shield.granted", "Permission to see a protected child given"
    SHIELD_LIFT_ASKED = "shield.lift_asked", "End of a protection asked for"
    SHIELD_LIFT_REFUSED = "shield.lift_refused", "End of a protection refused"
    SHIELD_LIFTED = "shield.lifted", "Protection ended"
    SHIELD_LISTED = "shield.listed", "List of protected children read"
    SHIELD_OVERRIDDEN = "shield.overridden", "Protected record opened in an emergency"
    SHIELD_READ = "shield.read", "Protection of a child’s details read"
    SHIELD_RETURNED = "shield.returned", "Decision about protection sent back"
    SHIELD_REVIEWED = "shield.reviewed", "Protection reviewed and kept"
    SHIELD_SPREAD = "shield.spread", "Protection taken over by a child of the same home"
    SIGN_IN_FAILED = "sign_in.failed", "Sign-in failed"
    SIGN_IN_LOCKED = "sign_in.locked", "Sign-in locked"
    SIGNED_IN = "sign_in.succeeded", "Signed in"
    SIGNED_OUT = "sign_out.done", "Signed out"
    STOP_BEGUN = "stop.begun", "Emergency stop begun"
    STOP_LIFTED = "stop.lifted", "Emergency stop lifted"
    SUPPLIER_ADDED = "supplier.added", "Supplier added"
    SUPPLIER_CHANGED = "supplier.changed", "Supplier changed"
    SYSTEM_ACCREDITED = "system.accredited", "Client system accredited by a second person"
    SYSTEM_ALLOWED = "system.allowed", "Client system let act for somebody"
    SYSTEM_ASKED = "system.asked", "Accreditation of a client system asked for"
    SYSTEM_REVOKED = "system.revoked", "Client system revoked"
    SYSTEM_TOKEN_ENDED = "system.token_ended", "Client system gave its token back"
    SYSTEM_TOKEN_GIVEN = "system.token_given", "Client system fetched a token"
    TOKEN_MADE = "token.made", "API token made"
    TOKEN_REVOKED = "token.revoked", "API token revoked"
    UNPLACED_LISTED = "unplaced.listed", "Children with no education setting listed"
    USER_ADDED = "user.added", "User added"
    USER_AGREED = "user.agreed", "Agreement signed"
    USER_APPROVED = "user.approved", "Joining approved"
    USER_ASKED = "user.asked", "Approval asked for"
    USER_DECLINED = "user.declined", "Approval declined"
    USER_INVITED = "user.invited", "User invited"
    USER_JOINED = "user.joined", "Invitation accepted"
    USER_LEFT = "user.left", "User left"
    USER_PASSWORD_CHANGED = "user.password_changed", "Password changed"
    USER_READ = "user.read", "Person's vetting read"
    USER_REINSTATED = "user.reinstated", "User reinstated"
    USER_REJOINED = "user.rejoined", "User to join again"
    USER_REMINDED = "user.reminded", "User reminded"
    USER_REVOKED = "user.revoked", "User revoked"
    USER_ROLE_CHANGED = "user.role_changed", "Role changed"
    USER_SIGN_IN_ASKED = "user.sign_in_asked", "New sign-in asked for"
    USER_SIGN_IN_RENEWED = "user.sign_in_renewed", "New sign-in set up"
    USER_SIGN_IN_RESET = "user.sign_in_reset", "New sign-in approved"
    USER_SUSPENDED = "user.suspended", "User suspended"
    USER_VETTED = "user.vetted", "Evidence recorded"
    USER_WITHDRAWN = "user.withdrawn", "Invitation withdrawn"
    PEOPLE_LISTED = "people.listed", "List of people read"


# Told by older entries, of tokens that organisations' software once had for months; recorded no more (ADR 58).
NO_MORE = (EventKind.TOKEN_MADE, EventKind.TOKEN_REVOKED)

# Whose `shown` are records. Of other kinds it holds people, or nothing.
LISTS_OF_RECORDS = (EventKind.CHILD_LISTED, EventKind.CHILD_RECALLED, EventKind.UNPLACED_LISTED)

# By which a record is found in the log. Whoever asks who looked at one is told of those who may open records, and not
# of administrators (ADR 50).
LISTS_THAT_LEAD = (EventKind.CHILD_LISTED, EventKind.CHILD_RECALLED)

# What becomes of the question who looked at a record.
OF_ANSWERS = (
    EventKind.ANSWER_BEGUN,
    EventKind.ANSWER_CLOSED,
    EventKind.ANSWER_CONFIRMED,
    EventKind.ANSWER_MADE,
    EventKind.ANSWER_RELEASED,
    EventKind.ANSWER_RETURNED,
)

# Steps with a request for a shield, with a shield, or with leave to see a shielded child, by its number; leave that is
# asked for, by its last day.
OF_SHIELDS = (
    EventKind.SHIELD_APPROVED,
    EventKind.SHIELD_DECIDED,
    EventKind.SHIELD_GRANT_ASKED,
    EventKind.SHIELD_GRANT_REFUSED,
    EventKind.SHIELD_GRANT_TAKEN,
    EventKind.SHIELD_GRANTED,
    EventKind.SHIELD_LIFT_ASKED,
    EventKind.SHIELD_LIFT_REFUSED,
    EventKind.SHIELD_LIFTED,
    EventKind.SHIELD_RETURNED,
    EventKind.SHIELD_REVIEWED,
)

# Steps with a request for a connection, by its number.
OF_CONNECTIONS = (EventKind.CONNECTION_NOTED, EventKind.CONNECTION_CLOSED)

# What becomes of a report of something wrong on a record, by its number.
OF_REPORTS = (EventKind.REPORT_ANSWERED, EventKind.REPORT_CLOSED, EventKind.REPORT_READ)

# Never anybody's, nor in the log of an authority.
OF_PROCESSES = (EventKind.LOG_CLOSED, EventKind.LOG_HEARTBEAT, EventKind.LOG_MAINTAINED)


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
    WRONG_STATE = "wrong_state", "Not possible as things stood"
    WRONG_PASSWORD = "wrong_password", "Wrong e-mail address or password"
    WRONG_CODE = "wrong_code", "Wrong code"


class Alert(TextChoices):
    """What an alert says, in the place of its reason."""

    OVER_BUDGET = "over_budget", "Somebody asked for more than their budget"
    UNSEALED = "unsealed", "Events wait for their seal for too long"
    NOT_OURS = "not_ours", "An event was not written by our software, or was changed before its seal"
    REMOVED = "removed", "An event that a process counted is not in the log"
    UNRECORDED = "unrecorded", "An event was begun and is not in the log: what somebody tried has no record"
    UNPUBLISHED = "unpublished", "Checkpoints of the log are not kept outside as they should be"
    UNWITNESSED = "unwitnessed", "A witness has not vouched for the log for too long"
    URGENT_CASE = "urgent_case", "An urgent case: much speaks for misuse"
    UNEXAMINED = "unexamined", "Accesses wait to be examined for too long"
    OVERRIDDEN = "overridden", "A protected record was opened in an emergency: look into it now"
    ESCROW_OPENED = "escrow_opened", "Two people read which old and new record are one"
    UNCONFIRMED = "unconfirmed", "An urgent protection waits for its decision for too long"


def in_words(listed: type[TextChoices], code: str) -> str:
    """The words of a code, and the code itself for one that is on the list no more, or never was."""
    return str(dict(listed.choices).get(code, code))
