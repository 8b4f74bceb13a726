"""Questions as the API takes them."""

from typing import Any

from bench.mistakes import Asked


def as_sent(asked: Asked) -> dict[str, Any]:
    """The body of a search."""
    sent = {
        "given_name": asked.given,
        "family_name": asked.family,
        "date_of_birth": asked.date_of_birth.isoformat() if asked.date_of_birth else "",
        "age": asked.age,
        "postcode": asked.postcode,
        "house": asked.house,
        "street": asked.street,
    }
    return {name: value for name, value in sent.items() if value not in ("", None)}
