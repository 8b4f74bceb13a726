"""What people decided about doubtful matches, carried out: the row is linked with the child, or is about another."""

from dataclasses import replace

import structlog
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from encryption.errors import KeyMissingError
from feeds.matching import Decision, Matcher, Outcome
from feeds.models import COUNTED, NUMBER_TAKEN, Batch, BatchRow, BatchState, Match, RowOutcome, VerdictKind
from feeds.rows import Row
from feeds.worker.applying import as_written, before, hold
from feeds.worker.learning import weights_now
from feeds.worker.meanwhile import MadeMeanwhileError, Meanwhile
from feeds.worker.saying import Saying
from registry.models import Child
from registry.worker.changing import Unchanged

logger = structlog.get_logger(__name__)


def suppliers_with_decisions() -> list[int]:
    """The feeds with decisions that are still to be carried out."""
    return list(_waiting().order_by("batch__supplier").values_list("batch__supplier", flat=True).distinct())


def carry_out_decided(supplier_id: int) -> int:
    """Carry out every decision about a feed's rows that waits. Returns how many.

    Each in a transaction of its own; one that fails keeps no other from it, and is tried again the next time.
    """
    done = 0
    deciding = _Deciding(supplier_id)
    for pk in list(_waiting().filter(batch__supplier=supplier_id).order_by("id").values_list("pk", flat=True)):
        try:
            done += deciding.carry_out(pk)
        except MadeMeanwhileError:
            logger.info("match.again", match=pk)
        except Exception:
            logger.exception("match.not_carried_out", match=pk)
    return done


def _waiting() -> QuerySet[Match]:
    """Decisions to be carried out: not of a batch that is being taken back, nor of a supplier who is stopped."""
    decided = Match.objects.exclude(outcome="").filter(applied_at=None)
    return decided.filter(batch__state=BatchState.DONE, batch__supplier__stopped_at=None)


def follow_records() -> int:
    """Have matches wait for those who answer for the record by now: it may have changed hands. Returns how many."""
    now = Child.objects.filter(pk=OuterRef("child_id")).annotate(
        by=Coalesce("merged_into__responsible_authority", F("responsible_authority"))
    )
    waiting = Match.objects.filter(outcome="").annotate(by=Subquery(now.values("by")))
    return waiting.exclude(authority=F("by")).update(authority=F("by"))


class _Deciding:
    """Carries out decisions about rows of one feed, one after the other."""

    def __init__(self, supplier_id: int) -> None:
        by, _bounds = weights_now(supplier_id)
        self._matcher = Matcher(by=by)
        self._meanwhile = Meanwhile()

    @transaction.atomic
    def carry_out(self, pk: int) -> bool:
        """All matches of the row are locked: what one of them decides is decided of the row."""
        of = Match.objects.values("batch", "place").get(pk=pk)
        batches = Batch.objects.select_for_update(of=("self",)).select_related("supplier__organisation")
        batch = batches.get(pk=of["batch"])
        beside = list(Match.objects.select_for_update().filter(batch=batch, place=of["place"]).order_by("id"))
        match = next((each for each in beside if each.pk == pk), None)
        if match is None or match.applied_at is not None or batch.state != BatchState.DONE:
            return False
        others = [each for each in beside if each.pk != pk and each.applied_at is None]
        row = _Decided(batch, match)
        if match.outcome == VerdictKind.SAME:
            row.link(_stays(match.child_id))
            _close([match, *others], VerdictKind.DIFFERENT)
            return True
        _close([match], "")
        if not others:
            self._is_none_of(row, {_stays(each.child_id) for each in beside})
        return True

    def _is_none_of(self, row: "_Decided", against: set[int]) -> None:
        """It is about none of those who were shown. Others may have come on record since the row did: who is clearly
        meant is linked, and of who may be meant people are asked again."""
        if row.leads_elsewhere(against):
            return
        self._meanwhile.begin()
        (decision,) = self._matcher.match([row.row], but=against)
        if decision.outcome is Outcome.LINK and decision.child_id is not None:
            row.link(decision.child_id)
        elif decision.candidates:
            row.ask(decision)
        else:
            self._meanwhile.settle({row.create(): row.row}, self._matcher.are_new)


