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
    kept_until = models.DateTimeField(
        "until when the bucket keeps it, with what grew since the one kept before", null=True
    )

    class Meta:
        indexes = (
            models.Index(fields=("before_transaction",), name="audit_checkpoint_transaction"),
            models.Index(fields=("size",), name="audit_checkpoint_waiting", condition=models.Q(published_at=None)),
            models.Index(fields=("size",), name="audit_checkpoint_kept", condition=~models.Q(kept_until=None)),
            models.Index(
                fields=("kept_until",), name="audit_checkpoint_kept_until", condition=~models.Q(kept_until=None)
            ),
        )

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class LogKey(models.Model):
    """A public key that signed checkpoints, as verifiers take it: auditors hand it on with what it proves."""

    key = models.CharField("the verifier key, C2SP signed-note", max_length=300, primary_key=True)

    def __str__(self) -> str:
        return self.key


class Cosignature(models.Model):
    """A witness's word that it saw the checkpoint, and that all it saw before lies in it (C2SP tlog-cosignature)."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.RESTRICT, related_name="cosignatures")
    witness = models.CharField("the name of its key", max_length=200)
    line = models.TextField("the signature's line, to stand under the checkpoint's note")
    at = models.DateTimeField("when, by the witness's clock")
    kept_until = models.DateTimeField("until when the bucket keeps it", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("witness", "checkpoint"), name="audit_cosignature_given_once"),)
        indexes = (
            models.Index(
                fields=("checkpoint",), name="audit_cosignature_not_kept", condition=models.Q(kept_until=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.witness} of {self.checkpoint_id}"


class Tile(models.Model):
    """Up to 256 hashes side by side at one level of the tree (C2SP tlog-tiles); the last of a level grows."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"
