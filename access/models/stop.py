"""Emergency stops: of one user, of one organisation's users, of the whole service."""

from django.db import models
from django.db.models import F, Q

from access.models.organisation import Organisation
from access.models.user import User
from audit.reasons import StopReason


class StopScope(models.TextChoices):
    """Who is stopped."""

    USER = "user", "One person"
    ORGANISATION = "organisation", "Everybody of one organisation"
    SERVICE = "service", "The whole service"


class Stop(models.Model):
    """A stop, in force until it is lifted. `begun_by` and `lifted_by` are None where it was done from the shell.

    The service goes on for those who may lift its stop, so that the page can.
    """

    scope = models.CharField(max_length=20, choices=StopScope.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="stops", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="stops", db_index=False
    )
    reason = models.CharField(max_length=20, choices=StopReason.choices)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-begun_at",)
        constraints = (
            models.UniqueConstraint(
                name="access_stop_one_of_a_user", fields=("user",), condition=Q(scope="user", lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="access_stop_one_of_an_organisation",
                fields=("organisation",),
                condition=Q(scope="organisation", lifted_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="access_stop_one_of_the_service",
                fields=("scope",),
                condition=Q(scope="service", lifted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="access_stop_names_what_it_stops",
                condition=Q(scope=StopScope.USER, user__isnull=False, organisation__isnull=True)
                | Q(scope=StopScope.ORGANISATION, user__isnull=True, organisation__isnull=False)
                | Q(scope=StopScope.SERVICE, user__isnull=True, organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="access_stop_reason_is_known", condition=Q(reason__in=[each.value for each in StopReason])
            ),
            models.CheckConstraint(
                name="access_stop_lifted_by_another",
                condition=Q(scope=StopScope.USER) | ~Q(lifted_by=F("begun_by")),
            ),
            models.CheckConstraint(
                name="access_stop_lifted_by_somebody_at_a_time",
                condition=Q(lifted_by__isnull=True) | Q(lifted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"stop {self.pk}"