class _Decided:
    """A row of which somebody decided whose it is."""

    def __init__(self, batch: Batch, match: Match) -> None:
        self._batch = batch
        self._place = match.place
        self._saying = Saying(batch)
        (self._known,) = self._saying.known([replace(match.said.open(), place=match.place)])

    @property
    def row(self) -> Row:
        return self._known.row

    def link(self, child_id: int) -> None:
        """The row is about that child. Where nothing can be changed in the record, since it is closed or in the
        archive, nothing is; a row with another record's number is refused, since one of the two is wrong about it."""
        if self._is_overtaken():
            return
        (outcome,) = self._saying.link([(self._known, child_id)])
        if outcome is Unchanged.NUMBER_TAKEN:
            self._refuse()
        else:
            self._settle(
                RowOutcome.LINKED, child_id, content=None if isinstance(outcome, Unchanged) else before(outcome)
            )

    def leads_elsewhere(self, against: set[int]) -> bool:
        """Whether the row has its outcome: its supplier has said the same or something newer since, or its number has
        led to a child who is none of those, and then it is about that child."""
        if self._is_overtaken():
            return True
        known = self._known.record
        if known is None or known.stays in against:
            return False
        self.link(known.stays)
        return True

    def create(self) -> int:
        """It is about a child who has no record. Returns the one that is made."""
        (made,) = self._saying.create([self._known])
        self._settle(RowOutcome.CREATED, made.child_id, code=made.code)
        return made.child_id

    def ask(self, decision: Decision) -> None:
        """It waits for people anew, for whom it may be about by now."""
        hold(self._batch, self.row, decision.code, decision.candidates)
        BatchRow.objects.filter(batch=self._batch, place=self._place).update(code=decision.code)

    def _is_overtaken(self) -> bool:
        """Whether the supplier has said the same, or something newer, of the child since. Then that counts."""
        now = self._known.record
        if now is None or not (self._known.says_the_same or now.batch_id > self._batch.pk):
            return False
        self._settle(RowOutcome.LINKED, now.stays)
        return True

    def _refuse(self) -> None:
        self._settle(RowOutcome.REFUSED, None, code=NUMBER_TAKEN, content=as_written(self._known.row).decode())
        faults = self._batch.faults or {}
        self._batch.faults = {**faults, NUMBER_TAKEN: faults.get(NUMBER_TAKEN, 0) + 1}
        self._batch.save(update_fields=["faults"])

    def _settle(self, outcome: RowOutcome, child_id: int | None, *, code: str = "", content: str | None = None) -> None:
        """The row has its outcome, and the batch counts it."""
        row = BatchRow.objects.get(batch=self._batch, place=self._place)
        row.batch = self._batch
        row.outcome, row.child_id, row.code, row.content = outcome, child_id, code, content
        try:
            row.save(update_fields=["outcome", "child", "code", "content"])
        except KeyMissingError:  # decided later than anything of the batch is kept: then nothing of the row is
            row.content = None
            row.save(update_fields=["outcome", "child", "code", "content"])
        counted = COUNTED[outcome]
        self._batch.queued -= 1
        setattr(self._batch, counted, getattr(self._batch, counted) + 1)
        self._batch.save(update_fields=["queued", counted])


def _stays(child_id: int) -> int:
    """The record that stays of those that lie together with it by now."""
    return Child.objects.values_list("merged_into", flat=True).get(pk=child_id) or child_id


def _close(matches: list[Match], outcome: str) -> None:
    """They wait no longer, and what was said is gone from them."""
    for each in matches:
        each.outcome = each.outcome or outcome
        each.decided_at = each.decided_at or timezone.now()
        each.applied_at = timezone.now()
        each.said = None
        each.save(update_fields=["outcome", "decided_at", "applied_at", "said"])
