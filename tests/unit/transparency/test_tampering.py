"""Ten thousand random tampers, each of which must be found; and a log that nobody touched, never accused."""

import random
from collections.abc import Callable, Sequence

import pytest

from tests.unit.transparency.logs import SECOND, STRANGER, Log, change, events, judge, rows, sealed
from transparency.errors import InputError
from transparency.findings import Kind, Report
from transparency.lines import FIELDS

LINES = events(300, writers=5, seed=1)
LOG = sealed(LINES, 23)
SIZES = sorted(LOG.published)
HELD = {"mine": LOG.published[300]}

Chance = random.Random


def seen(content: Sequence[bytes], chance: Chance, log: Log = LOG) -> Report:
    """As a reader sees it who has the tiles, or who has but a checkpoint."""
    return judge(content, chance.choice((log, None)), HELD)


def edit_a_byte(chance: Chance) -> Report:
    content = rows(LINES)
    row = chance.randrange(len(content))
    line = bytearray(content[row])
    line[chance.randrange(len(line) - 1)] ^= 1 << chance.randrange(8)
    content[row] = bytes(line)
    return seen(content, chance)


def edit_a_field(chance: Chance) -> Report:
    lines = list(LINES)
    place = chance.randrange(len(lines))
    name = chance.choice(("actor_id", "child_id", "user_id", "at", "id", "number", "transaction", "session_id"))
    held = lines[place].decode().split("|")[FIELDS.index(name)]
    lines[place] = change(lines[place], **{name: int(held or 0) + chance.choice((1, 10, 100))})
    return seen(rows(lines), chance)


def delete(chance: Chance) -> Report:
    first = chance.randrange(1, len(LINES))
    content = rows(LINES)
    del content[first : first + chance.choice((1, 1, 2, 30))]
    return seen(content, chance)


def delete_and_number_anew(chance: Chance) -> Report:
    place = chance.randrange(len(LINES))
    return seen(rows([*LINES[:place], *LINES[place + 1 :]]), chance)


def insert(chance: Chance) -> Report:
    place = chance.randrange(len(LINES) + 1)
    forged = change(chance.choice(LINES), child_id=chance.randrange(10**7, 10**8))
    return seen(rows([*LINES[:place], forged, *LINES[place:]]), chance)


def insert_a_copy(chance: Chance) -> Report:
    content = rows(LINES)
    content.insert(chance.randrange(len(content) + 1), chance.choice(content))
    return seen(content, chance)


def swap(chance: Chance) -> Report:
    one, other = chance.sample(range(len(LINES)), 2)
    lines, content = list(LINES), rows(LINES)
    for each in (lines, content):
        each[one], each[other] = each[other], each[one]
    return seen(chance.choice((rows(lines), content)), chance)


def truncate(chance: Chance) -> Report:
    return seen(rows(LINES[: chance.randrange(len(LINES))]), chance)


def truncate_all_that_was_published(chance: Chance) -> Report:
    earlier = LOG.copy(chance.choice(SIZES[:-1]))
    return judge(rows(earlier.lines), earlier, HELD)


def rewrite_after_a_checkpoint(chance: Chance) -> Report:
    """With the stolen key: everything is signed, the tiles are made anew, and it goes on as long as the real one."""
    kept = chance.choice(SIZES[:-2])
    stolen = LOG.copy(kept)
    fresh = list(LINES[kept:])
    victim = chance.randrange(SIZES[SIZES.index(kept) + 1] - kept)
    fresh[victim] = change(fresh[victim], child_id=chance.randrange(10**7, 10**8))
    for start in range(0, len(fresh), 31):
        stolen.seal(fresh[start : start + 31])
    held = chance.choice([size for size in SIZES if size > kept + victim])
    return judge(rows(stolen.lines), stolen, {"mine": LOG.published[held]})


def rewrite_with_another_key(chance: Chance) -> Report:
    false = Log(private=STRANGER)
    lines = list(LINES)
    place = chance.randrange(len(lines))
    lines[place] = change(lines[place], child_id=chance.randrange(10**7, 10**8))
    false.seal(lines)
    return judge(rows(lines), false, chance.choice((HELD, {})))


def fork(chance: Chance) -> Report:
    """Another reader was shown another log."""
    kept = chance.choice(SIZES[:-2])
    other = LOG.copy(kept)
    grown = other.seal(change(line, child_id=1) for line in LINES[kept : kept + chance.randrange(1, 300 - kept)])
    return judge(rows(LINES), chance.choice((LOG, None)), {**HELD, "hers": other.published[grown.size]})


