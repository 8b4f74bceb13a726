"""What the examiner keeps for itself, and which accesses it drew for auditors to judge."""

from django.db import models
from django.db.models.functions import Now

from audit.models.event import Xid


class Cursor(models.Model):
    """How far the log is examined: all events of transactions before that. There is one row."""

    before_transaction = Xid()
    whole_at = models.DateTimeField("when all that had settled by then was examined", db_default=Now())

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="review_cursor_there_is_one"),)

    def __str__(self) -> str:
        return f"examined before {self.before_transaction}"


class Recorded(models.Model):
    """That an organisation recorded an involvement with a child, or withdrew one, as the log has it by `event_id`."""

    event_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    day = models.DateField()
    child_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    withdrawn = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("child_id",), name="review_recorded_child"),)

    def __str__(self) -> str:
        return f"recorded by event {self.pk}"


class Sampled(models.Model):
    """An access that somebody is to judge without knowing whether anything was found with it.

    Apart from all else, and without a word of why it was drawn (review/examining/sampling.py).
    """

    event_id = models.BigIntegerField(primary_key=True)
    authority_id = models.BigIntegerField(null=True)
    at = models.DateTimeField("when the access was made")

    class Meta:
        indexes = (models.Index(fields=("authority_id", "at"), name="review_sampled_authority"),)

    def __str__(self) -> str:
        return f"sample {self.pk}"
