"""Alerts as auditors work through them: what is raised again while it goes on is counted, not written again."""

from django.db import models
from django.db.models import Q

from audit.events import Alert


class RaisedAlert(models.Model):
    """One alert and how often it was raised. It begins beside its first event, `event_id`, which stays in the log.

    What is the same (`what`, `subject`, `user_id`, `authority_id`) within a day is the same alert, until an auditor
    closes it: then it is no longer `growing`, and the next begins. Written by functions of the database alone.
    """

    what = models.CharField(max_length=20, choices=Alert.choices)
    subject = models.CharField("the process, measure or case that it is about", max_length=80, blank=True)
    user_id = models.BigIntegerField("the person whom it is about", null=True)
    authority_id = models.BigIntegerField("whose auditors see it; nobody's is everybody's", null=True)
    event_id = models.BigIntegerField("its first event", unique=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.BigIntegerField("how often it was raised, or how many things it is about")
    growing = models.BooleanField(default=True)

    class Meta:
        indexes = (models.Index(fields=("authority_id", "-id"), name="audit_raisedalert_authority"),)
        constraints = (
            models.UniqueConstraint(
                fields=("what", "subject", "user_id", "authority_id"),
                condition=Q(growing=True),
                nulls_distinct=False,
                name="audit_raisedalert_one_grows",
            ),
            models.CheckConstraint(
                condition=Q(what__in=[what.value for what in Alert]), name="audit_raisedalert_what_is_known"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="audit_raisedalert_was_raised"),
            models.CheckConstraint(
                condition=Q(last_at__gte=models.F("first_at")), name="audit_raisedalert_last_is_not_before_first"
            ),
        )

    def __str__(self) -> str:
        return f"alert {self.pk}"
