"""On what stage a dangerous step is tried, and what its form sends."""

from dataclasses import dataclass, field

from django.test import Client

from access.door.references import refer_to_organisation, refer_to_user
from access.models import Organisation, User
from audit.actors import Actor
from tests import factories
from tests.integration.access import lives
from tests.integration.access.lives import Council


@dataclass
class Stage:
    """A council, and the browser of its second administrator, who may also stop the service."""

    council: Council
    second: User
    browser: Client

    @property
    def actor(self) -> Actor:
        """The second administrator in the browser, whose references it can follow."""
        session = self.browser.session
        session.load()
        return Actor(
            user_id=self.second.pk,
            role=self.second.role,
            organisation_id=self.second.organisation_id,
            authority_id=self.council.authority.pk,
            session_id=session.row_id,
            request_id=factories.SETTING_UP_REQUEST,
            session_key=session.key_fingerprint,
        )

    def about(self, user: User) -> list[str]:
        return [refer_to_user(self.actor, user.pk)]

    def of(self, organisation: Organisation) -> list[str]:
        return [refer_to_organisation(self.actor, organisation.pk)]

    def seen(self, user: User) -> dict[str, str]:
        return {"seen": str(lives.again(user).standing)}


@dataclass(frozen=True)
class Sent:
    """What a form of the page sends, and what must be seen of it in the page afterwards."""

    place: list[str | int] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)


def ticked(name: str, answer: str) -> str:
    return f'name="{name}" type="radio" value="{answer}" checked'
