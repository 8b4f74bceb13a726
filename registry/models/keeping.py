"""That a young person's record is kept to their 25th birthday, since they consented (docs/adr/0049)."""

from django.db import models
from django.db.models import Q

from access.models import Organisation, User
from audit.reasons import KeepingGround
from registry.models.child import Child


class Keeping(models.Model):
    """A consent, and that it was withdrawn: both by registry/sql/functions/registry_keeping_step.sql.

    Nothing of the consent itself is kept. `sealed_at` is when the worker sealed the record for the month in which it
    ends with this consent, or since without it; none while that is still to be done. `taken_from` is the record of
    which it was recorded, where this one has it only since the two lie together.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    ground = models.CharField(max_length=20, choices=KeepingGround.choices)
    given_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    taken_from = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_keeping_one_in_force", fields=("child",), condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="registry_keeping_ground_is_known",
                condition=Q(ground__in=[each.value for each in KeepingGround]),
            ),
            models.CheckConstraint(
                name="registry_keeping_ended_by_somebody",
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"consent {self.pk} to keep a record"
