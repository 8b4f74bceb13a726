"""A step with what others asked for, on a page of its own: what it does, why where that matters, and the button.

Of shields, leave to see shielded children, connections and new identities alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.actions.steps import ChangedError
from registry.forms.choosing import StepForm

CHANGED = (
    "This is not as it was when you opened it: somebody took a step meanwhile, perhaps you in another tab, or it ended "
    "by itself. Nothing was changed now. See how it stands."
)
MOST_SHOWN = 100

Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class StepPage:
    """What a step's page says: heading, button, what happens, and the message afterwards.

    `act` is the action that takes it: it is told what the form's fields say, under their names, and the number of
    what it is a step with as `<of>_id`. `warning`: details show afterwards, or may; or it cannot be taken back.
    """

    title: str
    button: str
    words: str
    done: str
    act: Callable[..., None]
    form: type[StepForm] = StepForm
    of: str = "request"
    warning: bool = False


def taken(request: HttpRequest, told: StepPage, form: StepForm, number: int, **about: Any) -> bool:
    """Take the step, where the form was sent and is whole, and say what came of it. False where it is to be shown.

    What the action raises besides ChangedError is the page's to tell.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        told.act(**about, **{f"{told.of}_id": number}, **form.cleaned_data)
    except ChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, told.done)
    return True


def show_step(
    request: HttpRequest, page: str, told: StepPage, form: StepForm, *, steps: int, **context: Any
) -> HttpResponse:
    """The page, whose form says how many steps it knew of."""
    form.initial = {"seen": steps}
    return render(request, page, {"told": told, "form": form, **context})
