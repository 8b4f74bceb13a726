"""Links that people are mailed: to join, or to set up a new sign-in. The database knows their fingerprints alone."""

from django.db import models
from django.db.models import F, Q

from access.models.user import User


class InvitationPurpose(models.TextChoices):
    """What a link is for."""

    JOIN = "join", "To join"
    RESET = "reset", "To set up a new sign-in"


class Invitation(models.Model):
    """A link for a user, good once and for a time, and only while it is the user's newest.

    An administrator asks for it; the worker makes its secret and mails it. So nobody but the person invited ever holds
    a link, neither whoever invites them nor a web process that was taken over.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(
        max_length=20, choices=InvitationPurpose.choices, default=InvitationPurpose.JOIN, db_default="join"
    )
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    token_fingerprint = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001 - none until it is sent
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)  # by the mail server, which knows no such address

    class Meta:
        indexes = (
            models.Index(
                fields=("id",), name="access_invitation_to_be_sent", condition=Q(sent_at=None, refused_at=None)
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="access_invitation_purpose_is_known",
                condition=Q(purpose__in=[purpose.value for purpose in InvitationPurpose]),
            ),
            models.CheckConstraint(
                name="access_invitation_is_sent_with_a_link_that_ends",
                condition=Q(sent_at=None, token_fingerprint=None, expires_at=None, used_at=None)
                | Q(token_fingerprint__isnull=False, expires_at__gt=F("sent_at")),
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"
