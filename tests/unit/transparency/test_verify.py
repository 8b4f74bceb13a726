"""Each kind of finding by its own test, and that a log which is whole is never accused."""

import pytest

from tests.unit.transparency.logs import (
    LOG_KEY,
    ORIGIN,
    SECOND,
    STRANGER,
    WITNESS,
    Log,
    change,
    cosigned,
    event,
    events,
    export,
    judge,
    rows,
    sealed,
)
from transparency.errors import InputError
from transparency.findings import Kind, Report
from transparency.verify import verify

LINES = events(100)
LOG = sealed(LINES)
HELD = {"mine": LOG.published[100]}


def only(report: Report, kind: Kind) -> list[str]:
    assert report.kinds() == {kind}, str(report)
    return [finding.text for finding in report.findings]


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_log_is_not_accused(seed: int) -> None:
    lines = events(60 + seed * 31, writers=1 + seed % 5, seed=seed)
    log = sealed(lines, 1 + seed)
    held = {"mine": log.published[len(lines)]}
    for publication, elsewhere in ((log, held), (log, {}), (None, held)):
        report = judge(rows(lines), publication, elsewhere)
        assert report.whole, str(report)
        assert "WHOLE" in str(report)


def test_says_that_a_log_rewritten_as_a_whole_would_pass() -> None:
    report = judge(rows(LINES), LOG)
    assert report.whole
    assert any("rewritten as a whole" in text and "leaves 0 to 99" in text for text in report.not_proved)


def test_says_up_to_where_others_saw_the_log() -> None:
    report = judge(rows(LINES), LOG, {"mine": LOG.published[70]})
    assert any("checkpoint of 70 leaves (mine)" in text for text in report.proved)
    assert any("leaves 70 to 99" in text for text in report.not_proved)


def test_a_checkpoint_obtained_elsewhere_leaves_nothing_to_rewrite() -> None:
    assert not any("rewritten" in text for text in judge(rows(LINES), LOG, HELD).not_proved)


def test_a_witness_is_somebody_else() -> None:
    log = LOG.copy()
    log.published[100] = cosigned(log.published[100])
    report = judge(rows(LINES), log)
    assert report.whole
    assert any(WITNESS in text for text in report.proved)
    assert not any("rewritten" in text for text in report.not_proved)


def test_altered_names_event_and_leaf() -> None:
    lines = list(LINES)
    lines[41] = change(lines[41], child_id=7)
    report = judge(rows(lines), LOG, HELD)
    assert only(report, Kind.ALTERED) == ["event 10042 (leaf 41) is not what was sealed there"]
    assert (report.findings[0].index, report.findings[0].event_id) == (41, 10042)


def test_altered_without_tiles_names_the_leaves_between_two_checkpoints() -> None:
    lines = list(LINES)
    lines[41] = change(lines[41], child_id=7)
    report = judge(rows(lines), None, {str(size): LOG.published[size] for size in (10, 40, 50, 100)})
    (text,) = only(report, Kind.ALTERED)
    assert "leaves 40 to 49" in text


def test_altered_to_what_is_no_event() -> None:
    content = rows(LINES)
    content[41] = b"41 nonsense\n"
    (text,) = only(judge(content, LOG, HELD), Kind.ALTERED)
    assert "leaf 41, which is no event" in text


def test_removed() -> None:
    content = rows(LINES)
    del content[41]
    for publication in (LOG, None):
        report = judge(content, publication, HELD)
        (text,) = only(report, Kind.REMOVED)
        assert "leaf 41" in text
        assert report.findings[0].index == 41


def test_removed_and_the_rest_numbered_anew() -> None:
    report = judge(rows([*LINES[:41], *LINES[42:]]), LOG, HELD)
    assert report.kinds() == {Kind.REMOVED, Kind.TRUNCATED}
    assert [finding.index for finding in report.findings if finding.kind is Kind.REMOVED] == [41]


def test_inserted() -> None:
    forged = change(LINES[41], id=5)
    lines = [*LINES[:41], forged, *LINES[41:]]
    report = judge(rows(lines), LOG, HELD)
    assert report.kinds() <= {Kind.INSERTED, Kind.REORDERED}
    inserted = [finding for finding in report.findings if finding.kind is Kind.INSERTED]
    assert [finding.event_id for finding in inserted] == [5]


def test_inserted_under_an_index_that_is_taken() -> None:
    content = rows(LINES)
    content.insert(42, b"41 " + change(LINES[41], id=5) + b"\n")
    assert only(judge(content, LOG, HELD), Kind.INSERTED) == ["line 44 of log.txt was never sealed"]


def test_inserted_behind_the_last_checkpoint() -> None:
    content = rows([*LINES, change(LINES[-1], id=99_999)])
    for publication in (LOG, None):
        only(judge(content, publication, HELD), Kind.INSERTED)


def test_an_event_twice() -> None:
    content = rows(LINES)
    content.insert(50, content[50])
    (text,) = only(judge(content, LOG, HELD), Kind.INSERTED)
    assert "leaf 50 a second time" in text


