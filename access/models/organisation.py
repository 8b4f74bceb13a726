"""Organisations that users work for and that work with children. Public directory facts, in clear."""

from datetime import date

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


def where_it_is(town: str, postcode: str) -> str:
    """An organisation's town and postcode, as far as they are known."""
    return ", ".join(filter(None, (town, postcode)))


class Organisation(models.Model):  # type: ignore[django-manager-missing]  # of grants: guardian has no types
    """A school, GP practice, authority, trust, force or charity."""

    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    # The number its own directory gives it: URN of a school, ODS code of a practice.
    directory_code = models.CharField(max_length=40, unique=True)
    # Of a school, what transfer files may know it by: authority and establishment number. Whoever follows it keeps it.
    transfer_code = models.CharField(max_length=8, blank=True, db_default="")
    telephone = models.CharField(max_length=32)  # as pages.telephones keeps them; a directory may know none
    town = models.CharField(max_length=60)
    postcode = models.CharField(max_length=8)
    responsible_authority = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    # That of the accreditation recorded last; the database keeps it, and each request asks it. None where there was
    # none yet: nobody of it comes in.
    accredited_until = models.DateField(null=True, blank=True)
    # Since when its directory says that it is closed. What that means for its people, people decide.
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        permissions = (
            ("administer_organisation", "Vets, approves and suspends its users"),
            ("apply_organisation", "Invites its users and records their evidence; never approves"),
            ("audit_authority", "Reads the access log of the authority"),
            ("override_shield", "Opens protected records in an emergency"),
            ("stop_service", "Stops the whole service in an emergency, and lets it go on"),
        )
        indexes = (models.Index(fields=("transfer_code",), name="access_organisation_transfers"),)
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

    @property
    def where(self) -> str:
        """Its town and postcode, as far as they are known."""
        return where_it_is(self.town, self.postcode)

    def accredited_for(self, today: date) -> int | None:
        """How many days its accreditation still holds, below nothing where it ran out; None where it had none."""
        return None if self.accredited_until is None else (self.accredited_until - today).days


class Site(models.Model):
    """One of the places at which an organisation works."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=150)
    postcode = models.CharField(max_length=8)
    telephone = models.CharField(max_length=32)  # as pages.telephones keeps them

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(name="access_site_one_of_a_name", fields=("organisation", "name")),)

    def __str__(self) -> str:
        return self.name


class AccreditationEvidence(models.TextChoices):
    """On what an organisation was accredited."""

    DSPT = "dspt", "Data Security and Protection Toolkit: standards met"
    CYBER_ESSENTIALS = "cyber_essentials", "Cyber Essentials certificate"
    ISO_27001 = "iso_27001", "ISO/IEC 27001 certificate"
    INSPECTION = "inspection", "The sponsor's own inspection"


class Accreditation(models.Model):
    """An organisation's accreditation, as it was recorded once. Never changed: a new one follows it.

    `sponsor` is the authority that vouches for it; `reference` the number of the certificate or report.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accreditations")
    granted_on = models.DateField()
    expires_on = models.DateField()
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=20, choices=AccreditationEvidence.choices)
    reference = models.CharField(max_length=60)
    recorded_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="access_accreditation_expires_after_it_is_granted", condition=Q(expires_on__gt=F("granted_on"))
            ),
            models.CheckConstraint(
                name="access_accreditation_evidence_is_known",
                condition=Q(evidence__in=[each.value for each in AccreditationEvidence]),
            ),
            models.CheckConstraint(
                name="access_accreditation_reference_is_a_number", condition=Q(reference__regex=r"^[A-Z0-9./-]*$")
            ),
            models.CheckConstraint(name="access_accreditation_by_another", condition=~Q(sponsor=F("organisation"))),
        )

    def __str__(self) -> str:
        return f"accreditation {self.pk}"
