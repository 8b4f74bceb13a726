"""Shields: what hides a child's whereabouts."""

from django.db import models
from django.db.models import F, Q

from access.models import Organisation
from registry.models.child import Child


class Shield(models.Model):
    """The decision that a child's whereabouts are hidden. It never lapses by itself; it is ended by a decision."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField()
    review_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_shield_one_in_force", fields=("child",), condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="registry_shield_reviewed_after_start", condition=Q(review_on__gt=F("started_on"))
            ),
            models.CheckConstraint(
                name="registry_shield_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        )

    def __str__(self) -> str:
        return f"shield of child {self.child_id}"
