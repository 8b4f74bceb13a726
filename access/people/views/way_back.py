"""The way back from somebody's page: to the list that they were found in, as it stood."""

from django.http import HttpRequest
from django.urls import reverse

from pages import desk

_WAY = "way back from a person"


def remember(request: HttpRequest, text: str) -> None:
    """Have the pages of the people listed here lead back to this page, under that text."""
    way = [request.get_full_path(), text]
    if desk.look(request, _WAY) != way:
        desk.lay(request, _WAY, way)


def way_back(request: HttpRequest) -> tuple[str, str]:
    """Address and text of the list that was open last; all people if none was."""
    address, text = desk.look(request, _WAY) or (reverse("people"), "People")
    return address, text
