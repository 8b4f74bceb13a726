"""An administrator invites from a file, says who has left, and answers for everybody once a year."""

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User, UserState
from tests.browser import steps
from tests.browser.conftest import Enter, Join
from tests.browser.database import service_database
from tests.browser.people import COUNCIL, SOCIAL_CARE, Person


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def state_of(blocker: DjangoDbBlocker, person: Person) -> str:
    with service_database(blocker):
        return str(User.objects.get(pk=person.id).state)


def test_list_is_corrected_and_everybody_in_it_invited(enter: Enter) -> None:
    page = enter(Role.ADMINISTRATOR, COUNCIL)
    page.goto("/people/invite/list/")
    first = f"Ines Duarte;ines.duarte@example.org;Practitioner;{SOCIAL_CARE}"
    steps.choose_list(page, f"name;email;role;organisation\n{first}\nTom Wu;tom.wu;Practitioner;{SOCIAL_CARE}\n")
    expect(page.get_by_role("alert")).to_contain_text("1 line is wrong, of 2")
    row = page.get_by_role("row").filter(has_text="Tom Wu")
    expect(row).to_contain_text("Write it like name@example.com")

    steps.choose_list(
        page, f"name;email;role;organisation\n{first}\nTom Wu;tom.wu@example.org;Practitioner;{SOCIAL_CARE}\n"
    )
    heading(page, "Check whom you invite")
    expect(page.get_by_role("row").filter(has_text="Tom Wu")).to_contain_text("tom.wu@example.org")
    page.get_by_role("button", name="Invite 2 people").click()
    heading(page, "People")
    expect(page.get_by_role("main")).to_contain_text("2 people were invited")


def test_who_has_left_is_out_at_once(enter: Enter, page: Page, join: Join, django_db_blocker: DjangoDbBlocker) -> None:
    leaver = join(name="Lena Quist")
    steps.sign_in(page, leaver)
    administrator = enter(Role.ADMINISTRATOR, COUNCIL)
    administrator.goto("/people/leavers/")
    steps.choose_list(administrator, f"email\n{leaver.email}\n")
    heading(administrator, "Check who has left")
    expect(administrator.get_by_role("row").filter(has_text=leaver.name)).to_contain_text("Suspended")
    administrator.get_by_role("button", name="Stop access of 1 person").click()
    expect(administrator.get_by_role("main")).to_contain_text("1 suspended")

    page.goto("/")
    heading(page, "Sign in")
    assert state_of(django_db_blocker, leaver) == UserState.SUSPENDED


def test_employer_answers_for_everybody(enter: Enter, join: Join, django_db_blocker: DjangoDbBlocker) -> None:
    stays, leaves, forgotten = (join(works_for=SOCIAL_CARE, name=f"Aa {name}") for name in ("Amin", "Bell", "Cole"))
    page = enter(Role.ADMINISTRATOR, COUNCIL)
    page.goto("/people/confirm/")
    page.get_by_role("link", name=stays.organisation, exact=True).click()
    page.get_by_role("group", name=stays.name).get_by_label("Still practitioner").check()
    page.get_by_role("button", name="Check and finish").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("group", name=stays.name).get_by_label("Still practitioner")).to_be_checked()
    page.get_by_role("group", name=leaves.name).get_by_label("Has left").check()
    page.get_by_role("button", name="Check and finish").click()

    heading(page, "Check what you said")
    expect(page.get_by_role("main")).to_contain_text(leaves.name)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Saved: 1 keep access, 1 have left")
    assert state_of(django_db_blocker, leaves) == UserState.LEFT
    assert state_of(django_db_blocker, forgotten) == UserState.ACTIVE
