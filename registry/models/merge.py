"""That two records are one child's, and are put under one; or that they are parted again (docs/adr/0048)."""

from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import MergeReason, MergeRefusal, PartReason
from encryption.fields import FingerprintField
from registry.models.child import Child
from registry.models.identity import APPROVED, OF_REQUESTS, REFUSED

REASONS = [(each.value, each.label) for each in (*MergeReason, *PartReason)]


class MergeRequest(models.Model):
    """That `child` be put under `into`, or with `parts` be taken out again: asked for by one, approved by another.

    The worker does it, at `done_at`. Of what put them together, `until` is when that ended: what was read of the one
    in between was of both. `shield_before` is the shield that `into` had when they were put together: one that came
    later is the other's as well, once they are parted.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    parts = models.BooleanField()
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Of `child`, which the owner's functions do not see while it lies under another.
    number_fingerprint = FingerprintField()
    reason = models.CharField(max_length=20, choices=REASONS)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OF_REQUESTS, blank=True)
    refusal = models.CharField(max_length=20, choices=MergeRefusal.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    shield_before = models.BigIntegerField(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(name="registry_mergerequest_number", fields=("number_fingerprint",)),)
        constraints = (
            models.UniqueConstraint(
                name="registry_mergerequest_one_open",
                fields=("child",),
                condition=Q(done_at=None) & ~Q(outcome=REFUSED),
            ),
            models.UniqueConstraint(
                name="registry_mergerequest_under_one",
                fields=("child",),
                condition=Q(parts=False, done_at__isnull=False, until=None),
            ),
            models.CheckConstraint(name="registry_mergerequest_of_two", condition=~Q(child=F("into"))),
            models.CheckConstraint(
                name="registry_mergerequest_codes_are_known",
                condition=(
                    Q(parts=False, reason__in=[each.value for each in MergeReason])
                    | Q(parts=True, reason__in=[each.value for each in PartReason])
                )
                & Q(refusal__in=["", *(each.value for each in MergeRefusal)]),
            ),
            models.CheckConstraint(
                name="registry_mergerequest_approved_by_another",
                condition=Q(outcome="", decided_by=None, decided_at=None, refusal="")
                | Q(outcome=REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(refusal="")
                | Q(outcome=APPROVED, decided_by__isnull=False, decided_at__isnull=False, refusal="")
                & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="registry_mergerequest_done_once_approved",
                condition=Q(done_at=None) | Q(outcome=APPROVED),
            ),
            models.CheckConstraint(
                name="registry_mergerequest_ends_after_it_was_done",
                condition=Q(until=None) | Q(parts=False, done_at__isnull=False, until__gte=F("done_at")),
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk} about records {self.child_id} and {self.into_id}"
