"""Live sessions. A stolen table signs nobody in: it holds fingerprints of keys, and sealed contents."""

from django.db import models

from access.models.user import User
from encryption.fields import SealedBytes


class Session(models.Model):
    """One browser's session, from its first page to its end."""

    key_fingerprint = models.CharField(max_length=32, unique=True)
    contents = SealedBytes()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    # "Firefox on Windows", sealed for this row; nothing before the sign-in.
    device = SealedBytes(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("expires_at",), name="access_session_expires_at"),)

    def __str__(self) -> str:
        return f"session {self.pk}"
