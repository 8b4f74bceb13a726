"""The fact that a record was opened, as a row which each rival puts into its log when it is made."""

import pghistory
from auditlog.registry import auditlog
from django.db import models


class Opening(models.Model):
    """What our event tells of an opening, but for what guards it. Who did it is what the rivals' context is for."""

    outcome = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    organisation_id = models.BigIntegerField()
    authority_id = models.BigIntegerField()
    session_id = models.BigIntegerField()
    request_id = models.UUIDField()
    child_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"opening {self.pk}"


class OpeningByAuditlog(Opening):
    """Logged by a signal, from Python."""


@pghistory.track(pghistory.InsertEvent())
class OpeningByPghistory(Opening):
    """Logged by a trigger, in the database."""


auditlog.register(OpeningByAuditlog)