def test_reordered() -> None:
    lines = list(LINES)
    lines[20], lines[60] = lines[60], lines[20]
    assert "reordered: event 10021 (leaf 60) was sealed as leaf 20" in str(judge(rows(lines), LOG, HELD))
    content = rows(LINES)
    content[20], content[60] = content[60], content[20]
    assert "reordered: event 10021 (leaf 20) stands behind a later leaf in the export" in str(judge(content, LOG, HELD))


def test_sealed_in_the_wrong_order() -> None:
    lines = list(LINES)
    lines[20], lines[21] = lines[21], lines[20]
    report = judge(rows(lines), sealed(lines))
    (text,) = only(report, Kind.REORDERED)
    assert "leaf 21" in text


def test_back_dated() -> None:
    lines = list(LINES)
    at = int(lines[60].split(b"|")[3])
    lines[60] = change(lines[60], at=at - 660 * SECOND)
    (text,) = only(judge(rows(lines), sealed(lines)), Kind.BACK_DATED)
    assert "event 10061 (leaf 60)" in text


def test_a_clock_a_little_behind_is_no_crime() -> None:
    lines = list(LINES)
    at = int(lines[60].split(b"|")[3])
    lines[60] = change(lines[60], at=at - 580 * SECOND)
    assert judge(rows(lines), sealed(lines)).whole


def test_truncated() -> None:
    assert Kind.TRUNCATED in judge(rows(LINES[:95]), None, HELD).kinds()
    (text,) = only(judge(rows(LINES[:95]), LOG), Kind.TRUNCATED)
    assert "leaf 94" in text
    assert "checkpoint of 100 leaves" in text


def test_truncated_with_all_that_was_published() -> None:
    (text, other) = only(judge(rows(LINES[:90]), LOG.copy(90), HELD), Kind.TRUNCATED)
    assert "90 leaves are published" in text
    assert "leaf 89" in other


def test_what_was_sealed_after_the_readers_checkpoint_may_be_left_out() -> None:
    report = judge(rows(LINES[:70]), LOG, {"mine": LOG.published[70]})
    assert report.whole
    assert any("leaves 70 to 99" in text and "by hash alone" in text for text in report.not_proved)


def test_months_that_are_not_there_are_known_by_hash_alone() -> None:
    report = judge(rows(LINES[30:60], 30), LOG, HELD, part=True)
    assert report.whole
    assert [text for text in report.not_proved if "by hash alone" in text] == [
        "what the events of leaves 0 to 29 say: 30 leaves not in these exports, known by hash alone",
        "what the events of leaves 60 to 99 say: 40 leaves not in these exports, known by hash alone",
    ]


def test_without_tiles_what_is_not_there_is_removed() -> None:
    assert Kind.REMOVED in judge(rows(LINES[30:], 30), None, HELD).kinds()


def test_several_exports_in_any_order_and_overlapping() -> None:
    exports = [
        export(rows(LINES[60:], 60), "c"),
        export(rows(LINES[:40]), "a"),
        export(rows(LINES[30:60], 30), "b"),
    ]
    assert verify(exports, LOG, HELD, [LOG_KEY]).whole


def test_forked_shown_to_two_readers() -> None:
    other = LOG.copy(60)
    other.seal(change(line, child_id=1) for line in LINES[60:80])
    (text,) = only(judge(rows(LINES), LOG, {"hers": other.published[80]}), Kind.FORKED)
    assert "checkpoint of 80 leaves (hers)" in text
    assert "checkpoint of 80 leaves (checkpoints/80)" in text
    (text,) = only(judge(rows(LINES), None, {**HELD, "hers": other.published[80]}), Kind.FORKED)
    assert "checkpoint of 100 leaves (mine), but not to the checkpoint of 80 leaves (hers)" in text


def test_forked_by_a_larger_checkpoint_elsewhere() -> None:
    other = LOG.copy(60)
    other.seal(change(line, child_id=1) for line in [*LINES[60:], *LINES[:20]])
    assert judge(rows(LINES), LOG, {"hers": other.published[120]}).kinds() == {Kind.TRUNCATED}


def test_two_sequencers_at_different_sizes() -> None:
    log = LOG.copy()
    second = LOG.copy(60)
    second.seal(change(line, child_id=1) for line in LINES[60:75])
    log.published[75] = second.published[75]
    (text,) = only(judge(rows(LINES), log), Kind.FORKED)
    assert "75 leaves" in text


def test_another_logs_checkpoint_by_the_same_key() -> None:
    other = Log(origin=f"{ORIGIN}/other")
    other.seal(LINES)
    (text,) = only(judge(rows(LINES), LOG, {"hers": other.published[100]}), Kind.FORKED)
    assert f"is of {ORIGIN}/other" in text


