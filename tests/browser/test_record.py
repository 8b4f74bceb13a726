"""Reading a record: who works with the child, whom to ring, what is withheld, what is printed."""

import re
from datetime import datetime

from playwright.sync_api import Page, expect

from registry.vocabulary import SENSITIVE_SERVICES
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.people import MENTAL_HEALTH

DISPLAY = "each => getComputedStyle(each).display"
NOTHING_STANDS_OUT = """card => {
    const edge = card.getBoundingClientRect().right
    return [...card.querySelectorAll('a')].every(each => each.getBoundingClientRect().right <= edge)
}"""
MOBILE = {"width": 390, "height": 800}


def test_record_says_who_works_with_the_child_newest_first_and_how_to_ring_them(
    enter: Enter, children: Children, organisation_names: dict[str, str]
) -> None:
    known = children.busy()
    page = enter()
    steps.open_record(page, known)
    cards = page.locator("main .cards").first.get_by_role("listitem")
    begun = [re.sub("^Since ", "", text) for text in cards.locator(".card__since").all_inner_texts()]
    days = [datetime.strptime(text, "%d %B %Y").date() for text in begun]  # noqa: DTZ007 - a day, no moment
    assert len(days) > 2
    assert days == sorted(days, reverse=True)
    for each in known.current:
        if each.service not in SENSITIVE_SERVICES:
            card = cards.filter(has_text=each.practitioner).filter(has_text=each.service.label)
            expect(card).to_contain_text(organisation_names[each.organisation])
            assert steps.dialled_by(card) == each.telephone.replace(" ", "").replace("0", "+44", 1)
            expect(card).to_contain_text(re.compile("Local authority, confirmed "))


def test_record_names_the_lead_professional_before_everybody_else(enter: Enter, children: Children) -> None:
    known = children.busy()
    assert known.lead
    page = enter()
    steps.open_record(page, known)
    line = page.get_by_role("main").get_by_text("Lead professional:").locator("xpath=..")
    expect(line).to_contain_text(known.lead.practitioner)
    expect(line.get_by_role("link")).to_have_attribute("href", re.compile(r"^tel:\+44"))
    expect(steps.card_of(page, "Lead professional")).to_contain_text(known.lead.practitioner)


def test_record_says_that_a_sensitive_service_is_involved_and_no_more(
    enter: Enter, children: Children, organisation_names: dict[str, str]
) -> None:
    known = children.busy()
    page = enter()
    steps.open_record(page, known)
    expect(page.get_by_role("heading", name="A sensitive service is involved")).to_be_visible()
    for each in known.child.involvements:
        if each.service in SENSITIVE_SERVICES:
            for text in (each.service.label, organisation_names[each.organisation], each.practitioner):
                expect(page.locator("body")).not_to_contain_text(text)


def test_ended_involvements_are_folded_away_until_asked_for(enter: Enter, children: Children) -> None:
    known = children.busy()
    shown = [each for each in known.ended if each.service not in SENSITIVE_SERVICES]
    page = enter()
    steps.open_record(page, known)
    expect(page.get_by_text("Ended", exact=True).first).to_be_hidden()
    page.get_by_text(re.compile(rf"^\s*{len(shown)} ended\s*$")).click()
    for each in shown:
        period = f"{each.started_on:%-d %B %Y} to {each.ended_on:%-d %B %Y}"
        expect(steps.card_of(page, period).filter(has_text=each.practitioner)).to_be_visible()


def test_record_shows_home_parents_and_numbers_with_who_said_so(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    steps.open_record(page, known)
    main = page.get_by_role("main")
    number = known.child.nhs_number
    expect(main).to_contain_text(f"{number[:3]} {number[3:6]} {number[6:]}")
    for guardian in known.household.guardians:
        card = steps.card_of(page, f"{guardian.given} {guardian.family}").first
        expect(card).to_contain_text(re.compile("Child benefit, confirmed "))
    expect(main).to_contain_text(re.compile("Your reason: I have a concern"))
    expect(main).to_contain_text("This view was recorded on")


def test_extension_is_shown_and_rung_on_a_telephone_too(enter: Enter, children: Children) -> None:
    page = enter(viewport=MOBILE)
    record = steps.open_record(page, children.one(is_quiet))
    steps.record_involvement(
        page,
        service="Early help",
        practitioner="Priya Nair",
        telephone="0161 496 0123 ext 12345",
        started_on="2025-09-01",
        lead="No",
    )
    steps.save(page)
    page.goto(record)
    card = steps.card_of(page, "Priya Nair")
    expect(card).to_contain_text("0161 496 0123, extension 12345")
    assert steps.dialled_by(card) == "+441614960123;ext=12345"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    for viewport in (MOBILE, {"width": 1280, "height": 900}):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert card.evaluate(NOTHING_STANDS_OUT)


def test_telephone_number_can_be_pressed_on_a_telephone(enter: Enter, children: Children) -> None:
    known = children.busy()
    page = enter(viewport=MOBILE)
    steps.open_record(page, known)
    for link in page.locator('main .card a[href^="tel:"]:visible').all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 24, "smaller than a finger: WCAG 2.2, target size"


def test_paper_shows_the_facts_and_who_printed_them_and_nothing_to_press(
    page: Page, join: Join, children: Children
) -> None:
    known = children.busy()
    priya = join()
    steps.sign_in(page, priya)
    steps.open_record(page, known)
    page.emulate_media(media="print")
    printed = page.get_by_text(f"Printed by {priya.name}, {priya.organisation}, from the page shown on")
    expect(printed).to_be_visible()
    expect(printed).to_contain_text("Reason: I have a concern about this child")
    assert printed.evaluate(DISPLAY) == "table-header-group", "browsers print that on each sheet"
    expect(page.locator(".paper-mark")).to_have_text(re.compile(f"{priya.name}\\s+{priya.organisation}"))
    assert page.locator(".paper-mark").evaluate("each => getComputedStyle(each).position") == "fixed", "so do they this"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Every search and every record you open is recorded.")).to_be_visible()
    for hidden in (page.get_by_role("button"), page.get_by_role("navigation"), page.get_by_role("banner")):
        expect(hidden.locator("visible=true")).to_have_count(0)
    expect(page.locator('a:visible:not([href^="tel:"])')).to_have_count(0)
    ended = [each.practitioner for each in known.ended]
    assert ended
    for folded in page.locator("details .card").all():
        expect(folded).to_be_hidden()


def test_button_prints(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.get_by_role("button", name="Print this page").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    expect(page.get_by_text("use the print command of your browser")).to_be_hidden()
    expect(page.get_by_text("Printed by")).to_be_hidden()


def test_sensitive_service_sees_its_own_involvement_and_enters_it_with_its_ground(
    enter: Enter, children: Children
) -> None:
    known = children.one(is_quiet)
    page = enter(works_for=MENTAL_HEALTH)
    record = steps.open_record(page, known)
    steps.record_involvement(
        page,
        practitioner="Daniel Roe",
        telephone="0161 496 0123",
        started_on="2025-09-01",
        lead="No",
        sensitive=True,
    )
    expect(page.get_by_role("main")).to_contain_text(steps.HARM)
    steps.save(page)
    page.goto(record)
    expect(steps.card_of(page, "Daniel Roe")).to_contain_text("Mental health")


def test_closed_record_asks_for_a_reason_per_child(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.one(is_quiet))
    steps.find(page, children.busy()).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why do you need to open this record?")
