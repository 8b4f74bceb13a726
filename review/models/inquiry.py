"""What an auditor makes of an alert. Its events stand in the log as they are; how often it was raised is counted."""

from django.db import models
from django.db.models import Q

from access.models import User
from audit.models import RaisedAlert
from audit.reasons import AlertResult


class Inquiry(models.Model):
    """An alert that somebody took to look at, and what came of it. An alert without one is new; so is one that was
    raised again after `taken_at`.

    Each change has its event in the same transaction; the database asks for it (review/sql/guards). It is closed by
    whoever took it, or by another where the alert concerns everybody. Once closed it stays so, and what is raised from
    then on is another alert.
    """

    alert = models.OneToOneField(RaisedAlert, on_delete=models.PROTECT, related_name="inquiry")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, choices=AlertResult.choices, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, result="")
                | Q(closed_at__isnull=False, result__in=[result.value for result in AlertResult]),
                name="review_inquiry_closed_with_a_result",
            ),
        )

    def __str__(self) -> str:
        return f"inquiry {self.pk}"
