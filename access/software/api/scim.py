"""SCIM 2.0 at /scim/v2/: an organisation's personnel system says who has left. See docs/feeds.md."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from scim2_models import (
    Context,
    ForbiddenException,
    InvalidFilterException,
    ListResponse,
    Meta,
    PatchOp,
    PreconditionFailedException,
    Resource,
    ResourceType,
    Schema,
    SearchRequest,
)
from scim2_models.path import CompareOperator, Comparison

from access.software import feeds
from access.software.actions import leavers
from access.software.api.admission import process_of
from access.software.api.answers import answer, fault
from access.software.api.guard import for_software
from access.software.api.schema import MOST_RESULTS, PROVIDER, User
from access.software.feeds import Member

NOT_HERE = "There is nothing at this address. The service offers Users; see ServiceProviderConfig."
NO_JOINING = "Nobody joins by a feed: an administrator invites them, on the page People."
NO_REINSTATING = "A feed cannot let anybody in again: an administrator reinstates, on the person's page."
ONLY_THESE_FILTERS = 'This service finds people by one comparison: userName eq "name@example.org" or id eq "...".'
MOVED_ON = "Somebody changed this person since you read them. Read them again, then decide."


@for_software("GET")
def configuration(request: HttpRequest) -> HttpResponse:
    """What this service can do."""
    assert PROVIDER.config is not None  # noqa: S101 - it is given where PROVIDER is made
    return answer(_described(request, PROVIDER.config, "ServiceProviderConfig"))


@for_software("GET")
def resource_types(request: HttpRequest, name: str = "") -> HttpResponse:
    """The one kind of thing that is here: users."""
    return _catalogue(request, "ResourceTypes", PROVIDER.resource_types, ResourceType, name)


@for_software("GET")
def schemas(request: HttpRequest, name: str = "") -> HttpResponse:
    """What is known of each user."""
    return _catalogue(request, "Schemas", PROVIDER.schemas, Schema, name)


@for_software("GET", "POST")
def users(request: HttpRequest) -> HttpResponse:
    """The people of the token's organisations, a page at a time, or the one of an e-mail address."""
    if request.method == "POST":
        raise ForbiddenException(detail=NO_JOINING)
    asked = SearchRequest[User].model_validate(request.GET.dict(), scim_ctx=Context.SEARCH_REQUEST)
    return _search(request, asked)


@for_software("POST")
def search(request: HttpRequest) -> HttpResponse:
    """As `users`, with what is asked in the body: no e-mail address in an address (RFC 7644, 3.4.3 and 7.5.2)."""
    return _search(request, SearchRequest[User].model_validate_json(request.body, scim_ctx=Context.SEARCH_REQUEST))


@for_software("GET", "PATCH", "PUT", "DELETE")
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: read, suspended as one who left, or gone."""
    member = feeds.member(process_of(request), user_id)
    if request.method == "GET":
        return _read(request, member)
    _check_version(request, member)
    if request.method == "DELETE":
        leavers.remove_one(actor=process_of(request), user_id=user_id, seen=member.standing)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    wanted = _wanted(request, member)
    if wanted.active and not member.active:
        return fault(HTTPStatus.FORBIDDEN, NO_REINSTATING)
    if member.active and not wanted.active:
        member = leavers.suspend_one(actor=process_of(request), user_id=user_id, seen=member.standing)
    return answer(_shown(request, member).model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), version=_tag(member))


@for_software("GET", "POST", "PUT", "PATCH", "DELETE")
def elsewhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else somebody may ask for."""
    return fault(HTTPStatus.NOT_FOUND, NOT_HERE)


def _search(request: HttpRequest, asked: SearchRequest[User]) -> HttpResponse:
    count = MOST_RESULTS if asked.count is None else min(asked.count, MOST_RESULTS)
    start = asked.start_index or 1
    found = feeds.members(process_of(request), _criterion(asked), start=start, count=count)
    resources = [_shown(request, member) for member in found.members]
    response = ListResponse[User](
        total_results=found.total, start_index=start, items_per_page=len(resources), resources=resources
    )
    return answer(response.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked))


def _criterion(asked: SearchRequest[User]) -> feeds.Criterion | None:
    """What is searched by; None for everybody. Names are sealed, so that only whole values can be compared."""
    if asked.filter is None:
        return None
    test = asked.filter.ast
    if not isinstance(test, Comparison) or test.op != CompareOperator.eq:
        raise InvalidFilterException(detail=ONLY_THESE_FILTERS)
    what = str(test.attr_path).rpartition(":")[2].casefold()
    if what not in {"username", "id"}:
        raise InvalidFilterException(detail=ONLY_THESE_FILTERS)
    return feeds.Criterion(by_id=what == "id", text=str(test.value))


def _wanted(request: HttpRequest, member: Member) -> User:
    """The person as the caller wants them to be: changed in part (PATCH) or given whole (PUT)."""
    known = _shown(request, member)
    if request.method == "PATCH":
        wanted = known.model_copy(deep=True)
        patch = PatchOp[User].model_validate_json(request.body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        patch.patch(wanted)
    else:
        wanted = User.model_validate_json(request.body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        wanted.replace(known)
    # What is not said is not changed: software that leaves `active` out does not say that somebody has left.
    return wanted if wanted.active is not None else known


def _read(request: HttpRequest, member: Member) -> HttpResponse:
    if _tag(member) in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": _tag(member)})
    asked = SearchRequest[User].model_validate(request.GET.dict(), scim_ctx=Context.SEARCH_REQUEST)
    shown = _shown(request, member)
    dumped = shown.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked)
    return answer(dumped, version=_tag(member))


def _check_version(request: HttpRequest, member: Member) -> None:
    expected = request.headers.get("If-Match", "*")
    if expected != "*" and _tag(member) not in [tag.strip() for tag in expected.split(",")]:
        raise PreconditionFailedException(detail=MOVED_ON)


def _tag(member: Member) -> str:
    return f'W/"{member.standing}"'


def _shown(request: HttpRequest, member: Member) -> User:
    location = request.build_absolute_uri(reverse("scim_user", args=[member.id]))
    meta = Meta(resource_type="User", location=location, version=_tag(member))
    return User(id=str(member.id), user_name=member.email, active=member.active, meta=meta)


def _catalogue(
    request: HttpRequest, endpoint: str, entries: tuple[Any, ...], model: type[Resource[Any]], name: str
) -> HttpResponse:
    """All entries of a catalogue, or the one of that name."""
    if not name:
        if "filter" in request.GET:
            return fault(HTTPStatus.FORBIDDEN, "This list cannot be filtered.")  # RFC 7644, 4
        dumped = [_described(request, entry, f"{endpoint}/{entry.id}") for entry in entries]
        listed = ListResponse[model](total_results=len(dumped), start_index=1, items_per_page=len(dumped))  # type: ignore[valid-type]
        return answer({**listed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), "Resources": dumped})
    for entry in entries:
        if entry.id == name:
            return answer(_described(request, entry, f"{endpoint}/{name}"))
    return fault(HTTPStatus.NOT_FOUND, NOT_HERE)


def _described(request: HttpRequest, entry: Resource[Any], path: str) -> dict[str, Any]:
    root = reverse("scim_elsewhere", args=["x"]).removesuffix("x")
    meta = {"resourceType": type(entry).__name__, "location": request.build_absolute_uri(f"{root}{path}")}
    return {**entry.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), "meta": meta}
