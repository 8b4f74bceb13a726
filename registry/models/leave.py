"""Leave for somebody by name to see a shielded child: asked for by one, given by another. And what was overridden.

The database takes each step, and writes these tables alone (docs/adr/0040).
"""

from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from access.models import Organisation, User
from audit.reasons import ShieldOverride
from registry.models.child import Child
from registry.models.shield import Shield


class LeaveOutcome(models.TextChoices):
    """How it was decided; nothing while it is open."""

    GIVEN = "given", "Given"
    REFUSED = "refused", "Refused"


class LeaveRequest(models.Model):
    """That `user` may still open the whole record of a child, until that day, while this very shield is in force.

    Asked for by one administrator and decided by another. `steps` counts what was done with it. What somebody may do
    because of it stands in `ChildGrant`, and is gone when it is `taken`.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    shield = models.ForeignKey(Shield, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    until = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=LeaveOutcome.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_leaverequest_one_open_each", fields=("child", "user"), condition=Q(outcome="")
            ),
            models.CheckConstraint(
                name="registry_leaverequest_outcome_is_known",
                condition=Q(outcome__in=["", *(each.value for each in LeaveOutcome)]),
            ),
            models.CheckConstraint(name="registry_leaverequest_asked_by_another", condition=~Q(asked_by=F("user"))),
            models.CheckConstraint(
                name="registry_leaverequest_decided_with_an_outcome",
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | ~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            # What is refused shows nothing: whoever asked may take it back.
            models.CheckConstraint(
                name="registry_leaverequest_given_by_a_second",
                condition=~Q(outcome=LeaveOutcome.GIVEN) | ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user")),
            ),
            models.CheckConstraint(
                name="registry_leaverequest_taken_when_given",
                condition=Q(taken_by=None, taken_at=None)
                | Q(outcome=LeaveOutcome.GIVEN, taken_by__isnull=False, taken_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"leave {self.pk} for child {self.child_id}"


class ChildGrant(UserObjectPermissionBase):  # type: ignore[misc]
    """Guardian's permission of one user on one shielded child.

    It ends by itself after `expires_on`, and as soon as anything is otherwise than when it was given: the shield, the
    authority that answers for the record, the person's state, role or organisation
    (registry/sql/functions/registry_leave_of.sql).
    """

    content_object = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+", db_column="child_id")
    request = models.OneToOneField(LeaveRequest, on_delete=models.CASCADE, related_name="+")
    shield = models.ForeignKey(Shield, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    expires_on = models.DateField()
    given_at = models.DateTimeField()

    class Meta(UserObjectPermissionBase.Meta):  # type: ignore[misc]
        unique_together: tuple[str, ...] = ()
        constraints = (
            models.UniqueConstraint(
                name="registry_childgrant_one_of_a_kind", fields=("user", "permission", "content_object")
            ),
        )


class Override(models.Model):
    """A shield that was overridden: one view of one record. Written beside both of its events, and never changed.

    `event_id` is the opening that it allows. A showing of the second factor, by its hour, serves for one alone.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=ShieldOverride.choices)
    event_id = models.BigIntegerField(unique=True)
    session_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_override_each_with_a_factor_of_its_own", fields=("session_id", "confirmed_at")
            ),
            models.CheckConstraint(
                name="registry_override_reason_is_known",
                condition=Q(reason__in=[each.value for each in ShieldOverride]),
            ),
            models.CheckConstraint(name="registry_override_confirmed_before", condition=Q(confirmed_at__lte=F("at"))),
        )

    def __str__(self) -> str:
        return f"override {self.pk} of child {self.child_id}"
