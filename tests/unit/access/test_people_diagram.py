"""The page about people's life in the service is the one that the table makes."""

from pathlib import Path

from access.management.commands.people_diagram import page

WRITTEN = Path(__file__).parent.parent.parent.parent / "docs" / "people.md"


def test_the_page_is_what_the_table_says() -> None:
    assert WRITTEN.read_text() == page(), "manage.py people_diagram > docs/people.md mends it"
