"""What each supplier says of a child, side by side."""

from django.db import models
from django.db.models import Q

from encryption.fields import FingerprintField, SealedField
from feeds.models.batch import Batch
from feeds.models.supplier import Supplier
from feeds.rows import Row
from registry.models import Child
from registry.models.child import ChildRow


class SourceRecord(ChildRow):
    """What one supplier says of one child, or said: superseded ones stay until the record is destroyed.

    `key` is the supplier's own number for the child, as a fingerprint that is another with each supplier, and `digest`
    a fingerprint of all that was said, so that a row that says the same is known without being opened. `place` is which
    row of the batch said it, and `said_at` when it was taken in.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, db_constraint=False)
    key = FingerprintField()
    digest = FingerprintField()
    said = SealedField(Row, pad_to=512)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="said")
    place = models.BigIntegerField()
    said_at = models.DateTimeField()
    superseded_by = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="superseded")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="feeds_sourcerecord_one_of_each_row", fields=("batch", "place")),
            models.UniqueConstraint(
                name="feeds_sourcerecord_one_says_it_now",
                fields=("supplier", "key"),
                condition=Q(superseded_by__isnull=True),
            ),
        )

    @property
    def stays(self) -> int:
        """The record for which it counts now: of records that lie together the one that stays."""
        return self.child.merged_into_id or self.child_id
