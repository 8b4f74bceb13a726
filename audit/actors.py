"""Who did it: always an argument, never a global."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Colleague:
    """In whose name a mediator acts while the call `call_id` lasts, as ids."""

    call_id: int
    user_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as ids. `authority_id` is the local authority that answers for their organisation.

    `session_key` is the fingerprint of the session's key. Nobody can read it in the database, so that showing it
    proves that this person's browser asked. `colleague` is there during a mediated call, and named in each event.
    """

    user_id: int
    role: str
    organisation_id: int
    authority_id: int
    session_id: int
    request_id: UUID
    session_key: str = field(repr=False)
    colleague: Colleague | None = None

    @property
    def seeing_organisation_id(self) -> int:
        """The organisation by whose rights a record is seen: a mediator sees what their colleague may."""
        return self.colleague.organisation_id if self.colleague else self.organisation_id


@dataclass(frozen=True, slots=True)
class Process:
    """A named piece of software that acts by itself: a task, a command, the sign-in page before anyone is known.

    `organisation_id` and `authority_id` tell whose auditors should see it, where that is known. `token_key` is the
    fingerprint of the secret that was shown, the link of an invitation or the token of an organisation's software:
    nobody can read it in the database, so that showing it proves that its holder asked.
    """

    name: str
    request_id: UUID | None = None
    organisation_id: int | None = None
    authority_id: int | None = None
    token_key: str | None = field(default=None, repr=False)
