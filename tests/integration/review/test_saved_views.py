"""Views of the log that an auditor keeps: named by what is chosen, without a person or a record, and their own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import User
from review.models import SavedView
from review.selectors.saved_views import MOST_KEPT
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.review.reading import LOG, ids, opened, text_of


def kept_by(visitor: Client, period: str = "all", **answers: object) -> None:
    """Filter the log so, and keep that."""
    address = visitor.post(LOG, answers).url
    assert visitor.post(f"{address}save/", {"period": period}).status_code == 302


def views() -> list[SavedView]:
    with as_owner_here():
        return list(SavedView.objects.order_by("pk"))


def test_view_is_named_by_what_is_chosen_and_leads_back_to_it(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher, reason="s11")
    opened(teacher, child_id=9, reason="s47")
    school = teacher.organisation

    kept_by(visitor, "7", kind="child.opened", reason="s11", organisation=school.directory_code, apart="on")

    log = visitor.get(LOG)
    assert f"2004, section 11), {school.name}, the last 7 days, each event by itself" in text_of(log)
    (view,) = views()
    shown = visitor.get(reverse("saved_view", args=[view.pk]), follow=True)
    assert ids(shown) == [wanted]
    since = timezone.localdate() - timedelta(days=6)
    assert f'name="since_day" type="text" value="{since.day}"' in shown.content.decode()


def test_view_keeps_no_person_and_no_record(visitor: Client, teacher: User) -> None:
    opened(teacher)
    address = visitor.post(LOG, {"person": teacher.email.open(), "record": "(4711)", "kind": "child.opened"}).url
    page = visitor.get(f"{address}save/")
    assert "A view keeps no person and no record" in text_of(page)
    visitor.post(f"{address}save/", {"period": "30"})
    with as_owner_here():
        (told,) = SavedView.objects.values()
    assert not {4711, teacher.pk, teacher.email.open()} & ({*told.values()} - {told["id"], told["user_id"], 30})


def test_same_view_is_kept_once(visitor: Client) -> None:
    for _ in range(2):
        kept_by(visitor, kind="child.opened")
    assert len(views()) == 1


def test_of_which_days_is_asked(visitor: Client) -> None:
    address = visitor.post(LOG, {"kind": "child.opened"}).url
    assert "Choose of which days the view is" in text_of(visitor.post(f"{address}save/", {}))
    assert "Choose from the list of which days" in text_of(visitor.post(f"{address}save/", {"period": "8"}))
    assert views() == []


def test_what_is_not_kept_any_more_is_said_to_be(visitor: Client) -> None:
    page = visitor.get(reverse("save_view", args=[uuid4()]), follow=True)
    assert "What you had chosen is not kept any more" in text_of(page)
    gone = visitor.get(reverse("saved_view", args=[4711]), follow=True)
    assert "You do not keep that view any more." in text_of(gone)


def test_there_are_not_too_many(visitor: Client, auditor: User) -> None:
    rest = {"readings": False, "alerts": False, "apart": False}
    with as_owner_here():
        SavedView.objects.bulk_create(SavedView(user=auditor, days=days, **rest) for days in range(MOST_KEPT))
    address = visitor.post(LOG, {"kind": "child.opened"}).url
    page = visitor.post(f"{address}save/", {"period": "all"})
    assert f"You keep {MOST_KEPT} views" in text_of(page)
    assert len(views()) == MOST_KEPT


def test_removed_view_is_gone_and_removing_it_again_does_no_harm(visitor: Client) -> None:
    kept_by(visitor, kind="child.opened")
    (view,) = views()
    for _ in range(2):
        page = visitor.post(reverse("remove_view", args=[view.pk]), follow=True)
        assert "The view is not kept any more." in text_of(page)
    assert views() == []


def test_view_of_an_organisation_that_is_of_another_authority_now(
    visitor: Client, teacher: User, stranger: User
) -> None:
    kept_by(visitor, organisation=teacher.organisation.directory_code)
    (view,) = views()
    with as_owner_here():
        type(teacher.organisation).objects.filter(pk=teacher.organisation_id).update(
            responsible_authority=stranger.organisation.responsible_authority
        )
    assert "You do not keep that view" in text_of(visitor.get(reverse("saved_view", args=[view.pk]), follow=True))


def test_nobody_reaches_the_views_of_another(visitor: Client, colleague: User) -> None:
    kept_by(visitor, kind="child.opened")
    (view,) = views()
    other = factories.signed_in(colleague)
    assert "Record opened" not in text_of(other.get(reverse("saved_views")))
    assert "You do not keep that view" in text_of(other.get(reverse("saved_view", args=[view.pk]), follow=True))
    other.post(reverse("remove_view", args=[view.pk]))
    assert len(views()) == 1


def test_database_shows_and_takes_ones_own_alone(visitor: Client, auditor: User, colleague: User) -> None:
    """As the web role, whatever its code asks."""
    kept_by(visitor, kind="child.opened")
    factories.show(factories.actor_for(colleague))
    assert list(SavedView.objects.all()) == []
    assert SavedView.objects.all().delete()[0] == 0
    rest = {"readings": False, "alerts": False, "apart": False}
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        SavedView.objects.create(user=auditor, **rest)
    with pytest.raises(DatabaseError, match="review_savedview_holds_codes"), transaction.atomic():
        SavedView.objects.create(user=colleague, kind="Amelia Okafor", **rest)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE review_savedview SET kind = 'child.opened'")
    assert len(views()) == 1
