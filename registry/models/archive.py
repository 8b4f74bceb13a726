"""Records in the archive that two people had read (docs/adr/0049)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import ArchiveReason
from encryption.fields import FingerprintField, SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel
from registry.models.child import Child

GIVEN, REFUSED = "given", "refused"
OUTCOMES = [(GIVEN, "Given"), (REFUSED, "Refused")]
THERE, NONE, TOO_LATE = "there", "none", "too_late"
FOUND = [
    (THERE, "It is there"),
    (NONE, "No such record is in the archive"),
    (TOO_LATE, "Not any more for this reason"),
]


class ArchiveRequest(SealedModel):
    """That a record in the archive be read: asked for by one person, given or refused by another, read by the first.

    Nobody but the worker sees whether there is one: it answers once the request was given. `answer` is what stands in
    the record then, until it is read and for a day at most, under the key of the record's own month.
    """

    number_fingerprint = FingerprintField()
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ArchiveReason.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    found = models.CharField(max_length=10, choices=FOUND, blank=True)
    answered_at = models.DateTimeField(null=True)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, related_name="+")
    answer = SealedField(str, optional=True, null=True, pad_to=4096)
    steps = models.PositiveIntegerField()

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_archiverequest_one_open",
                fields=("number_fingerprint", "authority"),
                condition=Q(outcome=""),
            ),
            models.CheckConstraint(
                name="registry_archiverequest_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in ArchiveReason],
                    found__in=["", THERE, NONE, TOO_LATE],
                ),
            ),
            models.CheckConstraint(
                name="registry_archiverequest_given_by_another",
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | Q(outcome=REFUSED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(outcome=GIVEN, decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="registry_archiverequest_answered_once_given",
                condition=Q(answered_at=None, found="", child=None)
                | Q(outcome=GIVEN, answered_at__isnull=False, found__in=[NONE, TOO_LATE], child=None)
                | Q(outcome=GIVEN, answered_at__isnull=False, found=THERE, child__isnull=False),
            ),
        )

    def sealing_cohort(self) -> str | None:
        return self.child.cohort() if self.child else None
