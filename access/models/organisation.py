"""Organisations that users work for and that work with children. Public directory facts, in clear."""

from django.db import models
from django.db.models import F, Q


class OrganisationKind(models.TextChoices):
    """What sort of body it is; decides which services it can record."""

    AUTHORITY = "authority", "Local authority"
    SCHOOL = "school", "School or college"
    EARLY_YEARS = "early_years", "Nursery or early years setting"
    GP_PRACTICE = "gp_practice", "GP practice"
    COMMUNITY_HEALTH = "community_health", "Community health trust"
    HOSPITAL = "hospital", "Hospital"
    POLICE = "police", "Police force"
    YOUTH_JUSTICE = "youth_justice", "Youth justice service"
    HOUSING = "housing", "Housing association"
    CHARITY = "charity", "Charity"
    SEXUAL_HEALTH = "sexual_health", "Sexual health service"
    MENTAL_HEALTH = "mental_health", "Mental health service"
    SUBSTANCE_MISUSE = "substance_misuse", "Substance misuse service"


class Organisation(models.Model):
    """A school, GP practice, authority, trust, force or charity."""

    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    # The number its own directory gives it: URN of a school, ODS code of a practice.
    directory_code = models.CharField(max_length=40, unique=True)
    telephone = models.CharField(max_length=20)
    town = models.CharField(max_length=60)
    postcode = models.CharField(max_length=8)
    responsible_authority = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    accredited_until = models.DateField()

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        permissions = (
            ("administer_organisation", "Vets, approves and suspends its users"),
            ("audit_authority", "Reads the access log of the authority"),
        )
        constraints = (
            models.CheckConstraint(
                name="access_organisation_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in OrganisationKind]),
            ),
            # An authority answers for itself; its departments may stand as organisations of their own.
            models.CheckConstraint(
                name="access_organisation_has_responsible_authority",
                condition=Q(kind=OrganisationKind.AUTHORITY) | Q(responsible_authority__isnull=False),
            ),
            models.CheckConstraint(
                name="access_organisation_not_its_own_authority", condition=~Q(responsible_authority=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def authority_id(self) -> int:
        """The local authority that answers for it: itself where it is one."""
        return self.responsible_authority_id or self.pk
