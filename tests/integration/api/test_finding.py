"""Searching and opening through the API."""

from tests.integration.api.asking import Asking, told


def test_child_is_found_and_opened(teacher: Asking) -> None:
    found = told(teacher.find())
    assert [each["name"] for each in found["matches"]] == ["Amina Hussain"]
    record = teacher.opened(found["matches"][0]["child"])
    assert record["name"] == "Amina Hussain"
