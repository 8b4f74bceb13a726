"""A list of people that comes as a file: choose it, see every error in its place, check whom it names, press once.

One way for every such list. Nothing is done before the press, and then only what the last page showed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from access.software.forms import ListForm
from access.software.lists.spreadsheets import CellError, Row, SheetError, read
from audit.actors import Actor
from pages import pending

Contents = TypeVar("Contents")
View = Callable[[HttpRequest], HttpResponse]


class NothingDoneError(Exception):
    """What was checked can no longer be done, so nothing was. Its text says so and what to do."""


@dataclass(frozen=True, slots=True)
class PeopleList(Generic[Contents]):
    """What differs between one list and another.

    `name`: under which it waits in the session. `choose`, `check`: names of its two routes. `look`: what a file says,
    or what is wrong in it. `shown`: what the page shows that asks for the press. `carry_out`: does it and returns a
    sentence that says what came of it; raises NothingDoneError. `said`: what else the first page needs.
    """

    name: str
    choose: str
    check: str
    choose_template: str
    check_template: str
    columns: tuple[str, ...]
    contents: Any  # the type of what waits
    look: Callable[[Actor, list[Row]], tuple[Contents, list[CellError]]]
    shown: Callable[[Actor, Contents], dict[str, object]]
    carry_out: Callable[[Actor, Contents], str]
    nothing_waits: str
    said: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line with something wrong in it: each column, what stands there, and what is wrong with that."""

    line: int
    cells: list[tuple[str, str, str]]


def choosing(one: PeopleList[Contents]) -> View:
    """The page on which the file is chosen, and on which every error in it is shown."""

    @requires(Permission.FEED_KEEP)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest) -> HttpResponse:
        form = ListForm(request)
        rows = _rows_of(form, one.columns)
        wrong: list[WrongLine] = []
        if rows:
            contents, errors = one.look(actor_of(request), rows)
            if not errors:
                pending.keep(request, one.name, contents)
                return redirect(one.check)
            wrong = _wrong_lines(rows, errors)
        context = {"form": form, "columns": one.columns, "wrong": wrong, "lines": len(rows), **one.said}
        return render(request, one.choose_template, context)

    return page


def checking(one: PeopleList[Contents]) -> View:
    """The page that shows whom the file names, and whose button does it."""

    @requires(Permission.FEED_KEEP)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest) -> HttpResponse:
        pressed = request.method == "POST"
        contents = (
            pending.take(request, one.name, one.contents, request.POST.get("key", ""))
            if pressed
            else pending.kept(request, one.name, one.contents)
        )
        if contents is None:
            messages.info(request, one.nothing_waits)
            return redirect(one.choose)
        if pressed:
            return _carry_out(request, one, contents)
        context = {"key": pending.key(request, one.name), **one.shown(actor_of(request), contents)}
        return render(request, one.check_template, context)

    return page


def _carry_out(request: HttpRequest, one: PeopleList[Contents], contents: Contents) -> HttpResponse:
    try:
        done = one.carry_out(actor_of(request), contents)
    except NothingDoneError as why:
        messages.error(request, str(why))
        return redirect(one.choose)
    messages.success(request, done)
    return redirect("people")


def _rows_of(form: ListForm, columns: tuple[str, ...]) -> list[Row]:
    """The rows of the file that was sent; none where it cannot be read as a whole, which the form then says."""
    if not form.is_bound or not form.is_valid():
        return []
    try:
        return read(form.contents(), columns)
    except SheetError as problem:
        form.add_error("list", str(problem))
        return []


def _wrong_lines(rows: Iterable[Row], errors: Iterable[CellError]) -> list[WrongLine]:
    """The lines that have errors, as they came and with their errors."""
    by_cell: dict[tuple[int, str], str] = {}
    for error in errors:
        by_cell.setdefault((error.line, error.column), error.what)
    wrong = {line for line, _ in by_cell}
    return [
        WrongLine(row.line, [(name, text, by_cell.get((row.line, name), "")) for name, text in row.cells.items()])
        for row in rows
        if row.line in wrong
    ]
