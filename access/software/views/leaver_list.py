"""Say who has left, from a file: each of them is suspended at once."""

from access.software.actions.leavers import Received, receive_leavers
from access.software.actions.lists import look_at_leavers, read_leavers
from access.software.lists import leavers
from access.software.lists.spreadsheets import CellError, Row
from access.software.views.lists import PeopleList, checking, choosing
from audit.actors import Actor


def _look(actor: Actor, rows: list[Row]) -> tuple[list[int], list[CellError]]:
    checked = look_at_leavers(actor=actor, rows=rows)
    return [person.pk for person in checked.people], checked.errors


def _shown(actor: Actor, user_ids: list[int]) -> dict[str, object]:
    people = read_leavers(actor=actor, user_ids=user_ids)
    return {"people": people, "to_stop": sum(1 for one in people if one.happens)}


def _suspend(actor: Actor, user_ids: list[int]) -> str:
    return _in_words(receive_leavers(actor=actor, user_ids=user_ids))


def _in_words(received: Received) -> str:
    """What became of the list, for whoever sent it."""
    parts = [f"{received.suspended} suspended"]
    if received.withdrawn:
        parts.append(f"{received.withdrawn} invitations withdrawn")
    if received.already:
        parts.append(f"{received.already} were out already")
    return f"Done: {', '.join(parts)}. An administrator decides about those who are suspended."


LEAVERS: PeopleList[list[int]] = PeopleList(
    name="leavers",
    choose="leaver_list",
    check="check_leavers",
    choose_template="access/lists/leavers.html",
    check_template="access/lists/leavers_check.html",
    columns=leavers.COLUMNS,
    contents=list[int],
    look=_look,
    shown=_shown,
    carry_out=_suspend,
    nothing_waits=(
        "There was nothing left to do: it was done before, you chose another file since, or you signed in again. "
        "Choose the file again to see who still has access."
    ),
)

leaver_list, check_leavers = choosing(LEAVERS), checking(LEAVERS)
