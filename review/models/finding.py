"""What a rule found of one user, on a day, and mostly with one child."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from review.models.case import Case


class Finding(models.Model):
    """Written by the examiner alone. Found again on the same day with the same child, it is the same finding.

    `bits` is what it is worth by itself; `counts` what the reasons of the access, `codes`, leave of that. It belongs to
    no case until there is enough for one.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="findings")
    person_id = models.BigIntegerField("the user whom it is about")
    rule = models.CharField("which rule found it (review/rules)", max_length=40)
    day = models.DateField()
    child_id = models.BigIntegerField("the child with whom; none of what is about a whole day", null=True)
    event_id = models.BigIntegerField("the first event of that day with which it was found")
    at = models.DateTimeField("when that was")
    organisation_id = models.BigIntegerField(null=True)
    authority_id = models.BigIntegerField("whose auditors see it", null=True)
    bits = models.FloatField()
    counts = models.FloatField()
    codes = ArrayField(models.CharField(max_length=40), verbose_name="what is said for the access")

    class Meta:
        indexes = (models.Index(fields=("child_id", "at"), name="review_finding_child"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "rule", "day", "child_id"),
                nulls_distinct=False,
                name="review_finding_found_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(bits__gt=0, counts__gte=0, counts__lte=F("bits")),
                name="review_finding_counts_part_of_its_bits",
            ),
        )

    def __str__(self) -> str:
        return f"finding {self.pk}"
