"""A page of another system with the search in it: python embedded.py FILE SERVICE SIGN_IN.

FILE has what the system knows of itself (`.local/system.json` of the demonstration), and where people come back to,
which is where this listens. SERVICE and SIGN_IN are where the registry and its sign-in are. Sessions are kept in
memory, which does for one person on one machine.
"""

import json
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from contactpoint_client import Begun, NotSignedInError, ProblemError, Registry, Session, System
from flask import Flask, redirect, render_template_string, request, session
from flask.typing import ResponseReturnValue
from joserfc.jwk import ECKey

PAGE = """
<!doctype html><html lang="en"><title>Case 1042</title><h1>Case 1042</h1>
<h2>Who else works with this child?</h2>
{% for text in problems %}<p role="alert">{{ text }}</p>{% endfor %}
{% if not signed_in %}<p><a href="/sign-in">Ask the registry</a></p>{% else %}
<form method="post" action="/"><label>Given name <input name="given_name"></label>
<label>Family name <input name="family_name"></label> <label>Age <input name="age" inputmode="numeric"></label>
<button>Find</button></form>
<ul>{% for match in found.matches %}<li>{{ match.name }}, {{ match.age }}, {{ match.locality }}
<form method="post" action="/open"><input type="hidden" name="child" value="{{ match.child }}">
<select name="reason">{% for each in reasons %}<option value="{{ each.code }}">{{ each.label }}{% endfor %}</select>
<button>Open</button></form></li>{% endfor %}</ul>
{% if record %}<h3>{{ record.name }}</h3><ul>{% for each in record.involvements %}
<li>{{ each.service.label }}, {{ each.organisation.name }}: {{ each.practitioner }}, {{ each.telephone }}</li>
{% endfor %}</ul>{% endif %}{% endif %}
"""

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
under_way: dict[str, Begun] = {}
signed_in: dict[str, Session] = {}


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
    if key not in under_way:
        return redirect("/")
    try:
        signed_in[key] = system.take_back(under_way.pop(key), request.url)
    except NotSignedInError as problem:
        return _page(problems=[str(problem)])
    return redirect("/")


@app.route("/", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Search."""
    if request.method == "GET":
        return _page()
    known: dict[str, str | int] = {name: value for name, value in request.form.items() if value}
    if str(known.get("age", "")).isdecimal():
        known["age"] = int(known["age"])
    try:
        return _page(found=_registry().search(**known))
    except ProblemError as problem:
        return _page(problems=[problem.detail, *(each["detail"] for each in problem.errors)])


@app.post("/open")
def open_record() -> ResponseReturnValue:
    """Open a record for the reason that was given."""
    try:
        return _page(record=_registry().open(request.form["child"], reason=request.form["reason"]))
    except ProblemError as problem:
        return _page(problems=[problem.detail])


@app.errorhandler(NotSignedInError)
def over(problem: NotSignedInError) -> ResponseReturnValue:
    """The session in the registry is over: begin another."""
    signed_in.pop(session.get("key", ""), None)
    return redirect("/sign-in")


def _registry() -> Registry:
    try:
        return Registry(service, signed_in[session["key"]])
    except KeyError:
        raise NotSignedInError("Nobody has signed in.") from None


def _page(*, found: object = None, record: object = None, problems: list[str] | None = None) -> str:
    here = signed_in.get(session.get("key", ""))
    reasons = Registry(service, here).lists()["reasons"] if here and found else []
    context = {"signed_in": here, "found": found or {"matches": []}, "record": record, "problems": problems or []}
    return render_template_string(PAGE, reasons=reasons, **context)


if __name__ == "__main__":
    file, service, signs_in_at = sys.argv[1:]
    told = json.loads(Path(file).read_text())
    known_key = ECKey.import_key(told["key"])
    system = System(told["client_id"], known_key, told["algorithm"], signs_in_at, told["comes_back"])
    app.run(port=urlsplit(system.comes_back).port)
