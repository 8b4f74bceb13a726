"""That two people have a part in letting somebody in, and never one alone (ADR 22). The database holds to it
(access/sql/functions/access_is_approved.sql).

Whoever asked is one of them. Where the service asked, since a feed or the operator did, it is whoever has recorded some
of the evidence since. Neither is the person themselves, whose signature is an item too.
"""

from django.db.models import BooleanField, F, Func, Q, Value

NOBODY = 0


class VettedByAnother(Func):
    """Of an approval: whether another than its user and than one administrator recorded evidence since it was asked.

    Asked of the database, which shows the items themselves only with the ticket of an event that names their person.
    """

    function = "access_vetted_by_another"
    output_field = BooleanField()


def another_had_a_part(approver_id: int) -> Q:
    """Of approvals: that somebody else than `approver_id` asked, or has recorded some of the evidence since."""
    asked = Q(asked_by__isnull=False) & ~Q(asked_by=approver_id) & ~Q(asked_by=F("user"))
    return asked | Q(VettedByAnother(F("pk"), Value(approver_id)))


def somebody_checked() -> Q:
    """Of approvals: that an administrator, whoever it was, has recorded some of the evidence since."""
    return Q(VettedByAnother(F("pk"), Value(NOBODY)))
