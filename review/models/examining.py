"""What the examiner keeps for itself. No page shows it, and no role but the examiner's reads it."""

from django.db import models

from audit.models.event import Xid


class Cursor(models.Model):
    """How far the log is examined: all events of transactions before that. There is one row."""

    before_transaction = Xid()

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
    """An explained access that somebody is to look at without knowing that nothing was found.

    Apart from all else, so that whoever is shown it cannot tell it from what the rules found.
    """

    event_id = models.BigIntegerField(primary_key=True)
    authority_id = models.BigIntegerField(null=True)
    at = models.DateTimeField("when the access was made")

    class Meta:
        indexes = (models.Index(fields=("authority_id", "at"), name="review_sampled_authority"),)

    def __str__(self) -> str:
        return f"sample {self.pk}"
