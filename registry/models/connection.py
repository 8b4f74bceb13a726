"""Connections with sensitive services that the management team makes for somebody who may not know which it is.

The database takes each step (docs/adr/0041). Nothing here says which service it is about, nor how many there are.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from access.models import Organisation, User
from audit.reasons import ConnectionOutcome, ConnectionReason, ConnectionSoon, ConnectionStep
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel
from registry.models.child import Child


class ConnectionRequest(SealedModel):
    """That a connection be made: asked for by somebody who opened the record, made or not by the management team.

    `telephone` is where the asker can be rung, and is gone once it is closed. `steps` counts what was done with it, so
    that nobody takes a step on what they did not see.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    reason = models.CharField(max_length=20, choices=ConnectionReason.choices)
    soon = models.CharField(max_length=20, choices=ConnectionSoon.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    telephone = SealedField(str, optional=True, null=True)
    outcome = models.CharField(max_length=20, choices=ConnectionOutcome.choices, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField()

    sealing_purpose: ClassVar[Purpose] = Purpose.USER

    class Meta:
        constraints = (
            # Besides, by a constraint: whoever asked can be rung while it is open, and no longer.
            models.UniqueConstraint(
                name="registry_connectionrequest_one_open_each",
                fields=("child", "asked_by"),
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="registry_connectionrequest_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in ConnectionReason],
                    soon__in=[each.value for each in ConnectionSoon],
                    outcome__in=["", *(each.value for each in ConnectionOutcome)],
                ),
            ),
            models.CheckConstraint(
                name="registry_connectionrequest_closed_by_another",
                condition=Q(outcome="", closed_by=None, closed_at=None)
                | (
                    ~Q(outcome="")
                    & Q(closed_by__isnull=False, closed_at__isnull=False)
                    & ~Q(closed_by=models.F("asked_by"))
                ),
            ),
        )


class ConnectionNote(models.Model):
    """Something that was done towards a connection: from a list, and of no service."""

    request = models.ForeignKey(ConnectionRequest, on_delete=models.CASCADE)
    step = models.CharField(max_length=20, choices=ConnectionStep.choices)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="registry_connectionnote_step_is_known",
                condition=Q(step__in=[each.value for each in ConnectionStep]),
            ),
        )

    def __str__(self) -> str:
        return f"note {self.pk} of request {self.request_id}"
