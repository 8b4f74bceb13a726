"""Refusals. Each has an outcome for the log, a status, and words for the person."""

from collections.abc import Sequence

from access.rules.vetting import Lapse
from audit.events import Outcome


class RefusedError(Exception):
    """Base of all refusals. The edge records one after its transaction has gone, and shows a page."""

    outcome: Outcome
    status: int
    sentence = "You cannot do this."

    def __init__(self, *, child_id: int | None = None) -> None:
        super().__init__(self.outcome)
        self.child_id = child_id


class NotFoundError(RefusedError):
    """There is no such thing, or it is outside the actor's scope: the two look the same."""

    outcome = Outcome.NOT_FOUND
    status = 404


class NotPermittedError(RefusedError):
    """The actor may know of it but may not do this."""

    outcome = Outcome.NOT_PERMITTED
    status = 403
    sentence = "Your account is not allowed to do what you asked for."


class NotAdministeredError(NotFoundError):
    """The person or organisation is none of those that the actor administers."""

    sentence = "This is not one of the people or organisations that you look after."


class OwnCaseError(NotPermittedError):
    """The actor would decide about themselves, or about what they asked for. Somebody else must."""

    sentence = "Somebody else must decide this: nobody decides about themselves, nor about what they asked for."


class AloneError(OwnCaseError):
    """The actor would have the only part in letting somebody in: no other person asked, or recorded evidence since."""

    sentence = (
        "Two people must have a part in letting somebody in, and nobody but you has one here: nobody else asked for it "
        "or has recorded a check since. Another administrator records or renews one of the checks, and then you can."
    )


class WrongStateError(RefusedError):
    """The step does not lead on from where the person or thing stands now; the sentence says where that is."""

    outcome = Outcome.WRONG_STATE
    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class IncompleteError(RefusedError):
    """Something on the person's checklist is still missing: `missing` says what."""

    outcome = Outcome.NOT_VETTED
    status = 409
    sentence = "Something is still missing before this person can be let in."

    def __init__(self, missing: list[Lapse]) -> None:
        super().__init__()
        self.missing = missing


class EmailTakenError(RefusedError):
    """Somebody, somewhere in the service, has that e-mail address already. `emails`: which of those given."""

    outcome = Outcome.WRONG_STATE
    status = 409
    sentence = (
        "Somebody with this e-mail address is in the service already, or was once. Look for them under People. If they "
        "are not there, they belong to another organisation: they must leave it first, or use another address here."
    )

    def __init__(self, emails: Sequence[str]) -> None:
        super().__init__()
        self.emails = emails


class LinkError(RefusedError):
    """Base of what can be wrong with a link of an invitation that once was right."""

    outcome = Outcome.WRONG_STATE
    status = 410
    title: str


class LinkUsedError(LinkError):
    """Somebody accepted the invitation already."""

    title = "This link has been used"
    sentence = "If that was not you, tell the administrator who invited you at once. If it was you, sign in."


class LinkReplacedError(LinkError):
    """A newer one was asked for."""

    title = "A newer link was sent to you"
    sentence = (
        "Only the newest link works. Use the one in the newest e-mail. It may take some minutes to come, and may lie "
        "among junk mail. If there is none, ask the administrator who invited you to send another."
    )


class LinkExpiredError(LinkError):
    """The invitation was not accepted in time."""

    title = "This link has run out"
    sentence = "A link works for 14 days. Ask the administrator who invited you to send another."


class LinkWithdrawnError(LinkError):
    """The invitation was taken back."""

    title = "This invitation was taken back"
    sentence = (
        "If you still need to use the service, ask the administrator who invited you why, and to invite you again."
    )


class NotVettedError(RefusedError):
    """Something in the actor's vetting is missing or has lapsed."""

    outcome = Outcome.NOT_VETTED
    status = 403


class ColleagueStoppedError(RefusedError):
    """The colleague in whose name a mediator acts would not be let in themself, or not any more."""

    outcome = Outcome.NOT_VETTED
    status = 403


class OverBudgetRefusedError(RefusedError):
    """The actor has seen as many children as their role may within an hour or a day."""

    outcome = Outcome.OVER_BUDGET
    status = 429
