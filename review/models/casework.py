"""What auditors make of a case, whom it names, and of an access that was drawn. The case itself is the examiner's."""

from django.db import models
from django.db.models import F, Q

from access.models import User
from audit.reasons import MISUSE, CaseResult, Verdict
from review.models.case import Case


class CaseWork(models.Model):
    """A case that somebody took, how they decided it, and who agreed. A case without one waits for anybody.

    Each change has its event in the same transaction; the database asks for it, and dates it (review/sql/guards). That
    somebody misused the service is decided by two: it is closed when a second auditor agrees, and open again when they
    do not. Closed, a case stays so, and what is found from then on is another.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="work")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    result = models.CharField(max_length=20, choices=CaseResult.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(result="", decided_by=None, decided_at=None, closed_at=None)
                | Q(
                    result__in=[result.value for result in CaseResult],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="review_casework_decided_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(closed_at__isnull=False, result__in=[each.value for each in MISUSE]),
                name="review_casework_agreed_when_it_closes",
            ),
            models.CheckConstraint(
                condition=~Q(result__in=[each.value for each in MISUSE])
                | Q(closed_at=None)
                | Q(agreed_by__isnull=False) & ~Q(agreed_by=F("decided_by")),
                name="review_casework_misuse_is_decided_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"work on case {self.pk}"


class PersonResult(models.Model):
    """What came of one of those whom a case about a child names. The result of that case is the gravest of all.

    It stands beside its event, and beside the decision that is in force: sent back, that takes it along.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="results", db_index=False)
    person_id = models.BigIntegerField()
    result = models.CharField(max_length=20, choices=CaseResult.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "person_id"), name="review_personresult_one_of_each"),
            models.CheckConstraint(
                condition=Q(result__in=[result.value for result in CaseResult]),
                name="review_personresult_result_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"result {self.pk} of case {self.case_id}"


class Judgement(models.Model):
    """What an auditor said of one access that they looked at by itself, not knowing whether anything was found.

    Once said it stays so.
    """

    event_id = models.BigIntegerField(primary_key=True)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    judged_at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in Verdict]),
                name="review_judgement_verdict_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"judgement of event {self.pk}"
