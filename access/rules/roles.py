"""Roles and permissions, as code. A role is a set of permissions; a user has one role."""

from enum import StrEnum

from access.models import Role


class Permission(StrEnum):
    """What can be permitted; `subject.verb`."""

    BATCH_KEEP = "batch.keep"
    ARCHIVE_READ = "archive.read"
    CALL_TAKE = "call.take"
    CHILD_OPEN = "child.open"
    CHILD_RECALL = "child.recall"
    CHILD_SEARCH = "child.search"
    CONNECTION_ASK = "connection.ask"
    CONNECTION_MAKE = "connection.make"
    FEED_KEEP = "feed.keep"
    HANDOVER_KEEP = "handover.keep"
    INVOLVEMENT_KEEP = "involvement.keep"
    LOG_READ = "log.read"
    MATCH_DECIDE = "match.decide"
    MERGE_DECIDE = "merge.decide"
    ORGANISATION_KEEP = "organisation.keep"
    PEOPLE_DECIDE = "people.decide"
    PEOPLE_INVITE = "people.invite"
    PEOPLE_LIST = "people.list"
    RECORD_KEEP = "record.keep"
    REPORT_ANSWER = "report.answer"
    REPORT_MAKE = "report.make"
    SERVICE_STOP = "service.stop"
    SHIELD_ASK = "shield.ask"
    SHIELD_DECIDE = "shield.decide"
    SHIELD_OVERRIDE = "shield.override"  # and granted by name: access.rules.grants
    SYSTEM_KEEP = "system.keep"
    UNPLACED_LIST = "unplaced.list"


# What a mediator does in the name of a colleague, and only while that colleague's call lasts.
IN_A_CALL = frozenset({Permission.CHILD_OPEN, Permission.CHILD_SEARCH})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PRACTITIONER: frozenset(
        {
            Permission.CHILD_OPEN,
            Permission.CHILD_RECALL,
            Permission.CHILD_SEARCH,
            Permission.CONNECTION_ASK,
            Permission.INVOLVEMENT_KEEP,
            Permission.REPORT_MAKE,
            Permission.SHIELD_ASK,
            Permission.SHIELD_OVERRIDE,
        }
    ),
    Role.MEDIATOR: frozenset({Permission.CALL_TAKE, Permission.CHILD_OPEN, Permission.CHILD_SEARCH}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.BATCH_KEEP,
            Permission.ARCHIVE_READ,
            Permission.CONNECTION_MAKE,
            Permission.FEED_KEEP,
            Permission.MATCH_DECIDE,
            Permission.HANDOVER_KEEP,
            Permission.MERGE_DECIDE,
            Permission.ORGANISATION_KEEP,
            Permission.PEOPLE_DECIDE,
            Permission.PEOPLE_INVITE,
            Permission.PEOPLE_LIST,
            Permission.RECORD_KEEP,
            Permission.REPORT_ANSWER,
            Permission.SERVICE_STOP,
            Permission.SHIELD_DECIDE,
            Permission.SYSTEM_KEEP,
            Permission.UNPLACED_LIST,
        }
    ),
    Role.AUDITOR: frozenset({Permission.LOG_READ}),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """What somebody in that role may do."""
    return PERMISSIONS[Role(role)]
