"""How each access of a record stands: what explained it, and when."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """How an access stands."""

    AT_ONCE = "at_once", "Explained at once"
    HELD = "held", "Not explained yet"
    LATER = "later", "Explained later"
    UNEXPLAINED = "unexplained", "Not explained"


class Explanation(models.Model):
    """One access of a record, by its event, and what explains it. Written by the examiner alone.

    `person_id` is in whose name it was: of a mediated call the colleague, by whose organisation's rights the record was
    seen; `actor_id` is the mediator. `day` is that of the clocks on the wall.
    """

    event_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("when")
    day = models.DateField()
    kind = models.CharField(max_length=40)
    child_id = models.BigIntegerField()
    person_id = models.BigIntegerField("in whose name")
    actor_id = models.BigIntegerField("who did it")
    organisation_id = models.BigIntegerField("by whose rights")
    authority_id = models.BigIntegerField("whose auditors see it", null=True)
    reason = models.CharField("the ground that was given", max_length=20, blank=True)
    state = models.CharField(max_length=20, choices=State.choices)
    codes = ArrayField(models.CharField(max_length=40), verbose_name="what is said for it (review/explanations)")
    held_until = models.DateTimeField("until when an explanation is waited for", null=True)
    explained_at = models.DateTimeField("when it was explained: at once, or later", null=True)

    class Meta:
        indexes = (
            models.Index(fields=("child_id", "organisation_id", "at"), name="review_explanation_child"),
            models.Index(fields=("person_id", "at"), name="review_explanation_person"),
            models.Index(
                fields=("actor_id", "at"),
                name="review_explanation_of_calls",
                condition=~Q(actor_id=models.F("person_id")),
            ),
            # All that charts and reports count.
            models.Index(
                fields=("authority_id", "day"), include=("state", "person_id"), name="review_explanation_of_month"
            ),
            # What is usual with children is asked of all that was looked at lately, which arrives in the order of time.
            BrinIndex(fields=("at",), name="review_explanation_at", autosummarize=True),
            models.Index(fields=("held_until",), name="review_explanation_held", condition=Q(state=State.HELD)),
            models.Index(
                fields=("child_id", "organisation_id"),
                name="review_explanation_waiting",
                condition=Q(state=State.HELD),
            ),
            models.Index(
                fields=("person_id", "at"), name="review_explanation_doubtful", condition=~Q(state=State.AT_ONCE)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state=State.HELD, held_until__isnull=False) | ~Q(state=State.HELD) & Q(held_until=None),
                name="review_explanation_held_until_a_time",
            ),
            # It also says that there is no other state.
            models.CheckConstraint(
                condition=Q(state__in=[State.AT_ONCE, State.LATER], explained_at__isnull=False)
                | Q(state__in=[State.HELD, State.UNEXPLAINED], explained_at=None),
                name="review_explanation_explained_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(explained_at=None) | Q(explained_at__gte=models.F("at")),
                name="review_explanation_not_before_the_access",
            ),
        )

    def __str__(self) -> str:
        return f"explanation of event {self.pk}"
