"""A child's record: who the child is. What else is known stands in rows of its own, each pointing here."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from access.models import Organisation
from encryption.fields import SealedField
from encryption.keys import Purpose, cohort_of
from encryption.models import SealedModel
from registry.rules.retention import destroy_on
from registry.values import Assessment, Summary
from registry.vocabulary import Gender


class Child(SealedModel):
    """One child. Sealed under the key of its cohort: all children whose records are destroyed in the same month."""

    responsible_authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = SealedField(str, pad_to=16)
    number_fingerprint = models.BinaryField(max_length=16)
    date_of_birth = SealedField(date, pad_to=16)
    gender = SealedField(Gender, pad_to=16)
    date_of_death = SealedField(date, optional=True, pad_to=16)
    assessment = SealedField(Assessment, optional=True, pad_to=128)
    # Wide enough that a shielded child's, which has no place in it, is no shorter than another's.
    summary = SealedField(Summary, pad_to=384)

    # Closed, since the child has another identity: only the worker sees it still (docs/adr/0042).
    severed = models.BooleanField(default=False, db_default=False)
    # In the archive, which the worker alone sees (docs/adr/0046).
    archived = models.BooleanField(default=False, db_default=False)
    # The record under which this one lies, since both are one child's: nobody finds it, and it is read with that one
    # alone (docs/adr/0048).
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        permissions = (("open_shielded_child", "Opens the whole record although it is protected"),)
        constraints = (
            models.UniqueConstraint(name="registry_child_number_is_unique", fields=("number_fingerprint",)),
            models.CheckConstraint(
                name="registry_child_not_under_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        )
        indexes = (
            models.Index(name="registry_child_severed", fields=("id",), condition=Q(severed=True)),
            models.Index(name="registry_child_under", fields=("merged_into",), condition=Q(merged_into__isnull=False)),
        )

    def sealing_cohort(self) -> str:
        return cohort_of(destroy_on(self.date_of_birth.open(), self.date_of_death.open()))


class ChildRow(SealedModel):
    """The base of every row that tells something of one child."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE)

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        abstract = True

    def sealing_cohort(self) -> str:
        return self.child.sealing_cohort()
