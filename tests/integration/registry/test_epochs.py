"""The index is made anew while search goes on: nobody is lost, nothing newer overwritten, and a stop is no harm."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from psycopg.conninfo import make_conninfo

from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import record_first
from contactpoint.local.servers import Servers
from encryption.tokens import Tokeniser
from registry.models import Child
from registry.search import index
from registry.search.corroborating import Wanted
from registry.search.index import epochs, filing, rebuilding
from registry.values import Summary, SummaryName
from registry.vocabulary import NameKind
from tests import factories
from tests.integration.registry.people import Town, build_town, draft

WORKER, OWNER, WEB = "contactpoint_worker", "contactpoint_owner", "contactpoint_web"
# When tokens of nobody are looked for the first time.
ARCHIVES_ONCE = """
    CREATE SEQUENCE times;
    CREATE FUNCTION archive_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        UPDATE public.registry_child SET archived = true WHERE id = {child} AND nextval('public.times') = 1;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER archives_once AFTER DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION archive_once();
"""


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Within, and committed, the database takes Django for `role`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (before,) = cursor.fetchone()
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {before}")


def rows(statement: str, *arguments: object) -> list[tuple[Any, ...]]:
    with connected_as(OWNER), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def village(own_database: str) -> Iterator[Town]:
    """A town whose every change is committed, with an index that serves, as the worker leaves it."""
    index.forget()
    with connected_as(OWNER):
        index.start_epoch(1000)
        town = build_town()
    with connected_as(WORKER):
        yield town
    index.forget()


@pytest.fixture
def teacher(village: Town) -> Actor:
    with connected_as(WEB):
        return village.actor()


def add(town: Town, *families: str) -> list[Child]:
    return factories.children(*(draft(town, family=family) for family in families))


def filed_in(epoch: int) -> set[int]:
    return {child for (child,) in rows("SELECT child_id FROM search.child_token WHERE epoch = %s", epoch)}


def states() -> dict[int, str]:
    return dict(rows("SELECT number, state FROM search.epoch"))


def tokens_of(child: Child, epoch: int) -> set[int]:
    ((tokens,),) = rows("SELECT tokens FROM search.child_token WHERE epoch = %s AND child_id = %s", epoch, child.pk)
    return set(tokens)


def found(actor: Actor, child: Child) -> set[int]:
    """Whom the child's own number leads to, by chance others too, for somebody who searches in this moment."""
    with connected_as(WEB):
        searched = record_first(EventKind.CHILD_SEARCHED, actor=actor)
        wanted = Wanted(frozenset({index.tokeniser().token("number", child.number.open())}))
        return {child_id for child_id, _version, _summary in index.candidates(searched, wanted)}


def filed_as(child: Child, epoch: int) -> int:
    """Under how many tokens."""
    statement = "SELECT cardinality(tokens) FROM search.child_token WHERE epoch = %s AND child_id = %s"
    ((count,),) = rows(statement, epoch, child.pk)
    return int(count)


def rebuild() -> epochs.Epoch:
    return rebuilding.rebuild(processes=1, say=lambda *_: None)


