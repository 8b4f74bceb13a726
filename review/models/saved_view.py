"""What an auditor wants to see of the log again and again."""

from django.db import models
from django.db.models import Q

from access.models import Organisation, User

CODE = r"^[a-z0-9_.]*$"


class SavedView(models.Model):
    """A filter of the log that somebody keeps for themselves. It has no name but what is chosen in it.

    No person and no record stands in one: whoever asks for one of these does it for a reason of that day, and not by
    habit. `days`: of how many days up to today; none for the whole log.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Codes of lists that grow; the form takes no others, and the database no words.
    kind = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", null=True, db_index=False
    )
    days = models.PositiveSmallIntegerField(null=True)
    readings = models.BooleanField()
    alerts = models.BooleanField()
    apart = models.BooleanField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__regex=CODE, reason__regex=CODE), name="review_savedview_holds_codes"
            ),
            models.UniqueConstraint(
                fields=("user", "kind", "reason", "organisation", "days", "readings", "alerts", "apart"),
                name="review_savedview_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"saved view {self.pk}"
