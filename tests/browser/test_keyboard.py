"""Searching and giving a reason with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter

MOST_STEPS = 40
HAS_RING = """element => {
    const style = getComputedStyle(element)
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, which can be seen at every step."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        assert here.evaluate(HAS_RING) or here.locator("+ label").count(), here.evaluate("e => e.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard never gets there")


def test_child_is_searched_for_and_opened_with_the_keyboard(enter: Enter, children: Children) -> None:
    known = children.one(is_quiet)
    page = enter()
    page.goto("/search/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Given name"))
    page.keyboard.type(known.given)
    tab_to(page, page.get_by_label("Family name"))
    page.keyboard.type(known.family)
    for part in ("day", "month", "year"):
        tab_to(page, page.get_by_label(part.capitalize(), exact=True))
        page.keyboard.type(str(getattr(known.born, part)))
    page.keyboard.press("Enter")
    link = steps.row_of(page, known).get_by_role("link")
    expect(link).to_be_visible()
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Why do you need to open this record?")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Open the record"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(known.name)


def test_ended_involvements_unfold_with_the_keyboard(enter: Enter, children: Children) -> None:
    page = enter()
    steps.open_record(page, children.busy())
    fold = page.locator("summary").filter(has_text="ended")
    tab_to(page, fold)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ended", exact=True).first).to_be_visible()
