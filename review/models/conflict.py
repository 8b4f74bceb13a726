"""Which auditors are near to whom, so that they neither see nor work what is about them. Codes, and no value."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Nearness(models.TextChoices):
    """What makes an auditor near to somebody."""

    HOME = "home", "They live or lived in one home"
    FAMILY = "family", "They have the same rare family name"
    EMPLOYER = "employer", "They work or worked for one organisation"


class Conflict(models.Model):
    """An auditor who is near to a person. Written by the examiner, which compares fingerprints (review/examining).

    Nobody reads it: the database asks it by itself (review/sql/functions/review_barrings.sql), so that an auditor does
    not learn that somebody has a case, nor what makes them near.
    """

    auditor_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    codes = ArrayField(models.CharField(max_length=20, choices=Nearness.choices))

    class Meta:
        indexes = (models.Index(fields=("person_id",), name="review_conflict_person"),)
        constraints = (
            models.UniqueConstraint(fields=("auditor_id", "person_id"), name="review_conflict_said_once"),
            models.CheckConstraint(
                condition=Q(codes__len__gt=0, codes__contained_by=[each.value for each in Nearness]),
                name="review_conflict_codes_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(auditor_id=models.F("person_id")), name="review_conflict_is_between_two"
            ),
        )

    def __str__(self) -> str:
        return f"conflict {self.pk}"


class Compared(models.Model):
    """How a user stood when they were compared last: an auditor, or somebody whom a case names.

    Who stands otherwise by now is compared again. Who had no traits was compared by their employers alone: nobody
    works a case that names them, and as an auditor they work none.
    """

    user_id = models.BigIntegerField(primary_key=True)
    organisation_id = models.BigIntegerField()
    row_version = models.IntegerField("of their traits; 0 where there are none")
    homes_told = models.IntegerField("by their traits")
    is_auditor = models.BooleanField()
    has_traits = models.BooleanField("whether their traits were there, and could be read")

    class Meta:
        indexes = (models.Index(fields=("user_id",), name="review_compared_no_traits", condition=Q(has_traits=False)),)

    def __str__(self) -> str:
        return f"user {self.pk}, compared"
