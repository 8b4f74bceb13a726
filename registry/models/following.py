"""That a system is told when a child's record changes, for an organisation that works with them (docs/adr/0059)."""

from django.db import models
from django.db.models.functions import Now

from encryption.fields import FingerprintField, SealedField
from registry.models.child import Child, ChildRow
from registry.values import Followed


class Following(ChildRow):
    """A system follows a child's record for an organisation, until a day; following again moves the day.

    Which system, which organisation and who asked for it is sealed: no row tells who works with a child, and no two
    rows that they are of one system (docs/adr/0004). `pair` is a fingerprint of system, organisation and child
    together, by which one is found again, and `reference` one of what the system knows it by.
    """

    # PostgreSQL itself lets it go with the child (migration 0027).
    child = models.ForeignKey(Child, on_delete=models.CASCADE, db_constraint=False)
    pair = FingerprintField()
    reference = FingerprintField()
    until = models.DateField()
    details = SealedField(Followed, pad_to=320)

    class Meta:
        indexes = (models.Index(name="registry_following_until", fields=("until",)),)
        constraints = (
            models.UniqueConstraint(name="registry_following_one_of_a_pair", fields=("pair",)),
            models.UniqueConstraint(name="registry_following_reference_is_unique", fields=("reference",)),
        )


class Untold(models.Model):
    """That a record changed since its follower was told, or may have: a trigger writes it, whoever changed the record.

    `changes` counts them, so that one that comes while another is told is not lost; it is nothing where the following
    has but begun. Where the following has ended meanwhile, the worker clears it away.
    """

    following = models.OneToOneField(Following, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False)
    changes = models.PositiveIntegerField()
    since = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(db_default=0)
    next_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(name="registry_untold_next", fields=("next_at",)),)

    def __str__(self) -> str:
        return f"untold of following {self.pk}"
