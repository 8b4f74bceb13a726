"""Invite a thousand people from a file."""

from access.models import Role
from access.people.actions.inviting import NewPerson, invite_each
from access.rules.errors import EmailTakenError
from access.software.actions.lists import look_at_invitations
from access.software.lists import invitations
from access.software.lists.spreadsheets import CellError, Row
from access.software.selectors import invited_in_words
from access.software.views.lists import NothingDoneError, PeopleList, checking, choosing
from audit.actors import Actor

TAKEN = "An address in your list was taken in the meantime. Nothing was sent. Choose the file again to see which."
SENT = "{} people were invited. Each has 14 days to follow the link in their e-mail."


def _look(actor: Actor, rows: list[Row]) -> tuple[list[NewPerson], list[CellError]]:
    checked = look_at_invitations(actor=actor, rows=rows)
    return checked.people, checked.errors


def _shown(actor: Actor, people: list[NewPerson]) -> dict[str, object]:
    return {"people": invited_in_words(actor, people)}


def _invite(actor: Actor, people: list[NewPerson]) -> str:
    try:
        invited = invite_each(actor=actor, people=people)
    except EmailTakenError:
        raise NothingDoneError(TAKEN) from None
    return SENT.format(len(invited))


INVITATIONS: PeopleList[list[NewPerson]] = PeopleList(
    name="invitations",
    choose="invite_list",
    check="check_invitations",
    choose_template="access/lists/invite.html",
    check_template="access/lists/invite_check.html",
    columns=invitations.COLUMNS,
    said={"roles": [role.label for role in Role]},
    contents=list[NewPerson],
    look=_look,
    shown=_shown,
    carry_out=_invite,
    nothing_waits=(
        "There was nothing left to send: it was sent before, you chose another file since, or you signed in again. "
        "Choose the file again to see who is not invited yet."
    ),
)

invite_list, check_invitations = choosing(INVITATIONS), checking(INVITATIONS)
