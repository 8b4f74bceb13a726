"""The log by organisation and by reason."""

from django.test import Client

from access.models import Organisation, User
from audit.events import EventKind
from audit.reasons import Mistake
from audit.recorder import About
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.reading import LOG, asked, ids, opened, recorded, text_of


def test_filter_by_organisation_finds_what_its_people_did(
    visitor: Client, teacher: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.user(works_for=factories.organisation(authority=council))
    wanted, other = opened(teacher), opened(elsewhere)

    found = ids(asked(visitor, organisation=teacher.organisation.directory_code, apart="on"))

    assert wanted in found
    assert other not in found


def test_organisation_is_chosen_where_several_fit(
    visitor: Client, teacher: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.user(works_for=factories.organisation(authority=council))
    wanted, other = opened(teacher), opened(elsewhere)

    several = visitor.post(LOG, {"organisation": "Sale"})

    assert "Select which organisation you mean" in text_of(several)
    assert ids(several) == []
    chosen = {"organisation": "Sale", "organisation_among": "Sale", "organisation_pick": teacher.organisation_id}
    found = ids(asked(visitor, apart="on", **chosen))
    assert wanted in found
    assert other not in found


def test_organisation_of_others_looks_as_one_that_is_not_there(visitor: Client, stranger: User) -> None:
    theirs = visitor.post(LOG, {"organisation": stranger.organisation.directory_code})
    nobodys = visitor.post(LOG, {"organisation": "school-of-nobody"})

    for page in (theirs, nobodys):
        assert "No organisation of your authorities fits" in text_of(page)
        assert ids(page) == []


def test_filter_by_reason(visitor: Client, teacher: User) -> None:
    wanted, other = opened(teacher, reason="s11"), opened(teacher, child_id=9, reason="s47")

    assert ids(asked(visitor, reason="s11")) == [wanted]
    assert other in ids(asked(visitor, reason="s47"))


def test_filter_by_a_reason_that_few_give(visitor: Client, teacher: User) -> None:
    about = About(child_id=4711, reason=Mistake.TWICE)
    wanted = recorded(EventKind.INVOLVEMENT_WITHDRAWN, about, actor=factories.actor_for(teacher))
    opened(teacher)

    assert ids(asked(visitor, reason=Mistake.TWICE.value)) == [wanted]


def test_filters_narrow_together(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher, reason="s11")
    opened(teacher, child_id=9, reason="s47")
    of_school = {"organisation": teacher.organisation.directory_code, "person": teacher.email.open()}

    assert ids(asked(visitor, reason="s11", **of_school)) == [wanted]
    assert ids(asked(visitor, reason="s10", **of_school)) == []


def test_reason_that_is_none_is_said_to_be(visitor: Client, teacher: User) -> None:
    opened(teacher)
    page = visitor.post(LOG, {"reason": "x' or true --", "organisation": "y" * 300})
    assert "Choose the reason from the list" in text_of(page)
    assert "Enter at most 150 characters" in text_of(page)
    assert ids(page) == []


def test_what_is_asked_is_kept_in_the_form(visitor: Client, teacher: User) -> None:
    opened(teacher)
    page = asked(visitor, organisation=teacher.organisation.directory_code, reason="s47").content.decode()
    assert f'value="{teacher.organisation.directory_code}"' in page
    assert '<option value="s47" selected' in page
