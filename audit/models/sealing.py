"""The tree over the events: its checkpoints and the hashes it is made of. Written by the sequencer alone."""

from django.db import models

from audit.models.event import Xid


class Checkpoint(models.Model):
    """The tree as it stood once: all events of transactions before `before_transaction`, `size` of them."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    before_transaction = Xid()
    note = models.TextField("the signed note, C2SP tlog-checkpoint")
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("before_transaction",), name="audit_checkpoint_transaction"),
            models.Index(fields=("size",), name="audit_checkpoint_waiting", condition=models.Q(published_at=None)),
        )

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Tile(models.Model):
    """Up to 256 hashes side by side at one level of the tree (C2SP tlog-tiles); the last of a level grows."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"
