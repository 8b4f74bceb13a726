"""The OpenAPI document of the API, made of what its operations say of themselves, and the same as its page shows it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator

from api.problems import Code

Document = dict[str, Any]
SCHEME = "person_in_a_system"
KINDS = {
    "date": "day",
    "date-time": "moment",
    "uuid": "UUID",
    "uri": "address",
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
}
ABOUT = (
    "For systems in which practitioners work, such as a council’s case management. A system is accredited by two "
    "administrators, proves itself with a key of its own, and asks in the name of one practitioner at a time, who has "
    "signed in with two factors and let it act for them. What they may see and do is what they may on the pages of the "
    "service, no more and no less, and all of it is recorded in their name."
)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of what is sent or answered; `name` says where it stands, like guardians[].name."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody sends or is answered."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as its page describes it."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    sent: list[Field]
    answered: list[Field]
    examples: list[Example]
    codes: list[Code]


def finish(result: Document, generator: Any, **_: Any) -> Document:
    """Say where people sign in, and that no object has fields that are not listed. Called by the generator."""
    at = settings.SIGN_IN_ADDRESS
    result["info"]["description"] = ABOUT
    result["servers"] = [{"url": settings.SERVICE_ADDRESS}]
    result["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "oauth2",
            "description": "OAuth 2.1: authorisation code with PKCE; the system proves itself by private_key_jwt.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{at}/oauth/authorize",
                    "tokenUrl": f"{at}/oauth/token",
                    "refreshUrl": f"{at}/oauth/token",
                    "scopes": {},
                }
            },
        }
    }
    result["security"] = [{SCHEME: []}]
    for schema in result["components"]["schemas"].values():
        schema["additionalProperties"] = False
    return result


@cache
def document() -> Document:
    """The document, in OpenAPI 3.1."""
    patterns = [path("api/", include("api.urls"))]
    generator = SchemaGenerator(patterns=patterns)  # type: ignore[no-untyped-call]
    made: Document = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def oauth() -> dict[str, str]:
    """Where a system asks for tokens, and where its people let it act for them."""
    flows: dict[str, str] = document()["components"]["securitySchemes"][SCHEME]["flows"]["authorizationCode"]
    return flows


def described() -> list[Described]:
    """Its operations, in the order of their addresses."""
    whole = document()
    return [
        _operation(whole, address, method, told)
        for address, methods in whole["paths"].items()
        for method, told in methods.items()
    ]


def _operation(whole: Document, address: str, method: str, told: Document) -> Described:
    status, answered = next(iter(sorted(told["responses"].items())))
    parameters = [
        Field(f"{each['name']} ({each['in']})", _kind(whole, each["schema"]), bool(each.get("required")), _about(each))
        for each in told.get("parameters", [])
    ]
    headers = [
        Field(f"{name} (header of the answer)", "text", required=True, about=_about(each))
        for name, each in answered.get("headers", {}).items()
    ]
    return Described(
        name=told["operationId"],
        method=method.upper(),
        path=address,
        summary=told["summary"],
        about=told["description"],
        parameters=parameters,
        sent=list(_fields(whole, _schema(told.get("requestBody", {})))),
        answered=[*headers, *_fields(whole, _schema(answered))],
        examples=[*_examples("Sent", told.get("requestBody", {})), *_examples(f"Answered with {status}", answered)],
        codes=[Code(each) for each in told["x-codes"]],
    )


def _schema(body: Document) -> Document:
    """The schema of a body or an answer; an empty one where it has none."""
    schema: Document = body.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _examples(title: str, body: Document) -> Iterator[Example]:
    examples = body.get("content", {}).get("application/json", {}).get("examples", {})
    for each in examples.values():
        yield Example(title, json.dumps(each["value"], indent=2, ensure_ascii=False))


def _fields(whole: Document, schema: Document, under: str = "") -> Iterator[Field]:
    """All fields, those of an object within it after the object itself."""
    resolved = _resolved(whole, schema)
    if resolved.get("type") == "array":
        yield from _fields(whole, resolved["items"], f"{under.removesuffix('.')}[].")
        return
    for name, told in resolved.get("properties", {}).items():
        required = name in resolved.get("required", [])
        yield Field(f"{under}{name}", _kind(whole, told), required, _about(told))
        yield from _fields(whole, told, f"{under}{name}.")


def _resolved(whole: Document, schema: Document) -> Document:
    """The schema itself: a reference followed, and of one that may be null the other half."""
    for each in (*schema.get("allOf", []), *schema.get("oneOf", [])):
        if each.get("type") != "null":
            return _resolved(whole, each)
    if "$ref" in schema:
        found: Document = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _kind(whole: Document, schema: Document) -> str:
    """What kind of value it is, in words."""
    resolved = _resolved(whole, schema)
    types = resolved.get("type", "object")
    names = [types] if isinstance(types, str) else types
    null = "null" in names or any(each.get("type") == "null" for each in schema.get("oneOf", []))
    name = next(each for each in names if each != "null")
    words = KINDS.get(resolved.get("format", ""), KINDS.get(name, name))
    if name == "array":
        words = f"list of {_kind(whole, resolved['items'])}"
    if resolved.get("enum"):
        words = "one of " + ", ".join(str(each) for each in resolved["enum"] if each is not None)
    return f"{words}, or null" if null else words


def _about(told: Document) -> str:
    return (
        str(told.get("description", ""))
        if "enum" not in told
        else str(told.get("description", "")).partition("\n\n*")[0]
    )
