"""Records offered to another authority, which answers for them once it accepts (docs/adr/0050)."""

from django.db import models
from django.db.models import F, Q

from access.models import Organisation, User
from audit.reasons import HandoverReason, HandoverRefusal
from registry.models.child import Child

ACCEPTED, DECLINED, WITHDRAWN = "accepted", "declined", "withdrawn"
OUTCOMES = [(ACCEPTED, "Taken over"), (DECLINED, "Declined"), (WITHDRAWN, "Withdrawn")]


class Handover(models.Model):
    """That `authority`, which answers for a child's record, offers it to another one.

    Until it is accepted nothing changes. `steps` counts what was done with it, so that nobody takes a step on what
    they did not see.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=HandoverReason.choices)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    refusal = models.CharField(max_length=20, choices=HandoverRefusal.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    steps = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="registry_handover_one_open", fields=("child",), condition=Q(outcome="")),
            models.CheckConstraint(
                name="registry_handover_codes_are_known",
                condition=Q(
                    reason__in=[each.value for each in HandoverReason],
                    refusal__in=["", *(each.value for each in HandoverRefusal)],
                ),
            ),
            models.CheckConstraint(name="registry_handover_to_another", condition=~Q(to=F("authority"))),
            models.CheckConstraint(
                name="registry_handover_decided_by_another",
                condition=Q(outcome="", decided_by=None, decided_at=None, refusal="")
                | Q(outcome=WITHDRAWN, decided_by__isnull=False, decided_at__isnull=False, refusal="")
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("offered_by"))
                & (Q(outcome=ACCEPTED, refusal="") | Q(outcome=DECLINED) & ~Q(refusal="")),
            ),
        )

    def __str__(self) -> str:
        return f"offer {self.pk} of child {self.child_id}"
