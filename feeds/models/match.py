"""Rows of which nobody can say by rule whose they are, and what people say of them."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from access.models import Organisation, User
from encryption.fields import SealedField
from feeds.models.batch import Batch
from feeds.rows import Row
from registry.models import Child
from registry.models.child import ChildRow


class VerdictKind(models.TextChoices):
    """What somebody says of a doubtful match."""

    SAME = "same", "The same child"
    DIFFERENT = "different", "Another child"
    UNSURE = "unsure", "I cannot tell"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a row fits a record, in bits, and in what: a level for each field (feeds/matching/comparing.py)."""

    bits: float
    levels: tuple[tuple[str, str], ...]


class Match(ChildRow):
    """A row and the child whom it is held against: for the administrators of the authority that answers for the record.

    Where the row may be about several children it stands once for each. How many people have to agree, and of whom it
    tells once records were put together, is asked when it is needed (feeds/sql/functions/feeds_match_now.sql);
    `authority` follows who answers for the record. The worker does what was decided, and sets `applied_at`; `said` is
    gone then.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    place = models.BigIntegerField()
    child = models.ForeignKey(Child, on_delete=models.CASCADE, db_constraint=False)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    agreement = SealedField(Agreement, pad_to=256)
    said = SealedField(Row, null=True, optional=True, pad_to=512)
    outcome = models.CharField(max_length=10, choices=VerdictKind.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="feeds_match_each_child_once", fields=("batch", "place", "child")),
            models.CheckConstraint(
                name="feeds_match_outcome_is_known",
                condition=Q(outcome__in=["", VerdictKind.SAME, VerdictKind.DIFFERENT]),
            ),
            models.CheckConstraint(
                name="feeds_match_decided_once",
                condition=Q(outcome="", decided_at=None) | ~Q(outcome="") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="feeds_match_applied_once_decided", condition=Q(applied_at=None) | ~Q(outcome="")
            ),
        )
        indexes = (models.Index(name="feeds_match_open", fields=("authority", "id"), condition=Q(outcome="")),)


class Verdict(models.Model):
    """What one person said of a doubtful match. It goes with the match, by the database: the worker deletes none."""

    match = models.ForeignKey(Match, on_delete=models.DO_NOTHING, db_constraint=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=VerdictKind.choices)
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="feeds_verdict_one_of_each_person", fields=("match", "person")),
            models.CheckConstraint(
                name="feeds_verdict_kind_is_known", condition=Q(kind__in=[each.value for each in VerdictKind])
            ),
        )

    def __str__(self) -> str:
        return f"verdict {self.pk} of match {self.match_id}"
