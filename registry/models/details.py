"""Names, addresses, numbers and guardians of a child, and whose words these are.

A guardian of three children stands three times, once with each: no row in the database links siblings, and what
hides one child hides what is said of them (docs/adr/0004).
"""

from django.db import models
from django.db.models import Q

from encryption.fields import FingerprintField, SealedField
from registry.models.child import Child, ChildRow
from registry.values import Address, GuardianDetails, Name, Number, SaidBy
from registry.vocabulary import NameKind, NumberKind


class ChildName(ChildRow):
    """A name the child has, had, or is known by."""

    kind = models.CharField(max_length=10, choices=NameKind.choices)
    details = SealedField(Name, pad_to=128)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="registry_childname_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in NameKind]),
            ),
            models.UniqueConstraint(
                name="registry_childname_one_legal_name", fields=("child",), condition=Q(kind=NameKind.LEGAL)
            ),
        )


class ChildAddress(ChildRow):
    """An address, or what is known instead of one. At most one is the present one."""

    present = models.BooleanField(default=True)
    details = SealedField(Address, pad_to=128)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="registry_childaddress_one_present", fields=("child",), condition=Q(present=True)
            ),
        )


class ChildNumber(ChildRow):
    """An NHS number or UPN."""

    kind = models.CharField(max_length=10, choices=NumberKind.choices)
    fingerprint = FingerprintField()
    details = SealedField(Number, pad_to=64)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="registry_childnumber_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in NumberKind]),
            ),
            models.UniqueConstraint(name="registry_childnumber_one_of_a_kind", fields=("child", "kind")),
            models.UniqueConstraint(name="registry_childnumber_is_unique", fields=("kind", "fingerprint")),
        )


class Guardian(ChildRow):
    """A person with parental responsibility or care for this child."""

    details = SealedField(GuardianDetails, pad_to=128)


class ChildSaidBy(ChildRow):
    """Whose words stand on the record, and where sources differ: of each child of whom a supplier speaks (ADR 53).

    Whether they differ is sealed with it, and with three differences it is as long as with none.
    """

    # PostgreSQL itself lets it go with the child (migration 0024).
    child = models.ForeignKey(Child, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    details = SealedField(SaidBy, pad_to=320)

    class Meta:
        constraints = (models.UniqueConstraint(name="registry_childsaidby_one_of_a_child", fields=("child",)),)
