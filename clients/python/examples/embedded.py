"""A page of another system with the search in it: python embedded.py FILE SERVICE SIGN_IN.

FILE has what the system knows of itself (`.local/system.json` of the demonstration), and where people come back to,
which is where this listens. SERVICE and SIGN_IN are where the registry and its sign-in are. Sessions are kept in
memory, which does for one person on one machine.
"""

import hmac
import json
import secrets
import sys
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from contactpoint_client import (
    Begun,
    NotSignedInError,
    ProblemError,
    Registry,
    Session,
    System,
    UnreachableError,
)
from contactpoint_client.asked import Search
from contactpoint_client.told import Coded
from flask import Flask, abort, redirect, render_template_string, request, session
from flask.typing import ResponseReturnValue
from joserfc.jwk import ECKey

PAGE = """
{% macro form(to) %}<form method="post" action="{{ to }}">
<input type="hidden" name="own" value="{{ session.own }}">{{ caller() }}</form>{% endmacro %}
{% macro whom(place) %}{{ place.name }}, {{ place.telephone }}{% endmacro %}
<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Case 1042</title><style>select { box-sizing: border-box; max-width: 100% }</style>
<main><h1>Case 1042</h1>
<h2>Who else works with this child?</h2>
{% if problems %}<div role="alert">{% for text in problems %}<p>{{ text }}</p>{% endfor %}</div>{% endif %}
{% if not signed_in %}<p><a href="/sign-in">Ask the registry</a></p>{% else %}
{% call form("/") %}
{% for name, label in [("given_name", "Given name"), ("family_name", "Family name"), ("age", "Age")] %}
<p><label>{{ label }} <input name="{{ name }}" value="{{ request.form[name] }}" autocomplete="off"></label></p>
{% endfor %}<button>Find</button>{% endcall %}
{% if found %}
{% if found.too_many %}<p>More children fit than can be shown. Add {{ found.refine }}.</p>
{% elif not found.matches %}<p>Nobody on record fits.</p>{% endif %}
<ul>{% for match in found.matches %}
<li>{{ match.name }}, born {{ match.date_of_birth }}{% if match.locality %}, {{ match.locality }}{% endif %}
{% if match.shielded %}(details are protected){% endif %}
{% call form("/open") %}<input type="hidden" name="child" value="{{ match.child }}">
<label>Why do you open the record of {{ match.name }}? <select name="reason" required>
<option value="">Choose a reason</option>
{% for each in reasons %}<option value="{{ each.code }}">{{ each.label }}</option>{% endfor %}</select></label>
<button>Open {{ match.name }}, born {{ match.date_of_birth }}</button>{% endcall %}</li>{% endfor %}</ul>{% endif %}
{% if record %}<h3>{{ record.name }}</h3>
{% if record.shielded %}<p>This child’s details are protected. If your work needs more, ring
{{ whom(record.authority) }}.</p>{% else %}
{% if record.sensitive_service %}<p>A sensitive service is involved, which is not named here. To be put in touch, ring
{{ whom(record.authority) }}.</p>{% endif %}
<ul>{% for each in record.involvements %}<li>{{ each.service.label }}, {{ each.organisation.name }}:
{{ each.practitioner }}, {{ each.telephone }}</li>{% else %}<li>No service is named here.</li>{% endfor %}</ul>
{% endif %}{% endif %}
{% call form("/sign-out") %}<button>Sign out of the registry</button>{% endcall %}{% endif %}</main></html>
"""

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
under_way: dict[str, Begun] = {}
signed_in: dict[str, Session] = {}
reasons: list[Coded] = []


@app.before_request
def only_from_own_pages() -> None:
    """Refuse a form that another site sent in somebody's name: what is opened here is opened as by them."""
    own = session.setdefault("own", secrets.token_urlsafe(16))
    if request.method == "POST" and not hmac.compare_digest(request.form.get("own", "").encode(), own.encode()):
        abort(403)


@app.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Send the person to the registry."""
    key = session.setdefault("key", secrets.token_urlsafe(16))
    under_way[key] = system.send_to_sign_in()
    return redirect(under_way[key].address)


@app.get("/signed-in")
def come_back() -> ResponseReturnValue:
    """Take them back."""
    key = session.get("key", "")
    if key in under_way:
        try:
            signed_in[key] = system.take_back(under_way.pop(key), request.url)
        except NotSignedInError as problem:  # they said no: they are not sent there again
            return _page(problems=[str(problem)])
    return redirect("/")


@app.get("/")
def begin() -> ResponseReturnValue:
    """The page before anything was asked."""
    return _page()


@app.post("/")
def find() -> ResponseReturnValue:
    """Search by what was filled in."""
    known = {name: text for name in ("given_name", "family_name", "age") if (text := request.form[name].strip())}
    age = {"age": int(known["age"])} if known.get("age", "").isdecimal() else {}
    with _registry() as registry:
        found = registry.search(**cast(Search, known | age))
        if not reasons:
            reasons.extend(registry.lists()["reasons"])
    return _page(found=found)


@app.post("/open")
def open_record() -> ResponseReturnValue:
    """Open a record for the reason that was given."""
    with _registry() as registry:
        return _page(record=registry.open(request.form["child"], reason=request.form["reason"]))


@app.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session in the registry, as the system does where its user signs out of it."""
    here = signed_in.pop(session.get("key", ""), None)
    if here:
        here.leave()
    return redirect("/")


@app.errorhandler(NotSignedInError)
def over(_problem: NotSignedInError) -> ResponseReturnValue:
    """The session in the registry is over: begin another."""
    signed_in.pop(session.get("key", ""), None)
    return redirect("/sign-in")


@app.errorhandler(ProblemError)
def refused(problem: ProblemError) -> ResponseReturnValue:
    """Say what to do, where they are looking."""
    return _page(problems=[each["detail"] for each in problem.errors] or [problem.detail])


@app.errorhandler(UnreachableError)
def unreachable(problem: UnreachableError) -> ResponseReturnValue:
    """Say that nobody answered."""
    return _page(problems=[f"{problem} Try again in a minute."])


def _registry() -> Registry:
    try:
        return Registry(service, signed_in[session["key"]])
    except KeyError:
        raise NotSignedInError("Nobody has signed in.") from None


def _page(*, found: object = None, record: object = None, problems: list[str] | None = None) -> str:
    here = signed_in.get(session.get("key", ""))
    context = {"signed_in": here, "found": found, "record": record, "problems": problems or []}
    return render_template_string(PAGE, reasons=reasons, **context)


if __name__ == "__main__":
    file, service, signs_in_at = sys.argv[1:]
    told = json.loads(Path(file).read_text())
    known_key = ECKey.import_key(told["key"])
    system = System(told["client_id"], known_key, told["algorithm"], signs_in_at, told["comes_back"])
    app.run(port=urlsplit(system.comes_back).port)
