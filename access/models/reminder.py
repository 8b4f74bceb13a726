"""Letters that somebody was sent because something runs out."""

from django.db import models
from django.db.models import Q

from access.models.organisation import Organisation
from access.models.user import User

STEPS = (60, 30, 7)  # days before


class Reminder(models.Model):
    """That `user` was told, `days` before: of their own vetting, or of the accreditation of an organisation.

    Kept so that nobody is told twice of the same day at the same step. A day that was moved is another day.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    runs_out_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="access_reminder_once_of_a_step",
                fields=("user", "organisation", "runs_out_on", "days"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="access_reminder_days_are_a_step", condition=Q(days__in=STEPS)),
        )

    def __str__(self) -> str:
        return f"reminder {self.pk}"
