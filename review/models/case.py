"""Cases: what was found about one user, or with one child, together."""

from django.db import models
from django.db.models import F, Q

from registry.models import Override


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases as a reviewer takes them."""

    def ranked(self, threshold: float) -> "CaseQuerySet":
        """Those that are worth looking at, what is urgent first, and then by how much there is."""
        worth_it = Q(score__gte=threshold) | Q(override__isnull=False)
        return self.filter(worth_it, growing=True).order_by(F("urgent_at").asc(nulls_last=True), "-score", "id")


class Case(models.Model):
    """What was found about one user, or with one child, since the case before it was closed. The examiner's alone.

    About a child it is where many came upon that one who have nothing to do with each other: what speaks for it is how
    many they are, and nothing of that is about any one of them. Of each authority whose people are among them there is
    one; whom it names are the people of its findings.

    Where a shield was overridden (`override`) there are cases from that moment on, whatever else is found or explained:
    of the authority of whoever did it, and of the one that answers for the child. Nothing is added to such a case, and
    auditors alone close it.

    `score` is in bits (review/examining/scoring.py), and falls again when what it stood on is explained. While the case
    is `growing` what is found is added to it; when it is closed, the next finding begins another. What reviewers make
    of it stands apart from it.
    """

    person_id = models.BigIntegerField("the user whom it is about", null=True)
    child_id = models.BigIntegerField("the child whom it is about", null=True)
    organisation_id = models.BigIntegerField("where the user works", null=True)
    authority_id = models.BigIntegerField("whose auditors see it", null=True)
    opened_at = models.DateTimeField("when there was enough for a case")
    last_at = models.DateTimeField("when something was found last")
    # Its number stays when the record is destroyed, and leads nowhere then: the case is still one of an override.
    override = models.ForeignKey(
        Override, on_delete=models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    score = models.FloatField("how many bits speak for misuse")
    urgent_at = models.DateTimeField("since when it can wait for nobody's turn", null=True)
    alerted_at = models.DateTimeField(
        "when an alert was raised because it is urgent; once, whatever it falls to", null=True
    )
    growing = models.BooleanField(default=True)
    growth = models.IntegerField("how often something was added to it, or weighed more", db_default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("authority_id", "-score"), name="review_case_ranked", condition=Q(growing=True)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person_id",),
                condition=Q(growing=True, override=None),
                name="review_case_one_of_a_person_grows",
            ),
            models.UniqueConstraint(
                fields=("override", "authority_id"),
                condition=Q(override__isnull=False),
                name="review_case_one_of_an_override",
            ),
            models.UniqueConstraint(
                fields=("child_id", "authority_id"),
                condition=Q(growing=True),
                name="review_case_one_of_a_child_grows",
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False, child_id=None)
                | Q(person_id=None, child_id__isnull=False, authority_id__isnull=False, organisation_id=None),
                name="review_case_about_a_person_or_a_child",
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="review_case_score_is_not_negative"),
            models.CheckConstraint(condition=Q(last_at__gte=F("opened_at")), name="review_case_last_is_not_before"),
        )

    def __str__(self) -> str:
        return f"case {self.pk}"
