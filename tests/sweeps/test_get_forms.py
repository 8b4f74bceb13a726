"""What a form sends by GET stands in the page's address: in histories, bookmarks, logs of servers between. Nothing that
somebody types freely does, since a name or an e-mail address is typed there, if only by mistake.

Such a form posts, and the page lays what was typed on the sealed desk (pages.desk).
"""

import re
from pathlib import Path

import pytest
from django import forms

from pages.chooser import ChooserField
from review.forms import ConsistencyForm, MonthForm

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FORM = re.compile(r"<form\b[^>]*>")
POSTS = re.compile(r'\bmethod="(post|dialog)"')

# The form of each template that has one which is sent by GET.
SENT_BY_GET: dict[str, type[forms.Form]] = {
    "components/charts.html": MonthForm,
    "review/checkpoints.html": ConsistencyForm,
}


def templates_that_send_by_get() -> set[str]:
    """Those with a form that does not post: GET is what a browser does where nothing is said."""
    found = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        if any(not POSTS.search(form) for form in FORM.findall(path.read_text())):
            found.add(str(path.relative_to(TEMPLATES)))
    return found


def typed_freely(form: type[forms.Form]) -> list[str]:
    """The boxes into which anything can be typed."""
    free = (forms.CharField, ChooserField)
    return [
        name
        for name, box in form.base_fields.items()
        if isinstance(box, free) and not isinstance(box.widget, forms.HiddenInput)
    ]


def test_every_form_that_is_sent_by_get_is_known() -> None:
    assert templates_that_send_by_get() == set(SENT_BY_GET)


@pytest.mark.parametrize("template", sorted(SENT_BY_GET))
def test_nothing_typed_freely_stands_in_an_address(template: str) -> None:
    assert typed_freely(SENT_BY_GET[template]) == []
