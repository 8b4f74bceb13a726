"""One row of the access log."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from audit.events import EventKind, Outcome
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel


class Event(SealedModel):
    """What happened, once. Written by `audit.recorder.record`; the database refuses to change or delete it.

    Ids, codes and field names are in clear; what a practitioner typed is sealed in `criteria`.
    """

    at = models.DateTimeField("when", db_default=Now())
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.DONE)
    actor_id = models.BigIntegerField("user", null=True)
    process = models.CharField("process", max_length=40, default="", blank=True)
    role = models.CharField(max_length=20, default="", blank=True)
    organisation_id = models.BigIntegerField(null=True)
    authority_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField(null=True)
    child_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField("about user", null=True)
    reason = models.CharField(max_length=20, default="", blank=True)
    shown = ArrayField(models.BigIntegerField(), verbose_name="records shown, in order", default=list)
    fields = ArrayField(models.CharField(max_length=40), verbose_name="fields changed", default=list)
    trail = models.UUIDField("search trail", null=True)
    criteria = SealedField(dict[str, str], optional=True, null=True, pad_to=256, verbose_name="what was asked")

    sealing_purpose: ClassVar[Purpose] = Purpose.AUDIT

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="audit_event_kind_is_known",
                condition=models.Q(kind__in=[kind.value for kind in EventKind]),
            ),
            models.CheckConstraint(
                name="audit_event_has_actor_or_process",
                condition=models.Q(actor_id__isnull=False, process="")
                | (models.Q(actor_id__isnull=True) & ~models.Q(process="")),
            ),
            models.CheckConstraint(
                name="audit_event_opening_names_child_and_reason",
                condition=~models.Q(kind=EventKind.CHILD_OPENED)
                | (models.Q(child_id__isnull=False) & ~models.Q(reason="")),
            ),
        )
        indexes = (
            models.Index(fields=("actor_id", "-id"), name="audit_event_actor"),
            models.Index(fields=("child_id", "-id"), name="audit_event_child"),
            models.Index(fields=("authority_id", "-id"), name="audit_event_authority"),
            models.Index(fields=("at",), name="audit_event_at"),
            GinIndex(fields=("shown",), name="audit_event_shown"),
        )
