"""One's own history as AuditEvent: the twin of registry/views/history.py."""

from collections.abc import Iterator, Mapping

from access.people.actions.history import NEWEST, Doing, HistoryPage
from api.fhir import words
from api.fhir.ids import id_for
from api.fhir.words import Told, coding, extension, known
from audit.actors import Actor
from audit.events import LISTS_OF_RECORDS, Outcome
from audit.reasons import reason_label

SOURCE = "Contact point"
SIGN_IN_PAGE = "Somebody at the sign-in page"
DONE, NOT_DONE = "0", "4"  # as FHIR has it: done; a minor failure, after which it can be tried again


def bundle(page: HistoryPage, actor: Actor, before: int) -> Told:
    """A page of them, newest first: those before that event, and where those before them are."""
    here = words.address_of("AuditEvent")
    own = here if before == NEWEST else f"{here}?before={before}"
    following = [{"relation": "next", "url": f"{here}?before={page.next}"}] if page.next else []
    return known(
        resourceType="Bundle",
        type="searchset",
        link=[{"relation": "self", "url": own}, *following],
        entry=[
            {
                "fullUrl": f"{here}/{each.id}",
                "resource": _event(each, actor, page.names),
                "search": {"mode": "match"},
            }
            for each in page.doings
        ],
    )


def _event(doing: Doing, actor: Actor, names: Mapping[int, str]) -> Told:
    done = doing.outcome == Outcome.DONE
    return known(
        resourceType="AuditEvent",
        id=str(doing.id),
        extension=[extension("in-a-system", valueBoolean=True)] if doing.in_system else [],
        type=coding("event", doing.kind),
        recorded=doing.at.isoformat(),
        outcome=DONE if done else NOT_DONE,
        outcomeDesc="" if done else str(doing.outcome.label),
        purposeOfEvent=[_reason(doing.reason)] if doing.reason else [],
        agent=list(_agents(doing, names)),
        source={"observer": {"display": SOURCE}},
        entity=list(_entities(doing, actor)),
    )


def _reason(code: str) -> Told:
    told = {"system": words.address_of("CodeSystem/reason"), "code": code, "display": reason_label(code)}
    return {"coding": [told], "text": reason_label(code)}


def _agents(doing: Doing, names: Mapping[int, str]) -> Iterator[Told]:
    """Who did it, and in whose name, where that is somebody else."""
    who = SIGN_IN_PAGE if doing.actor_id is None else names[doing.actor_id]
    yield {"who": {"display": who}, "requestor": True}
    if doing.user_id not in (None, doing.actor_id):
        yield {"who": {"display": names[doing.user_id]}, "requestor": False}


def _entities(doing: Doing, actor: Actor) -> Iterator[Told]:
    """The record, where there was one to see; of a list how many children it showed."""
    if doing.child_id is not None and doing.outcome == Outcome.DONE:
        yield {"what": {"reference": words.address_of(f"Patient/{id_for(actor, doing.child_id)}")}}
    if doing.kind in LISTS_OF_RECORDS:
        yield {"detail": [{"type": "children", "valueString": str(doing.children)}]}
