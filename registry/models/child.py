"""A child's record: who the child is. What else is known stands in rows of its own, each pointing here."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from access.models import Organisation
from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.fields import FingerprintField, SealedField, Stored
from encryption.keys import Purpose, cohort_of
from encryption.models import SealedModel
from encryption.seal import cohort_of_sealed
from encryption.sealed import Sealed
from registry.rules.retention import ORDINARY, Circumstances, away_until, destroy_on
from registry.values import Assessment, Summary
from registry.vocabulary import Gender


class Child(SealedModel):
    """One child. Sealed under the key of its cohort: all children whose records are destroyed in the same month."""

    responsible_authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = SealedField(str, pad_to=16)
    number_fingerprint = FingerprintField()
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
        """The month in which the record is destroyed, by all that is known of it.

        Where that is over, as when somebody's death is learnt years later, there is no key of it any more, or soon
        none: the record is sealed for this month, and is due the next night (registry/worker/retention.py).
        """
        circumstances = self.circumstances()
        now = tuple(self.__dict__.get(name) for name in ("date_of_birth", "date_of_death", "_known"))
        of, due = self.__dict__.get("_due", ((), Sealed(str)))
        # Asked for each value and for each row beside it: the same as long as it is of the very same values.
        if len(of) != len(now) or any(one is not other for one, other in zip(of, now, strict=True)):
            gone = destroy_on(self.date_of_birth.open(), self.date_of_death.open(), circumstances)
            month = cohort_of(max(gone, timezone.localdate()))
            due = Sealed(lambda: month)
            self.__dict__["_due"] = (now, due)
        found: str = due.open()
        return found

    def cohort(self) -> str | None:
        """The month for which the row is sealed as it stands; of a value that is not saved yet, of what it will be."""
        stored = self.__dict__.get("date_of_birth")
        return cohort_of_sealed(stored) if isinstance(stored, Stored) else self.sealing_cohort()

    def circumstances(self) -> Circumstances:
        """What besides birth and death decides how long the record lives; asked once for each version of the row.

        Whoever serves people has no right to ask, and need not: they seal rows beside one that stands.
        """
        version, known = self.__dict__.get("_known", (0, Sealed(lambda: ORDINARY)))
        if version != self.row_version:
            known = self.hold(ORDINARY if self._state.adding else self._ask())
        found: Circumstances = known.open()
        return found

    def hold(self, known: Circumstances, *, at: int | None = None) -> Sealed[Circumstances]:
        """Have the record, at this version or that one, be sealed by these, and not by what the tables say of it."""
        held = Sealed(lambda: known)
        self.__dict__["_known"] = (at or self.row_version, held)
        return held

    def _ask(self) -> Circumstances:
        consents = [each.given_on for each in self.keeping_set.all() if each.ended_at is None]
        # Where the child lives is told by the record under which this one lies; by this one, where that does not say.
        told = [self] if self.merged_into is None else [self.merged_into, self]
        present = [each for one in told for each in one.childaddress_set.all() if each.present]
        try:
            away = away_until(present[0].details.open() if present else None)
        except (KeyMissingError, ValueDamagedError):  # by what cannot be read no record ends, nor is kept from its end
            away = None
        return Circumstances(consented_on=consents[0] if consents else None, away_until=away)


class ChildRow(SealedModel):
    """The base of every row that tells something of one child."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE)

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        abstract = True

    def sealing_cohort(self) -> str | None:
        """That of the child's own row as it stands, whoever seals: what decides about that, not everybody may read."""
        return self.child.cohort()
