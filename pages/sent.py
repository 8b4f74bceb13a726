"""What a form sent, kept until its person may send it again, and filled into the same form then."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

MOST_KEPT = 8 * 1024  # characters; the session is sealed anew with every change


@dataclass(frozen=True, slots=True)
class Sent:
    """`path` it went to, and each name with its value, in order."""

    path: str
    answers: list[tuple[str, str]]

    def typed(self) -> QueryDict:
        """As a form takes it."""
        typed = QueryDict(mutable=True)
        for name, text in self.answers:
            typed.appendlist(name, text)
        return typed


def sent_in(request: HttpRequest) -> Sent | None:
    """What a POST sent, but for its forgery token. None where there is a file in it, or too much to keep."""
    answers = [(name, text) for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"]
    if request.FILES or sum(len(name) + len(text) for name, text in answers) > MOST_KEPT:
        return None
    return Sent(request.get_full_path(), answers)
