"""That two people have a part in letting somebody in, and never one alone (ADR 22). The database holds to it
(access/sql/functions/access_is_approved.sql).

Whoever asked is one of them. Where the service asked, since a feed or the operator did, it is whoever recorded some of
the evidence. Neither is the person themselves, whose signature is an item too.
"""

from django.db.models import BooleanField, F, Func, Q, Value


class VettedByAnother(Func):
    """Whether another than the user and than one administrator recorded any of the user's evidence.

    Asked of the database, which shows the items themselves only beside an event that names their person.
    """

    function = "access_vetted_by_another"
    output_field = BooleanField()


def another_had_a_part(approver_id: int) -> Q:
    """Of approvals: that somebody else than `approver_id` asked, or recorded some of the evidence."""
    asked = Q(asked_by__isnull=False) & ~Q(asked_by=approver_id) & ~Q(asked_by=F("user"))
    return asked | Q(VettedByAnother(F("user_id"), Value(approver_id)))
