"""Live sessions, and why the last ones ended.

A stolen table signs nobody in: it holds fingerprints of keys, and sealed contents.
"""

from django.db import models
from django.db.models import Q

from access.models.system import ClientSystem
from access.models.user import User
from encryption.fields import SealedBytes


class Session(models.Model):
    """One browser's session, from its first page to its end; or of one person in a system that they let act for them.

    The key of the latter is the system's access token. The next one comes in its place against the refresh token
    (RFC 6749, 1.5) of `renewal_fingerprint`. `line_fingerprint` is of what stays the same in all refresh tokens of the
    session: one that was used before ends it, since two have it.
    """

    key_fingerprint = models.CharField(max_length=32, unique=True)
    # A browser's alone.
    contents = SealedBytes(null=True)
    system = models.ForeignKey(ClientSystem, on_delete=models.PROTECT, null=True, related_name="+")
    renewal_fingerprint = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001 - none of a browser
    line_fingerprint = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001 - as above
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    # When its person first showed a second factor in it, and when they did last.
    second_factor_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    # "Firefox on Windows", sealed for this row; nothing before the sign-in.
    device = SealedBytes(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("expires_at",), name="access_session_expires_at"),)
        constraints = (
            models.CheckConstraint(
                name="access_session_of_a_browser_or_a_system",
                condition=Q(system=None, contents__isnull=False, renewal_fingerprint=None, line_fingerprint=None)
                | Q(
                    system__isnull=False,
                    contents=None,
                    user__isnull=False,
                    renewal_fingerprint__isnull=False,
                    line_fingerprint__isnull=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"session {self.pk}"


class SignInSession(models.Model):
    """How far a browser has got with signing in, and what is done there to passwords and second factors.

    Under a key of its own, which only the process that signs people in is ever shown. Once somebody has signed in it
    lasts as long as `session`, which that process began then.
    """

    key_fingerprint = models.CharField(max_length=32, unique=True)
    contents = SealedBytes()
    # No constraint: sessions end without asking here, and then this one opens nothing.
    session = models.ForeignKey(
        Session, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("expires_at",), name="access_signinsession_expiry"),)

    def __str__(self) -> str:
        return f"sign-in session {self.pk}"


class EndReason(models.TextChoices):
    """Why a session is over."""

    RAN_OUT = "ran_out", "Ran out"
    SIGNED_OUT = "signed_out", "Signed out"
    ELSEWHERE = "elsewhere", "Signed out from elsewhere"
    PASSWORD = "password", "Password changed"
    RESET = "reset", "New sign-in agreed"
    STOPPED = "stopped", "Access stopped"


class SessionEnd(models.Model):
    """Why a session that was somebody's is over. A trigger writes it; only the dead session's key finds it."""

    key_fingerprint = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20, choices=EndReason.choices)
    began_at = models.DateTimeField()
    # When it ended by itself, or would have.
    expires_at = models.DateTimeField()
    told_until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("told_until",), name="access_sessionend_told_until"),)
        constraints = (
            models.CheckConstraint(
                name="access_sessionend_why_is_known", condition=Q(why__in=[reason.value for reason in EndReason])
            ),
        )

    def __str__(self) -> str:
        return f"end of a session {self.pk}"
