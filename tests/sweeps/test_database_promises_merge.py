"""Two records under one, to an insider with the web role's own login and live sessions: nobody puts them together or
parts them alone, nothing opens by it, and what lies under another is read with that other and in no other way.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from registry.models import MergeRequest
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.integration.registry.shielding import file_shielded
from tests.sweeps.attacking import (
    OPENED,
    Place,
    commit_event,
    confirm,
    find,
    keep,
    placed,
    read_child,
    record,
    refusal,
    show,
)
from tests.sweeps.merging import (
    Two,
    ask,
    compare,
    compared,
    decide,
    do_approved,
    lies_under,
    look_up,
    put_together,
    read,
)
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, administrator, another_session, asked, how, looked

PARTING = {"kind": "merge.part_asked", "reason": "two_children"}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def two(place: Place) -> Two:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town), stranger(place.town))
    return Two(*(int(each.pk) for each in made))


@pytest.fixture
def together(place: Place, two: Two) -> Two:
    put_together(place, two)
    return two


def shield(place: Place, child: int) -> None:
    place.as_owner(
        "INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps)"
        " SELECT id, responsible_authority_id, current_date, current_date + 182, '', 0"
        " FROM registry_child WHERE id = %s",
        child,
    )
    file_shielded()


def test_web_role_has_no_right_on_requests_or_where_a_record_lies(place: Place) -> None:
    with place.connected() as web:
        for statement in (
            "SELECT 1 FROM registry_mergerequest",
            "SELECT xmin, ctid FROM registry_mergerequest",
            "INSERT INTO registry_mergerequest DEFAULT VALUES",
            "UPDATE registry_mergerequest SET outcome = 'approved'",
            "DELETE FROM registry_mergerequest",
            "SELECT last_value FROM registry_mergerequest_id_seq",
            "SELECT merged_into_id FROM registry_child",
            "UPDATE registry_child SET merged_into_id = NULL",
            "SELECT registry_together(1)",
            "SELECT registry_stays_of(1)",
            "SELECT registry_told_with(1)",
            "SELECT registry_shielded_together(1)",
            "SELECT registry_under_is_shown(1, 2)",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement


def test_no_step_without_its_event_in_the_same_transaction(place: Place, two: Two) -> None:
    with place.connected() as web:
        actor = compared(place, web, two)
        assert refusal(web, "SELECT registry_merge_ask()").sqlstate == NO_EVENT
        about = {"child_id": two.stays, "fields": [f"under.{two.under}"], "reason": "worker_knows"}
        commit_event(web, actor, kind="merge.asked", **about)
        assert refusal(web, "SELECT registry_merge_ask()").sqlstate == NO_EVENT
        request = ask(web, actor, two)
        web.commit()
        for statement in (
            f"SELECT registry_merge_decide({request}, 0)",
            "SELECT registry_merge_who()",
            "SELECT * FROM registry_merges()",
            "SELECT * FROM registry_merge_child('x')",
        ):
            assert refusal(web, statement).sqlstate == NO_EVENT, statement
        for fields in ([], ["under.x"], [f"under.{two.under}", "under.1"], [f"merge.{two.under}"], ["under.0"]):
            record(web, actor, kind="merge.asked", child_id=two.stays, fields=fields, reason="worker_knows")
            assert refusal(web, "SELECT registry_merge_ask()").sqlstate == NO_EVENT, fields
            web.rollback()


def test_records_show_to_whoever_knows_both_numbers_and_answers_for_both(place: Place, two: Two) -> None:
    with place.connected() as web:
        actor, stranger_ = administrator(place), administrator(place, elsewhere=True)
        assert compare(web, actor, two) == (None, None)
        assert look_up(web, actor, two.stays) == [(two.stays, None)]
        assert compare(web, actor, two) == (None, None)  # of one alone neither
        assert look_up(web, actor, two.under) == [(two.under, None)]
        assert all(compare(web, actor, two))
        # Not in another session, nor with another record, nor with itself.
        assert compare(web, another_session(actor), two) == (None, None)
        assert read(web, actor, two.stays, place.child) is None
        assert read(web, actor, two.stays, two.stays) is None
        assert [look_up(web, stranger_, each) for each in (two.stays, two.under)] == [[], []]
        assert compare(web, stranger_, two) == (None, None)
        # Nor with an event that is not committed, or about which nothing is said.
        record(web, actor, kind="merge.read", child_id=two.stays, fields=[f"beside.{two.under}"])
        assert refusal(web, "SELECT registry_merge_who()").sqlstate == NO_EVENT
        web.rollback()
        show(web, actor, commit_event(web, actor, kind="merge.read", child_id=two.stays))
        assert web.execute("SELECT registry_merge_who()").fetchall() == [(None,)]


def test_only_who_answers_for_both_and_has_read_both_asks(place: Place, two: Two) -> None:
    with place.connected() as web:
        stranger_ = administrator(place, elsewhere=True)
        compare(web, stranger_, two)
        assert how(ask, web, stranger_, two) == NOT_THEIRS
        half = administrator(place)
        for child in (two.stays, two.under):
            look_up(web, half, child)
        read(web, half, two.stays, two.under)
        assert how(ask, web, half, two) == NOT_THEIRS
        # A reading of the same transaction, which could be rolled back with the rest, is none.
        record(web, half, kind="merge.read", child_id=two.under, fields=[f"beside.{two.stays}"])
        assert how(ask, web, half, two) == NOT_THEIRS
        web.rollback()
        read(web, half, two.under, two.stays)
        assert how(ask, web, half, Two(two.stays, place.other)) == NOT_THEIRS
        assert how(ask, web, half, Two(two.stays, two.stays)) == NOT_THEIRS
        assert how(ask, web, half, Two(two.stays, 987_654)) == NOT_THEIRS
        for reason in ("made_up", "two_children", ""):
            assert how(ask, web, half, two, reason=reason), reason
        assert how(ask, web, half, two, **PARTING) == NOT_THEIRS  # they do not lie together
        assert ask(web, half, two)
        web.rollback()
    assert not place.as_owner("SELECT 1 FROM registry_mergerequest WHERE child_id = %s", two.under)


def test_nobody_approves_alone_unread_twice_late_or_something_else(place: Place, two: Two) -> None:
    with place.connected() as web:
        first = compared(place, web, two)
        request = ask(web, first, two)
        assert request is not None
        web.commit()
        second, stranger_ = administrator(place), administrator(place, elsewhere=True)
        assert how(decide, web, first, two, request) == NOT_THEIRS
        assert how(decide, web, stranger_, two, request) == NOT_THEIRS
        assert how(decide, web, second, two, request) == NOT_THEIRS, "unread"
        assert all(compare(web, second, two))  # the request leads to them
        assert how(decide, web, second, Two(two.under, two.stays), request) == NOT_THEIRS
        assert how(decide, web, second, two, request, kind="merge.part_approved") == NOT_THEIRS
        for seen in (1, None):
            assert how(decide, web, second, two, request, seen=seen) is None, seen
        assert how(decide, web, second, two, request, reason="family_says") is None
        confirm(place, second, "7 minutes")
        assert how(decide, web, second, two, request) == NO_EVENT
        confirm(place, second)
        assert decide(web, second, two, request)
        web.rollback()
        assert do_approved() == 0
        assert ask(web, first, two) is None
        web.rollback()
        assert decide(web, second, two, request)
        web.commit()
        assert how(decide, web, second, two, request, seen=1, kind="merge.refused", reason="not_shown") is None
    assert do_approved() == 1
    assert lies_under(two.under) == two.stays
    assert do_approved() == 0


def test_who_says_that_records_were_put_together_puts_none(place: Place, two: Two) -> None:
    with place.connected() as web:
        for someone in (administrator(place), place.newcomer()):
            for kind in ("child.merged", "child.parted"):
                with pytest.raises(psycopg.Error) as refused, web.transaction():
                    record(web, someone, kind=kind, child_id=two.stays, fields=["merge.1"])
                assert refused.value.sqlstate == NOT_THEIRS, "the worker alone says so"
        practitioner = place.newcomer()
        with pytest.raises(psycopg.Error) as refused, web.transaction():
            record(web, practitioner, kind="merge.asked", child_id=two.stays, fields=[f"under.{two.under}"])
        assert refused.value.sqlstate == NOT_THEIRS
    assert do_approved() == 0


def test_a_record_that_lies_under_another_is_read_by_no_event_about_itself(place: Place, together: Two) -> None:
    with place.connected() as web:
        practitioner, decides = place.newcomer(), administrator(place)
        for actor, kind in (
            (practitioner, OPENED),
            (practitioner, {"kind": "child.shown"}),
            (practitioner, {"kind": "involvement.read"}),
            (decides, {"kind": "shield.read"}),
        ):
            assert read_child(web, actor, commit_event(web, actor, child_id=together.under, **kind)) is None, kind
            web.commit()
        show(web, decides, commit_event(web, decides, kind="identity.read", child_id=together.under))
        assert web.execute("SELECT registry_identity_who()").fetchall() == [(None,)]
        web.commit()
        show(web, practitioner, commit_event(web, practitioner, kind="child.recalled", shown=[together.under]))
        assert web.execute("SELECT * FROM registry_recalled()").fetchall() == []
        web.commit()
        told = read_child(web, practitioner, commit_event(web, practitioner, child_id=together.stays, **OPENED))
        assert told is not None
        assert [each["id"] for each in told["under"]] == [together.under]
        # And with the ticket of the one, the other is changed by no event about itself.
        keep(web, practitioner, together.stays)
        assert web.execute("SELECT DISTINCT child_id FROM registry_involvement ORDER BY 1").fetchall() == [
            (each,) for each in sorted((together.stays, together.under))
        ]
        web.rollback()
        event = commit_event(web, practitioner, kind="involvement.read", child_id=together.under)
        show(web, practitioner, event)
        record(web, practitioner, child_id=together.under, kind="involvement.corrected")
        assert web.execute("SELECT count(*) FROM registry_involvement").fetchall() == [(0,)]


def test_nothing_new_is_written_on_what_lies_under_another_and_nothing_moved(place: Place, together: Two) -> None:
    with place.connected() as web:
        practitioner = place.newcomer()
        keep(web, practitioner, together.stays)
        row = (
            "INSERT INTO registry_involvement (id, row_version, child_id, lead, details)"
            " SELECT nextval('registry_involvement_id_seq'), 1, %s, false, details FROM registry_involvement LIMIT 1"
        )
        assert isinstance(refusal(web, row, together.under), InsufficientPrivilege)
        moved = refusal(
            web,
            "UPDATE registry_involvement SET child_id = %s WHERE child_id = %s",
            together.stays,
            together.under,
        )
        assert moved.sqlstate == "42501"


def test_tokens_that_led_to_the_other_record_lead_to_the_one(place: Place, two: Two) -> None:
    tokens = place.tokens_of(two.under)
    with place.connected() as web:
        searcher = place.newcomer()
        assert two.under in find(web, searcher, commit_event(web, searcher, kind="child.searched"), tokens[:300])
        web.commit()
        put_together(place, two)
        left = place.tokens_of(two.under)
        assert len(set(tokens) & set(left)) < 5, "its own are in no index any more"
        found = find(web, searcher, commit_event(web, searcher, kind="child.searched"), [*tokens[:100], *left[:100]])
        assert two.under not in found
        assert two.stays in found


def test_a_protected_record_does_not_go_under_one_that_is_not(place: Place, two: Two) -> None:
    shield(place, two.under)
    turned = Two(two.under, two.stays)
    with place.connected() as web:
        actor = compared(place, web, two)
        for told in compare(web, actor, two):
            assert told is not None
            assert (told["shielded"], told["addresses"], told["numbers"], told["guardians"]) == (True, None, None, None)
            assert len(told["names"]) == 1
            assert not told.get("said_by")
        assert how(ask, web, actor, two) == NOT_THEIRS
        request = ask(web, actor, turned)
        web.commit()
        assert request is not None
        second = compared(place, web, turned)
        # Lifted and asked for at the other meanwhile: the approval is not of what was read.
        place.as_owner("DELETE FROM registry_shield WHERE child_id = %s", two.under)
        shield(place, two.stays)
        assert how(decide, web, second, turned, request) is None


def test_together_with_a_protected_record_nothing_opens(place: Place, two: Two) -> None:
    shield(place, two.stays)
    put_together(place, two)
    with place.connected() as web:
        practitioner = place.newcomer()
        for child, seen in ((two.stays, True), (two.under, False)):
            told = read_child(web, practitioner, commit_event(web, practitioner, child_id=child, **OPENED))
            assert (told is not None) == seen
            assert not told or (told["shielded"], told["addresses"], told["under"], len(told["names"])) == (
                True,
                None,
                None,
                1,
            )
            web.commit()
        keep(web, practitioner, two.stays)
        assert web.execute("SELECT count(*) FROM registry_involvement").fetchall() == [(0,)]


def test_no_new_identity_of_what_lies_together(place: Place, together: Two) -> None:
    with place.connected() as web:
        with pytest.raises(psycopg.Error) as refused:
            asked(web, looked(place, web, together.stays), together.stays)
        assert refused.value.sqlstate == NOT_THEIRS
        web.rollback()
        child = together.under
        actor = administrator(place)
        assert look_up(web, actor, child) == [(child, together.stays)]


def test_a_record_with_a_new_identity_is_compared_with_none(place: Place, two: Two) -> None:
    with place.connected() as web:
        asked(web, looked(place, web, two.under), two.under)
        actor = administrator(place)
        look_up(web, actor, two.stays)
        assert look_up(web, actor, two.under) == []
        assert compare(web, actor, two) == (None, None)
        assert how(ask, web, actor, two) == NOT_THEIRS


def test_a_record_goes_under_no_record_that_lies_under_another(place: Place, together: Two) -> None:
    with transaction.atomic(), as_owner_here():
        (third,) = factories.children(stranger(place.town))
    with place.connected() as web:
        actor = administrator(place)
        for child in (together.stays, together.under, third.pk):
            look_up(web, actor, child)
        for chain in (Two(third.pk, together.stays), Two(together.under, third.pk), Two(third.pk, together.under)):
            compare(web, actor, chain)
            # Even where the ticket of the record above shows the one below.
            opener = place.newcomer()
            show(web, opener, commit_event(web, opener, child_id=together.stays, **OPENED))
            assert how(ask, web, actor, chain) == NOT_THEIRS, chain
            web.rollback()
        assert ask(web, compared(place, web, Two(together.stays, third.pk)), Two(together.stays, third.pk))


def test_parting_takes_the_same_two_people(place: Place, together: Two) -> None:
    with place.connected() as web:
        first = compared(place, web, together)
        assert how(ask, web, first, together) == NOT_THEIRS  # they lie together
        request = ask(web, first, together, **PARTING)
        assert request is not None
        web.commit()
        approving = {"kind": "merge.part_approved", "reason": "two_children"}
        second = administrator(place)
        assert how(decide, web, first, together, request, **approving) == NOT_THEIRS
        assert how(decide, web, second, together, request, **approving) == NOT_THEIRS, "unread"
        compare(web, second, together)
        assert how(decide, web, second, together, request) == NOT_THEIRS, "another kind of approval"
        assert do_approved() == 0
        assert lies_under(together.under) == together.stays
        assert decide(web, second, together, request, **approving)
        web.commit()
    assert do_approved() == 1
    assert lies_under(together.under) is None
    with place.connected() as web:
        opener = place.newcomer()
        for child in (together.stays, together.under):
            told = read_child(web, opener, commit_event(web, opener, child_id=child, **OPENED))
            assert told is not None
            assert told["under"] is None
            web.commit()


def test_the_worker_writes_nothing_of_a_request_but_that_it_was_done(place: Place) -> None:
    with as_worker(), pytest.raises(DatabaseError, match="permission denied"):
        MergeRequest.objects.update(outcome="approved")