def close(epoch: epochs.Epoch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select search.close_epoch(%s)", [epoch.number])


def test_everybody_is_found_by_the_new_index(village: Town, teacher: Actor) -> None:
    children = add(village, "Abbott", "Baker", "Clarke")
    assert rebuild().number == 2
    assert filed_in(2) == {child.pk for child in children}
    assert states() == {1: "retired", 2: "serving"}
    assert all(child.pk in found(teacher, child) for child in children)


def test_a_shielded_child_is_filed_by_what_may_be_shown_today(village: Town) -> None:
    """Their summary may have been stored before a shield hid other names."""
    (child,) = factories.children(draft(village, shielded_since=date(2026, 1, 5)))
    shown: Summary = child.summary.open()
    with connected_as(OWNER):
        names = (*shown.names, SummaryName(NameKind.FORMER, "Samira", "Malik"))
        child.summary = replace(shown, names=names, postcode="M33 4AB", lines="12 Hidden Lane")
        child.save()
    epoch = rebuild()
    wanted = filing.padded(epoch, shown)
    assert filed_as(child, epoch.number) == len(wanted) < len(filing.padded(epoch, child.summary.open()))
    assert epoch.scheme.child_tokens(shown, epoch.tokeniser) <= tokens_of(child, epoch.number)


def test_a_search_goes_on_with_the_epoch_that_it_began_with_and_the_next_takes_the_new(
    village: Town, teacher: Actor
) -> None:
    (child,) = add(village, "Abbott")
    old = index.scheme(), epochs.current()
    rebuild()
    epochs._held.epoch = old[1]  # as a process has it that was not told
    assert child.pk in found(teacher, child)
    index.scheme()
    assert epochs.current().number == 2
    assert child.pk in found(teacher, child)


def test_who_comes_while_the_index_is_built_is_filed_in_both(village: Town, teacher: Actor) -> None:
    add(village, "Abbott")
    epoch = epochs.begin(1000)
    (during,) = add(village, "Baker")
    assert during.pk in filed_in(1) & filed_in(2)
    close(epoch)
    (late,) = add(village, "Clarke")
    assert late.pk in filed_in(1) - filed_in(2)
    assert late.pk in found(teacher, late)
    rebuild()
    assert {during.pk, late.pk} <= filed_in(2)
    assert late.pk in found(teacher, late)
    assert rows("SELECT count(*) FROM search.late") == [(0,)]


def test_what_was_filed_since_is_not_overwritten_by_what_was_read_before(village: Town) -> None:
    (child,) = add(village, "Abbott")
    epoch = epochs.begin(1000)
    newer = renamed(child, "Zimmermann")
    filing.put([(child.pk, newer)])
    filing.file(epoch, [(child.pk, child.summary.open())], over_newer=False)
    assert epoch.scheme.child_tokens(newer, epoch.tokeniser) <= tokens_of(child, 2)


def test_a_change_while_the_index_is_made_wins(village: Town) -> None:
    (child,) = add(village, "Abbott")
    epoch = epochs.begin(1000)
    filing.file(epoch, [(child.pk, child.summary.open())], over_newer=False)
    close(epoch)
    newer = renamed(child, "Zimmermann")
    filing.put([(child.pk, newer)])
    rebuild()
    assert epoch.scheme.child_tokens(newer, epoch.tokeniser) <= tokens_of(child, 2)


def test_a_child_who_goes_takes_their_tokens_along(village: Town) -> None:
    before, between, after = add(village, "Abbott", "Baker", "Clarke")
    epoch = epochs.begin(1000)
    filing.file(epoch, [(child.pk, child.summary.open()) for child in (before, between, after)], over_newer=False)
    close(epoch)
    delete(between)  # while the new table does not know of the records yet
    rebuild()
    delete(after)
    assert filed_in(1) == filed_in(2) == {before.pk}


def test_who_is_archived_while_the_index_is_checked_does_not_stop_it(
    village: Town, own_database: str, running_servers: Servers
) -> None:
    """To the owner, as whom PostgreSQL checks, their tokens are nobody's from that moment on."""
    stays, goes = add(village, "Abbott", "Baker")
    epoch = epochs.begin(1000)
    filing.file(epoch, [(child.pk, child.summary.open()) for child in (stays, goes)], over_newer=False)
    close(epoch)
    address = make_conninfo(running_servers.postgresql.superuser_address, dbname=own_database)
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(ARCHIVES_ONCE.format(child=goes.pk, table=f"search.child_token_{epoch.number}"))
    assert rebuild() == epoch
    assert states()[epoch.number] == "serving"


def test_an_interrupted_rebuild_goes_on_where_it_stopped(village: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    children = add(village, "Abbott", "Baker", "Clarke", "Dunn")
    monkeypatch.setattr(rebuilding, "IDS_IN_A_BLOCK", 2)
    monkeypatch.setattr(rebuilding, "SECONDS_BETWEEN_NOTES", 0.0)
    read: list[range] = []
    file_block = rebuilding.file_block

    def once(epoch: epochs.Epoch, block: range) -> int:
        if read:
            raise KeyboardInterrupt
        read.append(block)
        return file_block(epoch, block)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(rebuilding, "file_block", once)
        with pytest.raises(KeyboardInterrupt):
            rebuild()
    now = rebuilding.building()
    assert now
    assert now.state == "filling"
    assert now.filled_up_to == children[1].pk
    with monkeypatch.context() as watched:
        watched.setattr(rebuilding, "file_block", lambda epoch, block: read.append(block) or file_block(epoch, block))
        assert rebuild() == now.epoch
    assert read[1].start == children[2].pk
    assert filed_in(2) == {child.pk for child in children}


def test_two_cannot_be_built_at_once_and_one_can_be_given_up(village: Town) -> None:
    add(village, "Abbott")
    epochs.begin(1000)
    with pytest.raises(IntegrityError, match="search_epoch_one_is_built"):
        epochs.begin(1000)
    assert rebuilding.give_up()
    assert not rebuilding.give_up()
    assert states() == {1: "serving", 2: "dropped"}
    assert rebuild().number == 3


def test_a_new_version_of_the_families_is_taken_up_by_a_rebuild_and_not_before(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = add(village, "Abbott")
    first = epochs.schemes.SCHEMES[epochs.schemes.NEWEST]
    newer = epochs.schemes.NEWEST + 1

    def by_number(summary: Summary, tokeniser: Tokeniser) -> set[int]:
        return {tokeniser.token("only number", summary.number)}

    second = replace(first, child_tokens=by_number)
    monkeypatch.setitem(epochs.schemes.SCHEMES, newer, second)
    monkeypatch.setattr(epochs.schemes, "NEWEST", newer)
    assert index.scheme() is first
    (during,) = add(village, "Baker")
    epoch = rebuild()
    assert index.scheme() is second
    assert epoch.families == newer
    for child in (before, during):
        summary = child.summary.open()
        assert first.child_tokens(summary, epochs.Epoch(1, 12, 1).tokeniser) <= tokens_of(child, 1)
        assert by_number(summary, epoch.tokeniser) <= tokens_of(child, 2)


def test_the_old_index_is_dropped_when_its_searches_have_ended(village: Town, teacher: Actor) -> None:
    (child,) = add(village, "Abbott")
    old = epochs.current()
    rebuild()
    rebuilding.drop_old(wait=False)
    assert states()[1] == "retired"
    rows("UPDATE search.epoch SET retired_at = retired_at - interval '3 minutes'")
    assert rebuilding.drop_old(wait=False) == 1
    assert states() == {1: "dropped", 2: "serving"}
    assert rows("SELECT to_regclass('search.child_token_1')") == [(None,)]
    epochs._held.epoch = old
    with pytest.raises(OperationalError, match="no search index of that epoch"):
        found(teacher, child)


def test_an_index_from_before_families_had_versions_is_made_anew_when_it_is_started(
    village: Town, teacher: Actor
) -> None:
    """As registry/migrations/0004 leaves it."""
    (child,) = add(village, "Abbott")
    began = index.started_on()
    rows("DROP TABLE search.child_token_1")
    rows("UPDATE search.epoch SET state = 'dropped', families = 0")
    index.start_epoch(1000)
    assert states() == {1: "dropped", 2: "serving"}
    assert filed_in(2) == {child.pk}
    assert child.pk in found(teacher, child)
    assert index.started_on() == began


def test_a_step_waits_a_little_for_others_and_says_so_when_they_stay(
    village: Town, own_database: str, running_servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epochs, "ATTEMPTS", 1)
    monkeypatch.setattr(epochs, "SECONDS_BETWEEN_ATTEMPTS", 0.0)
    with psycopg.connect(running_servers.database_address("worker", own_database)) as somebody:
        somebody.execute("SELECT FROM search.living()")  # who files children, and has not committed yet
        with pytest.raises(OperationalError, match="Run it again"):
            epochs.begin(1000)
        somebody.commit()
        assert epochs.begin(1000).number == 2


def test_an_epoch_without_an_index_does_not_serve(village: Town) -> None:
    epoch = epochs.begin(1000)
    for step in ("index_epoch", "serve_epoch"):
        with pytest.raises(OperationalError, match=r"is not closed|has no index"), connection.cursor() as cursor:
            cursor.execute(f"select search.{step}(%s)", [epoch.number])


def test_the_first_epoch_does_not_serve_before_it_is_filled(own_database: str) -> None:
    index.forget()
    with connected_as(WORKER), pytest.raises(index.NoIndexError):
        filing.put([])
    with connected_as(WORKER):
        epochs.begin(1000)
        with pytest.raises(index.NoIndexError):
            index.scheme()
        assert filing.living()


def test_the_commonest_tokens_are_not_in_the_planners_statistics(village: Town) -> None:
    add(village, "Abbott", "Abbott", "Abbott")
    rebuild()
    rows("ANALYZE search.child_token, search.child_token_2")
    seen = rows("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'search' AND attname = 'tokens'")
    assert seen == []


def renamed(child: Child, family: str) -> Summary:
    summary: Summary = child.summary.open()
    return replace(summary, names=(replace(summary.names[0], family=family),), date_of_birth=date(2016, 2, 3))


def delete(child: Child) -> None:
    """As the worker destroys a record."""
    with connected_as(WORKER):
        Child.objects.filter(pk=child.pk).update(archived=True)
        Child.objects.filter(pk=child.pk)._raw_delete("default")
