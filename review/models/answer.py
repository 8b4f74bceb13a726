"""A family asks who looked at a record; what is answered, and by whom."""

from datetime import date
from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import AnswerResult, Asker, AskerIdentity, AskerRight
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody confirmed: line by line what is told and why, on which day, and the hash of the letter's facts.

    `decisions` are by the number of a line's first event: (what is told, why), codes of `Telling` and `Confirming`.
    """

    dated: date
    decisions: dict[int, tuple[str, str]]
    digest: str


class Answer(SealedModel):
    """One answer to one family about one record, whether the log leads to the record or not (`child_id`).

    Begun, confirmed line by line, and released by another; or given back, or closed without a letter. Each step has its
    event in the same transaction; the database asks for it (review/sql/guards). What is released stays as it is. Who
    asked is not kept, only what of a list they are: the council's own letter carries the name.
    """

    child_id = models.BigIntegerField(null=True)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The number as the family gave it, in the way in which it is read out.
    number = SealedField(str)
    asker = models.CharField(max_length=20, choices=Asker.choices)
    identity_check = models.CharField(max_length=20, choices=AskerIdentity.choices)
    right_check = models.CharField(max_length=20, choices=AskerRight.choices)
    since = models.DateField()
    until = models.DateField()
    confirmed = SealedField(Confirmed, optional=True, pad_to=1024)
    # SHA-256 of the file that was released, by which it can be shown later which letter went out.
    letter = SealedField(str, optional=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    released_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, choices=AnswerResult.choices, blank=True)

    sealing_purpose: ClassVar[Purpose] = Purpose.AUDIT

    class Meta:
        indexes = (models.Index(fields=("authority", "id"), name="review_answer_of_authority"),)
        constraints = (
            models.CheckConstraint(name="review_answer_ends_after_it_begins", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="review_answer_codes_are_known",
                condition=Q(
                    asker__in=[each.value for each in Asker],
                    identity_check__in=[each.value for each in AskerIdentity],
                    right_check__in=[each.value for each in AskerRight],
                ),
            ),
            models.CheckConstraint(
                name="review_answer_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_answer_released_by_another",
                condition=Q(released_at=None, released_by=None)
                | (
                    Q(released_at__isnull=False, released_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(released_by=F("confirmed_by"))
                ),
            ),
            models.CheckConstraint(
                name="review_answer_closed_with_a_result",
                condition=Q(closed_at=None, closed_by=None, result="")
                | Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    released_at=None,
                    result__in=[each.value for each in AnswerResult],
                ),
            ),
        )