def set_the_clock_back(chance: Chance) -> Report:
    """Before it was sealed, so that every hash is right."""
    lines = list(LINES)
    start = chance.randrange(100, len(lines))
    back = chance.randrange(700, 900) * SECOND
    for place in range(start, min(start + chance.randrange(1, 60), len(lines))):
        lines[place] = change(lines[place], at=int(lines[place].split(b"|")[3]) - back)
    log = sealed(lines, 23)
    return judge(rows(lines), log, {"mine": log.published[300]})


def remove_before_sealing(chance: Chance) -> Report:
    lines = list(LINES)
    gone = lines.pop(chance.randrange(200)).split(b"|")[FIELDS.index("writer")]
    assert any(gone in line for line in lines[250:])
    log = sealed(lines, 23)
    return judge(rows(lines), log, {"mine": log.published[299]})


def two_sequencers(chance: Chance) -> Report:
    """The second sealed a batch of its own, of which a checkpoint was published, and the first went on."""
    kept = chance.choice(SIZES[:-2])
    second = LOG.copy(kept)
    batch = list(LINES[kept : kept + chance.randrange(2, 60)])
    chance.shuffle(batch)
    if batch == LINES[kept : kept + len(batch)]:
        batch.reverse()
    grown = second.seal(batch)
    log = LOG.copy()
    name = {f"checkpoints/{grown.size}": second.published[grown.size]}
    return judge(rows(LINES), log, {**HELD, **name})


def damage_the_tiles(chance: Chance) -> Report:
    log = LOG.copy()
    place = chance.choice([tile for tile in log.tiles if tile[0] == 0])
    hashes = bytearray(log.tiles[place])
    hashes[chance.randrange(len(hashes))] ^= 1 << chance.randrange(8)
    log.tiles[place] = bytes(hashes)
    return judge(rows(LINES), log, chance.choice((HELD, {})))


def damage_a_checkpoint(chance: Chance) -> Report:
    log = LOG.copy()
    size = chance.choice(SIZES)
    note = bytearray(log.published[size].encode())
    note[chance.randrange(len(note) - 1)] ^= 1 << chance.randrange(7)
    log.published[size] = note.decode(errors="replace")
    return judge(rows(LINES), log, HELD)


TAMPERS: dict[Callable[[Chance], Report], set[Kind]] = {
    edit_a_byte: {Kind.ALTERED, Kind.REMOVED, Kind.INSERTED, Kind.REORDERED, Kind.TRUNCATED},
    edit_a_field: {Kind.ALTERED},
    delete: {Kind.REMOVED, Kind.TRUNCATED},
    delete_and_number_anew: {Kind.REMOVED, Kind.ALTERED, Kind.TRUNCATED},
    insert: {Kind.INSERTED},
    insert_a_copy: {Kind.INSERTED},
    swap: {Kind.REORDERED},
    truncate: {Kind.TRUNCATED},
    truncate_all_that_was_published: {Kind.TRUNCATED},
    rewrite_after_a_checkpoint: {Kind.FORKED, Kind.TRUNCATED},
    rewrite_with_another_key: {Kind.UNSIGNED},
    fork: {Kind.FORKED},
    set_the_clock_back: {Kind.BACK_DATED},
    remove_before_sealing: {Kind.REMOVED_BEFORE_SEALING},
    two_sequencers: {Kind.FORKED},
    damage_the_tiles: {Kind.DAMAGED},
    damage_a_checkpoint: {Kind.UNSIGNED},
}


def tamper(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (a seed, not a secret)
    how = chance.choice(list(TAMPERS))
    try:
        report = how(chance)
    except InputError:
        return
    assert not report.whole, f"{how.__name__} with seed {seed} was not found"
    assert report.kinds() & TAMPERS[how], f"{how.__name__} with seed {seed} was called {report.kinds()}"


@pytest.mark.parametrize("block", range(10))
def test_every_tamper_is_found(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        tamper(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_ten_thousand_tampers_are_found(block: int) -> None:
    for seed in range(1000 + block * 500, 1000 + block * 500 + 500):
        tamper(seed)


def test_nobody_is_accused_of_what_nobody_did() -> None:
    for publication in (LOG, None):
        assert judge(rows(LINES), publication, HELD).whole
