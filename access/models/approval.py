"""What one administrator asks and another decides."""

from django.db import models
from django.db.models import F, Q

from access.models.role import Role
from access.models.user import User
from audit.reasons import IdentityCheck


class ApprovalKind(models.TextChoices):
    """What is to be decided. That somebody comes back from a suspension is asked by whoever suspends them."""

    JOIN = "join", "To join"
    ROLE = "role", "To change role"
    REINSTATE = "reinstate", "To come back from a suspension"
    REJOIN = "rejoin", "To join again"
    SIGN_IN = "sign_in", "To get a new sign-in"
    OVERRIDE = "override", "To open protected records in an emergency"


# What is asked about somebody who signs in already: whoever answers lets nobody in.
LETS_NOBODY_IN = (ApprovalKind.ROLE, ApprovalKind.SIGN_IN, ApprovalKind.OVERRIDE)


class ApprovalOutcome(models.TextChoices):
    """How it was decided; nothing while it is open."""

    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Approval(models.Model):
    """A question about a user: `role` is theirs, or the one that they are to have. Never decided by who asked.

    `asked_by` and `decided_by` are None where a process did it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=20, choices=ApprovalKind.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    # Of a new sign-in, how whoever asks made sure who it is for.
    identity_check = models.CharField(max_length=20, choices=IdentityCheck.choices, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=ApprovalOutcome.choices, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="access_approval_one_open_of_a_kind", fields=("user", "kind"), condition=Q(outcome="")
            ),
            models.CheckConstraint(
                name="access_approval_kind_is_known", condition=Q(kind__in=[kind.value for kind in ApprovalKind])
            ),
            models.CheckConstraint(
                name="access_approval_role_is_known", condition=Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="access_approval_outcome_is_known",
                condition=Q(outcome__in=["", *(outcome.value for outcome in ApprovalOutcome)]),
            ),
            models.CheckConstraint(
                name="access_approval_decided_when_it_has_an_outcome",
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="access_approval_of_a_sign_in_says_who_it_is_for",
                condition=Q(kind=ApprovalKind.SIGN_IN, identity_check__in=[check.value for check in IdentityCheck])
                | (~Q(kind=ApprovalKind.SIGN_IN) & Q(identity_check="")),
            ),
            # What is withdrawn opens nothing: whoever asked may take it back.
            models.CheckConstraint(
                name="access_approval_decided_by_another",
                condition=~Q(decided_by=F("asked_by")) | Q(outcome=ApprovalOutcome.WITHDRAWN),
            ),
            models.CheckConstraint(name="access_approval_not_decided_by_its_user", condition=~Q(decided_by=F("user"))),
            models.CheckConstraint(
                name="access_approval_approved_by_somebody",
                condition=~Q(outcome=ApprovalOutcome.APPROVED) | Q(decided_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"approval {self.pk}"
