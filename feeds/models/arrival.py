"""Which records feeds made lately, so that two that take in at once do not both make one child."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Arrival(models.Model):
    """The records that one block of rows made, or one decision about a row. Nothing of the children stands here.

    Written last in its transaction, under a lock (feeds/worker/meanwhile.py): numbers are in the order of commits. It
    is forgotten after an hour, by when nobody decides any more on what was known before it.
    """

    children = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"arrival {self.pk}"
