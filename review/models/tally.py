"""How much each user did on each day."""

from django.db import models
from django.db.models import F, Q


class Tally(models.Model):
    """Counts of one user's day (review/examining/days.py), and never of whom. Written by the examiner alone."""

    pk = models.CompositePrimaryKey("user_id", "day")
    user_id = models.BigIntegerField()
    day = models.DateField()
    role = models.CharField(max_length=20)
    kind = models.CharField("of the organisation", max_length=20, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    authority_id = models.BigIntegerField("whose auditors see it", null=True)
    opened = models.IntegerField("records, each once")
    searched = models.IntegerField("searches that found somebody")
    followed = models.IntegerField("of these, how many led to a record")
    refused = models.IntegerField()
    read = models.IntegerField("readings of people or of the log")
    unexplained = models.IntegerField("of the records opened, by now")
    hours = models.IntegerField("a bit for each hour with a look at a record")
    last_trail = models.UUIDField("the search that was counted last", null=True)
    last_followed = models.UUIDField("the search that was followed last", null=True)

    class Meta:
        indexes = (models.Index(fields=("day",), name="review_tally_day"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    opened__gte=0, searched__gte=0, followed__gte=0, refused__gte=0, read__gte=0, unexplained__gte=0
                ),
                name="review_tally_is_of_what_was",
            ),
            models.CheckConstraint(
                condition=Q(unexplained__lte=F("opened")), name="review_tally_unexplained_of_opened"
            ),
            models.CheckConstraint(condition=Q(hours__gte=0, hours__lt=1 << 24), name="review_tally_hours_of_one_day"),
        )

    def __str__(self) -> str:
        return f"tally of {self.user_id} on {self.day}"
