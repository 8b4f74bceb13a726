"""What the API keeps: that an entry was sent once."""

from django.db import models
from django.db.models.functions import Now


class Idempotency(models.Model):
    """An Idempotency-Key that somebody sent with an entry, as fingerprints of both, and what came of it.

    Kept for a day. Without `involvement_id` the entry is still at work, or broke off.
    """

    key_fingerprint = models.CharField(max_length=32, primary_key=True)
    asked_fingerprint = models.CharField(max_length=32)
    taken_at = models.DateTimeField(db_default=Now())
    involvement_id = models.BigIntegerField(null=True)
    row_version = models.IntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("taken_at",), name="api_idempotency_taken_at"),)
        constraints = (
            models.CheckConstraint(
                name="api_idempotency_answered_whole",
                condition=models.Q(involvement_id=None, row_version=None)
                | models.Q(involvement_id__isnull=False, row_version__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.key_fingerprint
