"""The evidence that lets a user in, each item with an expiry."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import connection, models
from django.db.models import F, Q

from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel


class VettingKind(models.TextChoices):
    """What each user needs, all of it current. Accreditation stands on the organisation."""

    IDENTITY = "identity", "Identity check"
    DBS = "dbs", "Enhanced DBS check"
    TRAINING_USE = "training_use", "Training: using the service"
    TRAINING_SECURITY = "training_security", "Training: keeping it secure"
    TRAINING_DATA_PROTECTION = "training_data_protection", "Training: data protection"
    TRAINING_HUMAN_RIGHTS = "training_human_rights", "Training: human rights"
    AGREEMENT = "agreement", "Signed agreement"
    EMPLOYMENT = "employment", "Employer's confirmation"

    @property
    def years(self) -> int:
        """For how many years an item of this kind holds."""
        return YEARS[self]


YEARS: dict[VettingKind, int] = dict.fromkeys(VettingKind, 1) | {VettingKind.IDENTITY: 10, VettingKind.DBS: 3}


class IdentityDocument(models.TextChoices):
    """What a person showed to prove who they are."""

    PASSPORT = "passport", "Passport"
    DRIVING_LICENCE = "driving_licence", "Photocard driving licence"
    RESIDENCE_PERMIT = "residence_permit", "Biometric residence permit"
    IDENTITY_CARD = "identity_card", "National identity card"


@dataclass(frozen=True, slots=True)
class VettingDetails:
    """What else is known of an item: of a DBS check its number and dates, of an identity check what was shown."""

    number: str = ""
    issued_on: date | None = None
    on_update_service: bool | None = None
    document: IdentityDocument | None = None


class VettingItem(SealedModel):
    """One current item of one user. The web role reads it with the ticket of an event that names the user.

    `recorded_by` is None where a process did it, and the user where they signed themselves. `version` is that of the
    agreement signed.
    """

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="vetting_items")
    kind = models.CharField(max_length=30, choices=VettingKind.choices)
    checked_on = models.DateField()
    expires_on = models.DateField()
    details = SealedField(VettingDetails, optional=True, null=True, pad_to=128)
    recorded_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.CharField(max_length=20, blank=True)

    sealing_purpose: ClassVar[Purpose] = Purpose.USER

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
            models.CheckConstraint(
                name="access_vettingitem_version_of_agreement",
                condition=Q(version="") | Q(kind=VettingKind.AGREEMENT),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"

    def take_place(self) -> None:
        """Write it in the place of what the user has of its kind, unread. Call it after the event that says so.

        As the web role. Under a number of its own, for which what is sealed in it is sealed.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_item_number()")
            (self.pk,) = cursor.fetchone()
            told = {field.attname: field.pre_save(self, add=True) for field in self.sealed_fields()}
            cursor.execute(
                "SELECT access_item_keep(%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    self.pk,
                    self.user_id,
                    self.kind,
                    self.checked_on,
                    self.expires_on,
                    told["details"],
                    self.recorded_by_id,
                    self.version,
                ],
            )
