"""What tells a ticket that the database gave out from one that somebody made up."""

from django.db import models


class TicketKey(models.Model):
    """The one key with which tickets are marked (audit/sql/functions/audit_issue_ticket.sql).

    The database made it for itself, and tells it to nobody.
    """

    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return "the key of tickets"
