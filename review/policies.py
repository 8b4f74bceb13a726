"""What an auditor may read and work on."""

from access.rules import grants
from access.rules.errors import NotFoundError
from audit.actors import Actor
from audit.reading import reading
from audit.recorder import About
from review.selectors.alerts import RaisedOften, alert_of
from review.selectors.entries import LARGEST_ID


def authorities_of(actor: Actor) -> list[int]:
    """The authorities whose events the actor may read."""
    return grants.authorities_audited(actor.user_id)


def about_event(event_id: int) -> About:
    """That one event is read. Raises NotFoundError for a number that no event can have."""
    if event_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"event.{event_id}"])


def about_alert(alert_id: int) -> About:
    """That one alert is read or worked on. Raises NotFoundError for a number that no alert can have."""
    if alert_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"alert.{alert_id}"])


def alert_to_work_on(actor: Actor, alert_id: int) -> RaisedOften:
    """The alert, reading which is recorded. Raises NotFoundError outside the actor's authorities."""
    authorities = authorities_of(actor)
    with reading(actor, about_alert(alert_id)):
        alert = alert_of(authorities, alert_id)
    if alert is None:
        raise NotFoundError
    return alert
