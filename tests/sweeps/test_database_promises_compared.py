"""Records that are compared, to an insider with the web role's own login and live sessions: with another, no more than
the budget lets them, and what is charged to it reads nothing else of a child; with a row, nothing that a shield hides.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from feeds.models import Agreement, Batch, BatchState, Match, Supplier
from feeds.rows import Row, RowName
from registry.models import Child
from registry.vocabulary import Source
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, stranger
from tests.sweeps.attacking import OVER_BUDGET, Place, Web, commit_event, forged, placed, record, refusal, show
from tests.sweeps.merging import Two, compared, put_together, read
from tests.sweeps.severing import NO_EVENT, administrator, how


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def two(place: Place) -> Two:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town), stranger(place.town))
    return Two(*(int(each.pk) for each in made))


def _say(web: Web, actor: Actor, two: Two) -> int:
    return record(web, actor, kind="merge.read", child_id=two.stays, fields=[f"beside.{two.under}"])


def test_nobody_compares_more_records_than_a_practitioner_opens(place: Place, two: Two) -> None:
    with place.connected() as web:
        actor = compared(place, web, two)
        used = "SELECT measure, used FROM access_usage WHERE user_id = %s"
        assert place.as_owner(used, actor.user_id) == [("compared", 2)]
        limits = "SELECT hourly, daily FROM access_budget WHERE measure = %s AND role = %s"
        of_others = place.as_owner(limits, "records", "practitioner")
        assert place.as_owner(limits, "compared", "administrator") == of_others
        ((hourly, _daily),) = of_others
        place.as_owner("UPDATE access_usage SET used = %s WHERE user_id = %s", hourly - 1, actor.user_id)
        assert read(web, actor, two.stays, two.under)
        # It says so before the event is there: what nobody was shown does not count as compared.
        assert how(_say, web, actor, two) == OVER_BUDGET
        assert how(read, web, actor, two.under, two.stays) == OVER_BUDGET


def test_the_budget_of_comparisons_reads_nothing_else_of_a_child(place: Place, two: Two) -> None:
    with place.connected() as web:
        actor = compared(place, web, two)
        for claims, error in (
            ({"kind": "child.shown", "child_id": two.stays}, OVER_BUDGET),
            ({"kind": "child.opened", "child_id": two.stays, "reason": "s11"}, OVER_BUDGET),
            ({"kind": "child.searched"}, OVER_BUDGET),
            ({"kind": "child.listed", "shown": [two.stays]}, OVER_BUDGET),
            ({"kind": "child.recalled", "shown": [two.stays]}, OVER_BUDGET),
            ({"kind": "involvement.read", "child_id": two.stays}, NO_EVENT),
        ):
            refused = refusal(web, "SELECT audit_record(%s, %s)", actor.session_key, forged(actor, **claims))
            assert refused.sqlstate == error, claims
        event = _say(web, actor, two)
        web.commit()
        assert refusal(web, "SELECT registry_read(%s, %s)", event, actor.session_key).sqlstate == NO_EVENT
        show(web, actor, event)
        assert refusal(web, "SELECT registry_unplaced_who()").sqlstate == NO_EVENT


def doubted(place: Place, child: int) -> int:
    """A row of which nobody knows whether it is about that child, and who decides is of the town's authority."""
    with transaction.atomic(), as_worker():
        feed = Supplier.objects.create(organisation=place.town.authority, source=Source.SCHOOL_CENSUS, format="table")
        batch = Batch.objects.create(
            supplier=feed, checksum=b"compared".rjust(16), size=10, state=BatchState.DONE, received_at=timezone.now()
        )
        made = Match.objects.create(
            batch=batch,
            place=1,
            child=Child.objects.get(pk=child),
            authority=place.town.authority,
            code="unsure",
            agreement=Agreement(9.5, ()),
            said=Row(line=2, key="1", name=RowName("Amina", "Malik"), date_of_birth=BORN),
        )
    return int(made.pk)


def test_a_row_is_held_against_no_more_than_the_shield_of_either_record_leaves(place: Place, two: Two) -> None:
    """The worker gives the one a shield of its own, some seconds later."""
    put_together(place, two)
    which = doubted(place, two.stays)
    told = []
    with place.connected() as web:
        actor = administrator(place)
        for shielded in (False, True):
            if shielded:
                # The owner's functions see no record that lies under another: by ids alone.
                place.as_owner(
                    "INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps)"
                    " VALUES (%s, %s, current_date, current_date + 100, '', 0)",
                    two.under,
                    place.town.authority.pk,
                )
            seen = {"kind": "match.read", "child_id": two.stays, "fields": [f"match.{which}"]}
            show(web, actor, commit_event(web, actor, **seen))
            ((each,),) = web.execute("SELECT feeds_match_child()").fetchall()
            web.commit()
            told.append(each)
    before, after = told
    assert (before["shielded"], after["shielded"]) == (False, True)
    assert before["addresses"]
    assert before["involvements"] is None
    assert [after[each] for each in ("addresses", "numbers", "guardians", "involvements")] == [None] * 4
    assert {each["kind"] for each in after["names"]} == {"legal"}
