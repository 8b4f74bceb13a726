"""What an auditor asks about accesses, and what is answered. From lists: near a child nobody writes freely."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from access.models import User
from audit.reasons import Answer, ManagerAnswer
from review.models.case import Case


class AskedOf(models.TextChoices):
    """Who is asked."""

    PERSON = "person", "The person"
    MANAGER = "manager", "An administrator of their organisation"


class Query(models.TextChoices):
    """What is asked."""

    OCCASION = "occasion", "What was the occasion of these accesses?"
    CONNECTED = "connected", "Do you know the children or their families outside work?"
    YOURS = "yours", "Was it you who did this?"


class Rests(models.TextChoices):
    """What an answer rests on, so that it can be held against something."""

    INVOLVEMENT = "involvement", "An involvement of our organisation that is on the record"
    INVOLVEMENT_TO_COME = "not_recorded_yet", "An involvement of our organisation that we have not recorded yet"
    REFERRAL = "referral", "A referral that we received"
    CALL = "call", "A call from another service or from the family"
    OWN_FILE = "own_file", "An entry in our own files"
    ROTA = "rota", "Our rota or diary of that day"
    NOTHING = "nothing", "Nothing that I could show"


ANSWERS = tuple(each.value for each in (*Answer, *ManagerAnswer))


class Question(models.Model):
    """A question about the accesses of one person of a case, until a day. Whose case it is the database notes.

    It is answered once: by whoever is asked, or, where they said it on the telephone, by the auditor who heard it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    person_id = models.BigIntegerField("whose accesses it is about")
    organisation_id = models.BigIntegerField("where they work", null=True)
    asked_of = models.CharField(max_length=10, choices=AskedOf.choices)
    query = models.CharField("what is asked", max_length=20, choices=Query.choices)
    events = ArrayField(models.BigIntegerField(), verbose_name="the accesses it is about")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    due_on = models.DateField("until when to answer")
    answer = models.CharField(max_length=20, blank=True)
    rests_on = models.CharField(max_length=20, choices=Rests.choices, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField("when the person was reminded that it is late; once", null=True)

    class Meta:
        indexes = (
            models.Index(fields=("person_id",), name="review_question_person"),
            models.Index(fields=("organisation_id",), name="review_question_open", condition=Q(answered_at=None)),
            models.Index(fields=("due_on",), name="review_question_due", condition=Q(answered_at=None)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", rests_on="", answered_by=None, answered_at=None)
                | Q(
                    answer__in=ANSWERS,
                    rests_on__in=[each.value for each in Rests],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="review_question_answered_with_codes",
            ),
            models.CheckConstraint(
                condition=Q(asked_of__in=[each.value for each in AskedOf], query__in=[each.value for each in Query]),
                name="review_question_is_on_the_list",
            ),
            models.CheckConstraint(condition=Q(events__len__lte=20), name="review_question_about_a_few"),
            # One at a time of each: who is asked twice wonders which of them to answer.
            models.UniqueConstraint(
                fields=("case", "person_id", "asked_of"),
                condition=Q(answered_at=None),
                name="review_question_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"question {self.pk}"
