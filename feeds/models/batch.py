"""What a supplier sent at once, and what became of each row."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from access.models import ClientSystem, User
from encryption.fields import SealedBytes, SealedField
from encryption.keys import Purpose, cohort_of
from encryption.models import SealedModel
from feeds.models.bounds import Bounds
from feeds.models.supplier import Supplier
from feeds.readers import FIELDS
from feeds.rows import Fault
from registry.models import Child

# How long a supplier can ask for what was refused. Then the key is destroyed with that month's.
GIVEN_BACK_FOR = timedelta(days=90)
# So often is a batch tried with which the worker cannot go on. Then whoever keeps the feed is told.
MOST_FAILURES = 5
# The code of a row that has a number which stands on another child's record.
NUMBER_TAKEN = "number_taken"


class BatchState(models.TextChoices):
    """Where a batch is on its way."""

    RECEIVED = "received", "Waiting to be checked"
    CHECKED = "checked", "Checked: waiting for a decision"
    COMMITTED = "committed", "Being taken in"
    DONE = "done", "Taken in"
    REFUSED = "refused", "Refused"
    UNDOING = "undoing", "Being taken back"
    UNDONE = "undone", "Taken back"


class Batch(models.Model):
    """What was sent, by its checksum, and how far it is.

    Counts add up to `rows`: of those that were looked at while it is checked, and of those that were taken in after.
    Who sent it is a person, or the `system` that delivers the feed, or neither where a command did. `reached` is the
    place of the last row that was dealt with, where work goes on after an interruption. `expected` is
    how many rows were counted when it was checked, `faults` how many were refused for each reason, and `failures` how
    often in a row the worker could not go on: after a few it tries no more, until somebody takes the batch back.

    `read` is how many rows could be read, `holds` how many of them say each part, and `ages` how many were of each age
    (feeds/rules/parts.py). Once it was taken in, `named` is how many children the feed named, and `silent` of how
    many of them it had said nothing for a year.

    `weights` is the version of the weights by which its rows were matched last, and `bounds` those of the feed that
    were in force (feeds/models/bounds.py).
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT)
    checksum = models.BinaryField(max_length=16)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RECEIVED)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    system = models.ForeignKey(ClientSystem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reached = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    linked = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    queued = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)  # of those that were linked
    expected = models.BigIntegerField(null=True)
    faults = models.JSONField(null=True)
    unusual = models.BooleanField(default=False)
    fault = models.CharField(max_length=12, blank=True)
    fault_line = models.BigIntegerField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    read = models.BigIntegerField(default=0, db_default=0)  # who begins a batch does not name it
    holds = models.JSONField(null=True)
    ages = models.JSONField(null=True)
    named = models.BigIntegerField(null=True)
    silent = models.BigIntegerField(null=True)
    weights = models.PositiveSmallIntegerField(null=True)
    bounds = models.ForeignKey(Bounds, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            # To send the same again changes nothing.
            models.UniqueConstraint(
                name="feeds_batch_each_sent_once",
                fields=("supplier", "checksum"),
                condition=~Q(state__in=["refused", "undone"]),
            ),
            models.CheckConstraint(
                name="feeds_batch_state_is_known", condition=Q(state__in=[each.value for each in BatchState])
            ),
            models.CheckConstraint(
                name="feeds_batch_counts_add_up",
                condition=Q(
                    rows=models.F("linked") + models.F("created") + models.F("queued") + models.F("refused"),
                    unchanged__lte=models.F("linked"),
                ),
            ),
            models.CheckConstraint(
                name="feeds_batch_parts_of_what_there_is",
                condition=Q(read__lte=models.F("rows"), silent__lte=models.F("named")),
            ),
            models.CheckConstraint(
                name="feeds_batch_fault_is_known",
                condition=Q(fault__in=["", "stopped", *(each.value for each in Fault)]),
            ),
        )

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Chunk(models.Model):
    """A part of what was sent, locked for the worker by whoever took it in, who cannot read it again."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    place = models.IntegerField()
    content = SealedBytes()

    class Meta:
        constraints = (models.UniqueConstraint(name="feeds_chunk_each_place_once", fields=("batch", "place")),)

    def __str__(self) -> str:
        return f"part {self.place} of batch {self.batch_id}"


class RowOutcome(models.TextChoices):
    """What became of a row."""

    LINKED = "linked", "About a child on record"
    CREATED = "created", "About a child who was not on record"
    QUEUED = "queued", "For a person to decide"
    REFUSED = "refused", "Refused"


# Where a batch counts them.
COUNTED = {
    RowOutcome.LINKED: "linked",
    RowOutcome.CREATED: "created",
    RowOutcome.QUEUED: "queued",
    RowOutcome.REFUSED: "refused",
}


class TakenBack(models.TextChoices):
    """What became of a row whose batch was taken back."""

    UNDONE = "undone", "As it was before"
    KEPT = "kept", "Kept, since others added to it"


class BatchRow(SealedModel):
    """What became of one row.

    `place` is which of the rows it is, and `line` where it stands. `code` says why it was refused or is doubtful. Of a
    refused row `content` is what the supplier wrote, to be given back; of one that changed a record, what stood there
    before, so that it can be taken back.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    place = models.BigIntegerField()
    line = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    code = models.CharField(max_length=20, blank=True)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, db_constraint=False)
    field = models.CharField(max_length=40, blank=True)
    content = SealedField(str, optional=True, null=True, pad_to=512)
    taken_back = models.CharField(max_length=10, choices=TakenBack.choices, blank=True)

    sealing_purpose: ClassVar[Purpose] = Purpose.CHILD

    class Meta:
        constraints = (
            models.UniqueConstraint(name="feeds_batchrow_each_place_once", fields=("batch", "place")),
            models.CheckConstraint(
                name="feeds_batchrow_outcome_is_known", condition=Q(outcome__in=[each.value for each in RowOutcome])
            ),
            models.CheckConstraint(
                name="feeds_batchrow_taken_back_is_known",
                condition=Q(taken_back__in=["", *(each.value for each in TakenBack)]),
            ),
            # A field as its format names it: an element, a path of FHIR, a column. No value passes for one.
            models.CheckConstraint(
                name="feeds_batchrow_codes",
                condition=Q(code__regex="^[a-z_]*$", field__in=["", *sorted(FIELDS)]),
            ),
        )

    def sealing_cohort(self) -> str:
        return cohort_of((self.batch.received_at + GIVEN_BACK_FOR).date())
