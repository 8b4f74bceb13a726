"""One row of the access log."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models

from audit.events import LISTS_THAT_LEAD, EventKind, Outcome
from audit.reasons import Reason
from encryption.fields import SealedBytes

OFTEN = (
    EventKind.CHILD_ADDED,
    EventKind.CHILD_LISTED,
    EventKind.CHILD_OPENED,
    EventKind.CHILD_SEARCHED,
    EventKind.CHILD_SHOWN,
    EventKind.INVOLVEMENT_READ,
    EventKind.INVOLVEMENT_RECORDED,
    EventKind.LOG_HEARTBEAT,
    EventKind.LOG_READ,
    EventKind.PEOPLE_LISTED,
    EventKind.SIGNED_IN,
    EventKind.SIGNED_OUT,
    EventKind.USER_READ,
)

# What a month's report counts (review.reporting). Not lists of results, of which there are as many as searches.
COUNTED = (
    EventKind.ACCESS_REFUSED,
    EventKind.ALERT_CLOSED,
    EventKind.ALERT_RAISED,
    EventKind.CHILD_OPENED,
    EventKind.CHILD_SEARCHED,
    EventKind.INVOLVEMENT_RECORDED,
    EventKind.INVOLVEMENT_WITHDRAWN,
    EventKind.LOG_READ,
    EventKind.MEDIATION_BEGUN,
    EventKind.USER_APPROVED,
    EventKind.USER_LEFT,
    EventKind.USER_REVOKED,
    EventKind.USER_SUSPENDED,
)


class Xid(models.Field):  # type: ignore[type-arg]
    """A PostgreSQL transaction id that never wraps (xid8)."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class Event(models.Model):
    """What happened, once. Written by `audit.recorder.record`; the database refuses to change or delete it.

    Ids, codes and field names are in clear; what a practitioner typed is sealed in `criteria`. The database itself
    gives `id`, `at`, `transaction_id` and `leaf`; nobody who connects can choose them. It also checks what an event
    must say (audit/sql/functions/audit_rule_broken_by.sql). Partitioned by month.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("when")
    transaction_id = Xid()
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    actor_id = models.BigIntegerField("user", null=True)
    process = models.CharField("process", max_length=40, blank=True)
    role = models.CharField(max_length=20, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    authority_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField(null=True)
    child_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField("about user", null=True)
    reason = models.CharField(max_length=20, blank=True)
    shown = ArrayField(models.BigIntegerField(), verbose_name="records shown, in order")
    fields = ArrayField(models.CharField(max_length=80), verbose_name="fields changed")
    trail = models.UUIDField("search trail", null=True)
    criteria = SealedBytes("what was asked", null=True)
    writer = models.UUIDField("the process that wrote it")
    number = models.BigIntegerField("its number among the events of its writer")
    voided = ArrayField(models.BigIntegerField(), verbose_name="earlier numbers that were rolled back")
    authentication = models.BinaryField("tag that only our software can make")
    leaf = models.BinaryField("hash of the event in the tree")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("transaction_id",), name="audit_event_transaction"),
            models.Index(fields=("actor_id",), name="audit_event_actor"),
            models.Index(fields=("child_id",), name="audit_event_child", condition=models.Q(child_id__isnull=False)),
            # Ids rise and are read backwards: were they kept so, each page of the index would stay half empty (ADR 13).
            models.Index(fields=("authority_id", "id"), name="audit_event_of_authority"),
            models.Index(fields=("user_id",), name="audit_event_about", condition=models.Q(user_id__isnull=False)),
            # What one visit consists of, and what came after an event of it: review.selectors.visits.
            models.Index(
                fields=("session_id", "child_id", "id"),
                name="audit_event_visit",
                condition=models.Q(session_id__isnull=False),
            ),
            # Kinds of which there are few, alerts among them: walking through all the others would take long.
            models.Index(
                fields=("kind", "authority_id", "id"),
                name="audit_event_seldom",
                condition=~models.Q(kind__in=[kind.value for kind in OFTEN]),
            ),
            # What the people of one organisation did, of which there are few beside all of their authority.
            models.Index(
                fields=("organisation_id", "id"),
                name="audit_event_organisation",
                condition=models.Q(organisation_id__isnull=False),
            ),
            # Reasons of which there are few, as with kinds.
            models.Index(
                fields=("reason", "authority_id", "id"),
                name="audit_event_reason",
                condition=~models.Q(reason__in=["", *(reason.value for reason in Reason)]),
            ),
            # Charts and reports count from this alone: review.selectors.tallies.
            models.Index(
                fields=("authority_id", "at"),
                include=("kind", "outcome", "reason", "organisation_id", "actor_id"),
                name="audit_event_counted",
                condition=models.Q(kind__in=[kind.value for kind in COUNTED]),
            ),
            BrinIndex(fields=("at",), name="audit_event_at", autosummarize=True),
            GinIndex(
                fields=("shown",),
                name="audit_event_listed",
                fastupdate=False,
                condition=models.Q(kind__in=[kind.value for kind in LISTS_THAT_LEAD]),
            ),
        )

    def __str__(self) -> str:
        return f"event {self.pk}"
