"""New identities: asked for, made apart from the old record, and which two are one child's (docs/adr/0042)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import EscrowReason, IdentityReason, IdentityRefusal
from encryption.fields import FingerprintField, SealedBytes, SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel
from registry.models.child import Child

APPROVED, REFUSED, OPENED = "approved", "refused", "opened"
OF_REQUESTS = [(APPROVED, "Approved"), (REFUSED, "Refused")]
OF_LINKS = [(OPENED, "Given"), (REFUSED, "Refused")]


class IdentityRequest(models.Model):
    """That a child's record be closed and another begun under a new name: asked for by one person, approved by another.

    `wanted` is what the worker alone can open (registry/protection/new_identity.py). It is gone once it was refused or
    severed.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=IdentityReason.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OF_REQUESTS, blank=True)
    refusal = models.CharField(max_length=20, choices=IdentityRefusal.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    severed_at = models.DateTimeField(null=True)
    wanted = SealedBytes(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_identityrequest_one_open",
                fields=("child",),
                condition=~Q(outcome=REFUSED),
            ),
            models.CheckConstraint(
                name="registry_identityrequest_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in IdentityReason],
                    refusal__in=["", *(each.value for each in IdentityRefusal)],
                ),
            ),
            models.CheckConstraint(
                name="registry_identityrequest_approved_by_another",
                condition=Q(outcome="", decided_by=None, decided_at=None, refusal="")
                | Q(outcome=REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(refusal="")
                | Q(outcome=APPROVED, decided_by__isnull=False, decided_at__isnull=False, refusal="")
                & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="registry_identityrequest_severed_once_approved",
                condition=Q(severed_at=None) | Q(outcome=APPROVED),
            ),
            models.CheckConstraint(
                name="registry_identityrequest_wanted_until_done",
                condition=Q(wanted=None) & (Q(outcome=REFUSED) | Q(severed_at__isnull=False))
                | Q(wanted__isnull=False, severed_at=None) & ~Q(outcome=REFUSED),
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk} for a new identity"


class NewIdentity(models.Model):
    """A record that is to be made, at a moment that nobody knows. Nothing here says whose it was before."""

    severed_on = models.DateField()
    wanted = SealedBytes()

    def __str__(self) -> str:
        return f"new identity {self.pk}"


class SpareId(models.Model):
    """An id of a child, taken in its turn and kept for later: so that a new record's id does not tell its age."""

    spare = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"spare id {self.spare}"


class Escrow(SealedModel):
    """Which record goes on with the one that was closed: its number, under two seals.

    `link` is locked for the sequencer. Within it is `answer` as it stands in its column once two people asked for it,
    which the web process opens. So neither reads it alone, and the worker, which wrote it, cannot read it again.
    """

    child = models.OneToOneField(Child, on_delete=models.CASCADE, related_name="+")
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number_fingerprint = FingerprintField()
    link = SealedBytes()
    answer = SealedField(str, optional=True, null=True, pad_to=16)

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        constraints = (
            models.UniqueConstraint(name="registry_escrow_number_is_unique", fields=("number_fingerprint",)),
        )

    def sealing_cohort(self) -> str | None:
        return self.child.cohort()


class EscrowRequest(models.Model):
    """That two people read which record goes on with a closed one: asked for by one, given or refused by another.

    It keeps the numbers of both events, which the sequencer reads before it opens anything.
    """

    escrow = models.ForeignKey(Escrow, on_delete=models.CASCADE)
    reason = models.CharField(max_length=20, choices=EscrowReason.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    asked_event = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=OF_LINKS, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decided_event = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_escrowrequest_one_open", fields=("escrow",), condition=Q(outcome="")
            ),
            models.CheckConstraint(
                name="registry_escrowrequest_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in EscrowReason],
                    outcome__in=["", OPENED, REFUSED],
                ),
            ),
            models.CheckConstraint(
                name="registry_escrowrequest_opened_by_another",
                condition=Q(outcome="", decided_by=None, decided_at=None, decided_event=None)
                | Q(outcome=REFUSED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(
                    outcome=OPENED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decided_event__isnull=False,
                )
                & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="registry_escrowrequest_answered_once_opened",
                condition=Q(answered_at=None) | Q(outcome=OPENED),
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk} for escrow {self.escrow_id}"
