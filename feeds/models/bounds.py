"""From how well a feed's rows fit a record they are linked with it by themselves, as people's decisions taught."""

from django.db import models
from django.db.models import F, Q

from access.models import User
from feeds.models.supplier import Supplier
from feeds.rules.bounds import HIGHEST_DOUBT, LOWEST_DOUBT, LOWEST_LINK, Moves

HIGHEST_LINK = 40.0


class BoundsState(models.TextChoices):
    """What became of a suggestion."""

    SUGGESTED = "suggested", "Waiting for a decision"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Not taken"
    WITHDRAWN = "withdrawn", "Taken back"


class Bounds(models.Model):
    """Bounds of one feed, in bits, suggested by the worker; each is a version that stays. Nothing personal stands here.

    The newest that is confirmed is in force; where none is, weights.json says it. `moves` is which of both was moved,
    and `moved_from` where it was; `decided` and `against` are how many decisions there were about it, and how many
    spoke against it (feeds/rules/bounds.py). They count for the weights of one version.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT)
    weights = models.PositiveSmallIntegerField()
    link = models.FloatField()
    doubt = models.FloatField()
    moves = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Moves])
    moved_from = models.FloatField()
    decided = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    suggested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BoundsState.choices, default=BoundsState.SUGGESTED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="feeds_bounds_one_waits", fields=("supplier",), condition=Q(state=BoundsState.SUGGESTED)
            ),
            models.CheckConstraint(
                name="feeds_bounds_codes_are_known",
                condition=Q(state__in=[each.value for each in BoundsState], moves__in=[each.value for each in Moves]),
            ),
            models.CheckConstraint(
                name="feeds_bounds_are_bounds",
                condition=Q(
                    link__range=(LOWEST_LINK, HIGHEST_LINK),
                    doubt__range=(LOWEST_DOUBT, HIGHEST_DOUBT),
                    doubt__lt=F("link"),
                ),
            ),
            models.CheckConstraint(
                name="feeds_bounds_have_a_reason", condition=Q(decided__gt=0, against__lte=F("decided"))
            ),
            models.CheckConstraint(
                name="feeds_bounds_decided_by_somebody",
                condition=Q(state=BoundsState.SUGGESTED, decided_by=None, decided_at=None)
                | ~Q(state=BoundsState.SUGGESTED) & Q(decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"bounds {self.pk} of supplier {self.supplier_id}"
