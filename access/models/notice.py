"""What people are told by letter: of their own ways in, that an auditor asks them, that a shield was overridden."""

from django.db import models
from django.db.models import Q

from access.models.user import User


class NoticeKind(models.TextChoices):
    """What happened."""

    PASSWORD = "password", "Password changed"
    FACTOR_ADDED = "factor_added", "Second step added"
    FACTOR_REMOVED = "factor_removed", "Second step removed"
    CODES = "codes", "Recovery codes made anew"
    RESET_ASKED = "reset_asked", "New sign-in asked for"
    RESET_DONE = "reset_done", "New sign-in set up"
    QUESTION = "question", "Question of an auditor"
    QUESTION_LATE = "question_late", "Question of an auditor not answered in time"
    OVERRIDDEN = "overridden", "A protected record opened in an emergency"


class Notice(models.Model):
    """That `user` is to be told of it, or was.

    Written beside its event, by functions of the database that look for one. The worker writes the letter: whoever
    changed something holds no key to the mail, and what they did is told all the same.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    what = models.CharField(max_length=20, choices=NoticeKind.choices)
    happened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)  # by the mail server, which knows no such address

    class Meta:
        indexes = (
            models.Index(fields=("id",), name="access_notice_to_be_sent", condition=Q(sent_at=None, refused_at=None)),
        )
        constraints = (
            models.CheckConstraint(
                name="access_notice_what_is_known", condition=Q(what__in=[kind.value for kind in NoticeKind])
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"
