"""The evidence that lets a user in, each item with an expiry."""

from django.db import models
from django.db.models import F, Q


class VettingKind(models.TextChoices):
    """What each user needs, all of it current. Accreditation stands on the organisation."""

    DBS = "dbs", "Enhanced DBS check"
    TRAINING = "training", "Training"
    AGREEMENT = "agreement", "Signed agreement"
    EMPLOYMENT = "employment", "Employer's confirmation"


class VettingItem(models.Model):
    """One current item of one user."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="vetting_items")
    kind = models.CharField(max_length=20, choices=VettingKind.choices)
    checked_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="access_vettingitem_one_of_a_kind", fields=("user", "kind")),
            models.CheckConstraint(
                name="access_vettingitem_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in VettingKind]),
            ),
            models.CheckConstraint(
                name="access_vettingitem_expires_after_check", condition=Q(expires_on__gt=F("checked_on"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"
