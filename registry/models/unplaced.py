"""Children of school age with no education setting: found once a month, by the worker (registry/worker/unplaced.py)."""

from django.db import models

from access.models import Organisation
from registry.models.child import Child


class UnplacedMonth(models.Model):
    """The walk of a month through all children: up to which id, and when it was done. `month` is its first day."""

    month = models.DateField(unique=True)
    reached = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}, up to {self.reached}"


class Unplaced(models.Model):
    """A child whose record named no education setting in that month, and who answered for it then.

    Rows of an earlier month are deleted once a later one is done: that a child was in no school is nobody's any more.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(name="registry_unplaced_once_a_month", fields=("child", "month")),)
        indexes = (models.Index(name="registry_unplaced_of_authority", fields=("authority", "month", "child")),)

    def __str__(self) -> str:
        return f"child {self.child_id} in {self.month:%Y-%m}"


class UnplacedCount(models.Model):
    """How many of an authority's children there were in a month: what stays when the rows have gone."""

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    children = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="registry_unplacedcount_once_a_month", fields=("authority", "month")),
        )

    def __str__(self) -> str:
        return f"{self.children} in {self.month:%Y-%m}"
