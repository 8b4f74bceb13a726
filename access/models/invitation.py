"""Invitations to join. As with sessions, the database knows the link by its fingerprint alone."""

from django.db import models
from django.db.models import F, Q

from access.models.user import User


class Invitation(models.Model):
    """A link that was sent to a user, good once and for fourteen days, and only while it is the user's newest."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    token_fingerprint = models.CharField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_invitation_expires_after_it_is_sent", condition=Q(expires_at__gt=F("sent_at"))
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"
