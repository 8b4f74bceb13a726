"""What somebody reported as wrong on a child's record, and what came of it (docs/adr/0052)."""

from django.db import models
from django.db.models import Q

from access.models import Organisation, User
from audit.reported import ReportAnswer, ReportedPart
from encryption.fields import SealedField
from registry.models.child import Child, ChildRow
from registry.values import Provenance

CHANGED_SINCE = "changed_since"
CLOSING = [each for each in ReportAnswer if each != ReportAnswer.SOURCE_TOLD]
OUTCOMES = [*((each.value, each.label) for each in CLOSING), (CHANGED_SINCE, "The record says something else by now")]


class Report(ChildRow):
    """That a part of a child's record is wrong: one for each part while it is open, whoever reports it.

    Whose it is to answer is asked when it is read, as which record it counts for is: records change hands, and are put
    under one. `sources` is who said what stands there: looked up by the worker, NULL until then. `steps` counts what
    was done with it, so that nobody takes a step on what they did not see.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, db_constraint=False)
    part = models.CharField(max_length=20, choices=ReportedPart.choices)
    made_at = models.DateTimeField()
    sources = SealedField(tuple[Provenance, ...], optional=True, null=True, pad_to=256)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=20, choices=OUTCOMES, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_report_one_open_of_a_part",
                fields=("child", "part"),
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="registry_report_codes_are_known",
                condition=Q(
                    part__in=[each.value for each in ReportedPart],
                    outcome__in=["", *(code for code, _label in OUTCOMES)],
                ),
            ),
            models.CheckConstraint(
                name="registry_report_source_told_by_somebody",
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
            ),
            models.CheckConstraint(
                name="registry_report_closed_by_somebody_or_by_itself",
                condition=Q(outcome="", closed_at=None, closed_by=None)
                | Q(outcome=CHANGED_SINCE, closed_at__isnull=False, closed_by=None)
                | (~Q(outcome__in=["", CHANGED_SINCE]) & Q(closed_at__isnull=False, closed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="registry_report_put_under_one_where_there_are_two",
                condition=~Q(outcome=ReportAnswer.ONE_RECORD) | Q(part=ReportedPart.TWO_RECORDS),
            ),
            models.CheckConstraint(
                name="registry_report_no_source_of_the_record",
                condition=Q(told_at=None) | ~Q(part__in=[ReportedPart.TWO_CHILDREN, ReportedPart.TWO_RECORDS]),
            ),
        )


class Reporter(models.Model):
    """Somebody who reported it, and for whom. It goes with the report, by the database."""

    report = models.ForeignKey(Report, on_delete=models.DO_NOTHING, db_constraint=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="registry_reporter_each_person_once", fields=("report", "person")),)

    def __str__(self) -> str:
        return f"reporter {self.pk} of report {self.report_id}"