def test_rewritten_with_a_stolen_key() -> None:
    stolen = LOG.copy(60)
    for start in (60, 70, 80, 90):
        stolen.seal(change(line, child_id=1) for line in LINES[start : start + 10])
    assert judge(rows(stolen.lines), stolen).whole, "nobody can see this without a checkpoint obtained elsewhere"
    assert judge(rows(stolen.lines), stolen, {"mine": LOG.published[60]}).whole
    assert Kind.FORKED in judge(rows(stolen.lines), stolen, {"mine": LOG.published[70]}).kinds()
    assert Kind.FORKED in judge(rows(stolen.lines), stolen, HELD).kinds()


def test_signed_by_a_stranger() -> None:
    false = Log(private=STRANGER)
    false.seal(LINES)
    assert judge(rows(LINES), false).kinds() == {Kind.UNSIGNED}
    log = LOG.copy()
    log.published[50] = false.published[100]
    assert judge(rows(LINES), log).kinds() == {Kind.UNSIGNED}


def test_signed_by_a_witness_alone() -> None:
    false = Log(private=STRANGER)
    false.seal(LINES)
    false.published[100] = cosigned(false.published[100])
    assert judge(rows(LINES), false).kinds() == {Kind.UNSIGNED}


def test_a_tile_that_is_missing() -> None:
    log = LOG.copy()
    log.tiles.clear()
    report = judge(rows(LINES), log, HELD)
    only(report, Kind.DAMAGED)


def test_a_tile_that_was_changed_accuses_no_event() -> None:
    log = LOG.copy()
    log.tiles[0, 0] = log.tiles[0, 0][:320] + bytes(32) + log.tiles[0, 0][352:]
    only(judge(rows(LINES), log, HELD), Kind.DAMAGED)


def numbered(*numbers: int, step: int = 30 * SECOND, voided: dict[int, str] | None = None) -> list[bytes]:
    """One writer's events."""
    writer = "00000000-0000-4000-8000-000000000001"
    return [
        event(
            id=place, transaction=place, at=10**15 + place * step, writer=writer, number=number,
            authentication="0" * 32, voided=(voided or {}).get(number, ""),
        )
        for place, number in enumerate(numbers, 1)
    ]  # fmt: skip


def judged(lines: list[bytes]) -> Report:
    return judge(rows(lines), sealed(lines))


def test_removed_before_sealing_names_writer_and_number() -> None:
    (text,) = only(judged(numbered(1, 2, 4, 5, 6, 7, 8)), Kind.REMOVED_BEFORE_SEALING)
    assert "number 3 " in text
    assert "00000000-0000-4000-8000-000000000001" in text


def test_the_first_number_of_a_writer_is_one() -> None:
    (text,) = only(judged(numbered(3, 4, 5, 6, 7, 8)), Kind.REMOVED_BEFORE_SEALING)
    assert "numbers 1 to 2 " in text


@pytest.mark.parametrize(
    "lines",
    [
        numbered(1, 2, 4, 5, 6),  # within the two minutes, it may still be on its way
        numbered(1, 2, 4, 3, 5, 6, 7, 8, 9),  # overtaken
        numbered(1, 2, 4, 5, 6, 7, 8, 9, voided={8: "3"}),
        numbered(1, 2, 6, 7, 8, 9, 10, 11, 12, voided={8: "4", 9: "3,5"}),
        numbered(1, 2, 4, 5, 3, 6, 7, 8, 9, voided={5: "3"}),  # said to be void, but it was committed
        numbered(1, 2, 3, 4, 5, 6, 7, 8, voided={5: "3"}),
    ],
)
def test_what_is_no_reason_to_accuse(lines: list[bytes]) -> None:
    assert judged(lines).whole


def test_the_same_number_twice() -> None:
    (text,) = only(judged(numbered(1, 2, 3, 3, 4)), Kind.INSERTED)
    assert "number 3 " in text
    assert "second time" in text


def test_a_void_number_is_void_once() -> None:
    only(judged(numbered(1, 2, 4, 3, 3, 5, voided={4: "3"})), Kind.INSERTED)


def test_a_number_of_an_earlier_month_is_not_missed() -> None:
    lines = numbered(*range(1, 6), 7, 9, 6, 8, *range(10, 40))
    log = sealed(lines)
    for start in range(10):
        report = judge(rows(lines[start:], start), log)
        assert report.whole, str(report)


def test_removed_before_sealing_is_found_in_a_later_month_too() -> None:
    lines = numbered(*range(1, 20), *range(21, 40))
    only(judge(rows(lines[8:], 8), sealed(lines)), Kind.REMOVED_BEFORE_SEALING)


def test_what_is_no_export() -> None:
    with pytest.raises(InputError, match="no export of the log"):
        verify([export([])._replace(lines=[b"something\n"])], LOG, HELD, [LOG_KEY])


@pytest.mark.parametrize("index", [b"041", b"+41", b"-1", b"4_1", b"", b"9" * 5000, b"41\t", "４１".encode()])
def test_an_index_has_one_way_of_writing(index: bytes) -> None:
    content = rows(LINES)
    content[41] = index + b" " + LINES[41] + b"\n"
    assert not judge(content, LOG, HELD).whole
