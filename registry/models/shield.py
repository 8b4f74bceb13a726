"""Shields: what hides a child's whereabouts, and how one is asked for. The database takes each step (docs/adr/0039)."""

from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import ShieldAsker, ShieldDecision, ShieldIdentity, ShieldLifting, ShieldReason
from registry.models.child import Child

REFUSALS = [each for each in ShieldDecision if each != ShieldDecision.PROTECT]
# An urgent shield that is refused is lifted by the refusal.
LIFTED_FOR = [(each.value, each.label) for each in (*ShieldLifting, *REFUSALS)]


class ShieldRequest(models.Model):
    """That a child be shielded: asked for by one person, decided by another, approved by a third.

    `steps` counts what was done with it, so that nobody takes a step on what they did not see. An urgent one hides the
    child from the moment in which it is asked for.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ShieldReason.choices)
    asker = models.CharField(max_length=20, choices=ShieldAsker.choices)
    identity_check = models.CharField(max_length=20, choices=ShieldIdentity.choices)
    urgent = models.BooleanField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=20, choices=ShieldDecision.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_shieldrequest_one_open_each",
                fields=("child", "asked_by"),
                condition=Q(approved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="registry_shieldrequest_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in ShieldReason],
                    asker__in=[each.value for each in ShieldAsker],
                    identity_check__in=[each.value for each in ShieldIdentity],
                    decision__in=["", *(each.value for each in ShieldDecision)],
                ),
            ),
            models.CheckConstraint(
                name="registry_shieldrequest_identity_fits",
                # Where nobody asked, nobody's identity was checked; what waits to be checked is urgent.
                condition=(
                    Q(asker=ShieldAsker.SELF.value, identity_check=ShieldIdentity.OWN.value)
                    | (~Q(asker=ShieldAsker.SELF.value) & ~Q(identity_check=ShieldIdentity.OWN.value))
                )
                & (Q(urgent=True) | ~Q(identity_check=ShieldIdentity.NOT_YET.value)),
            ),
            models.CheckConstraint(
                name="registry_shieldrequest_decided_by_another",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (
                    ~Q(decision="")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
            ),
            models.CheckConstraint(
                name="registry_shieldrequest_approved_by_a_third",
                condition=Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False, decided_at__isnull=False)
                    & ~Q(approved_by=F("asked_by"))
                    & ~Q(approved_by=F("decided_by"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk} for a shield of child {self.child_id}"


class Shield(models.Model):
    """The decision that a child's whereabouts are hidden. It never lapses by itself; two people lift it.

    `filed_at` is empty while the worker has not yet filed the child for search as the shield wants it, or as it was
    before: until then search leaves the child out, or shows no more than before (registry/worker/refiling.py). Of what
    was `spread` nobody asked for it: the child took it over from another of the same home, or from another record of
    theirs (registry/protection/households.py). From which stands nowhere: it would say who lives together.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ShieldRequest, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False)
    started_on = models.DateField()
    review_on = models.DateField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=20, choices=LIFTED_FOR, blank=True)
    lift_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lift_asked_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_on = models.DateField(null=True)
    filed_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField(default=0)
    spread = models.BooleanField(default=False, db_default=False)  # also of those that a function begins

    class Meta:
        indexes = (
            # Empty but for seconds: what each search asks is answered by it.
            models.Index(name="registry_shield_to_file", fields=("child",), condition=Q(filed_at__isnull=True)),
        )
        constraints = (
            models.UniqueConstraint(
                name="registry_shield_one_in_force", fields=("child",), condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="registry_shield_reviewed_after_start", condition=Q(review_on__gt=F("started_on"))
            ),
            models.CheckConstraint(
                name="registry_shield_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="registry_shield_lifting_is_asked_for",
                condition=Q(lift_reason="", lift_asked_by=None, lift_asked_at=None)
                | Q(
                    lift_reason__in=[code for code, _words in LIFTED_FOR],
                    lift_asked_by__isnull=False,
                    lift_asked_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="registry_shield_lifted_by_two",
                condition=Q(ended_on=None, lifted_by=None)
                | (
                    Q(ended_on__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False)
                    & ~Q(lifted_by=F("lift_asked_by"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"shield of child {self.child_id}"
