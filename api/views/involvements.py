"""Record, correct, end and withdraw an involvement: the twins of registry/views/involvements.py and basis.py."""

import json
from dataclasses import replace

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.rules.roles import Permission
from api import showing
from api.actions.once import Made, once
from api.admission import for_systems
from api.callers import actor_of, bearer_of
from api.described import (
    CHILD,
    INVOLVEMENT,
    KEY,
    LOCATION,
    NEW_TAG,
    NOTHING,
    TAG,
    VERSION,
    Answers,
    Takes,
    examples,
    operation,
)
from api.errors import ProblemError, WrongFieldsError, wrong_in
from api.problems import Code, Wrong
from api.reading import body_of, key_of, no_query, tag_of, version_of
from api.serializers.asked import EndAsked, InvolvementAsked, WithdrawalAsked
from api.serializers.told import InvolvementTold, Kept
from audit.actors import Actor
from audit.reasons import BasisEnd, Mistake
from registry.actions.involvements import (
    Entry,
    Shown,
    child_to_change,
    correct_involvement,
    end_involvement,
    involvement_to_show,
    record_involvement,
    withdraw_involvement,
)
from registry.forms.basis import BasisEndForm, BasisForm
from registry.forms.involvements import EndForm, InvolvementForm, WithdrawalForm
from registry.references import child_id_of
from registry.rules.basis import wants_basis
from registry.rules.service_days import Life

NOT_THEIRS = "Enter one of the services that /api/v1/me lists"
NO_BASIS = "Leave it out: only a sensitive service has one"
WANTS_BASIS = "Enter the basis on which this service may be entered"
NONE_TO_END = "There is no basis that could end: it is not a sensitive service"
READ = [Code.NOT_PERMITTED, Code.NOT_FOUND, Code.INVALID, Code.OVER_BUDGET]
CHANGED = [*READ, Code.MALFORMED, Code.STALE, Code.VERSION_MISSING]


class Involvements(APIView):
    """Involvements of the person's organisation with a child."""

    http_method_names = ["post"]

    @operation(
        "record_involvement",
        "Record an involvement",
        "That the person’s organisation works with the child. Sent again with its key, it stands once (no ETag then).",
        takes=Takes([CHILD, KEY], body=InvolvementAsked),
        answers=Answers(Kept, 201, [NEW_TAG, LOCATION]),
        codes=[*READ, Code.MALFORMED, Code.KEY_MISSING, Code.KEY_IN_USE, Code.KEY_REUSED, Code.LEAD_TAKEN],
        examples=examples.INVOLVEMENT,
    )
    def post(self, request: Request, child: str) -> Response:
        """Record it once."""
        no_query(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        key, asked = key_of(request), body_of(request, InvolvementAsked)

        # Asked and recorded each time it is sent: whoever may no longer is not told what came of it.
        life = child_to_change(actor=actor, child_id=child_id).life

        def make() -> Made:
            made = record_involvement(actor=actor, child_id=child_id, entry=_entry(request, asked, life))
            return Made(made.pk, made.row_version)

        all_of_it = json.dumps([child_id, asked.data], sort_keys=True)
        made = once(actor=actor, key=f"{bearer_of(request).system_id}:{key}", asked=all_of_it, make=make)
        headers = {"Location": f"{request.path}/{made.involvement_id}"}
        version = None if made.again else made.row_version
        return _kept(made.involvement_id, version, status=201, headers=headers)


class Involvement(APIView):
    """One involvement of the person's organisation."""

    http_method_names = ["get", "put"]

    @operation(
        "read_involvement",
        "Read an involvement to change it",
        "One of the person’s own organisation’s, as it stands. Its ETag goes with each change of it.",
        takes=Takes([CHILD, INVOLVEMENT]),
        answers=Answers(InvolvementTold, headers=[TAG]),
        codes=READ,
        examples=examples.OWN,
    )
    def get(self, request: Request, child: str, involvement: int) -> Response:
        """Show it, also where it has ended."""
        no_query(request)
        actor = actor_of(request)
        where = {"child_id": child_id_of(actor, child), "involvement_id": involvement}
        known = involvement_to_show(actor=actor, **where, ended=True)
        told = InvolvementTold(showing.involvement(known, involvement)).data
        return Response(told, headers={"ETag": tag_of(known.row_version)})

    @operation(
        "correct_involvement",
        "Correct an involvement",
        "Puts what is sent in the place of what was entered. One that has ended is corrected no more.",
        takes=Takes([CHILD, INVOLVEMENT, VERSION], body=InvolvementAsked),
        answers=Answers(Kept, headers=[TAG]),
        codes=[*CHANGED, Code.LEAD_TAKEN],
        examples=examples.INVOLVEMENT,
    )
    def put(self, request: Request, child: str, involvement: int) -> Response:
        """Correct one that still runs."""
        no_query(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        asked = body_of(request, InvolvementAsked)
        life, known = _to_change(request, actor, child_id, involvement)
        where = {"child_id": child_id, "involvement_id": involvement, "read_version": known.row_version}
        changed = correct_involvement(actor=actor, **where, entry=_entry(request, asked, life))
        return _kept(involvement, changed.row_version)


class End(APIView):
    """The end of an involvement."""

    http_method_names = ["post"]

    @operation(
        "end_involvement",
        "End an involvement",
        "Says on which day it ended. A lead professional who leaves leaves the lead.",
        takes=Takes([CHILD, INVOLVEMENT, VERSION], body=EndAsked),
        answers=Answers(Kept, headers=[TAG]),
        codes=CHANGED,
        examples=examples.END,
    )
    def post(self, request: Request, child: str, involvement: int) -> Response:
        """End one that still runs."""
        no_query(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        asked = body_of(request, EndAsked)
        life, known = _to_change(request, actor, child_id, involvement)
        form = EndForm(asked.as_typed(), started_on=known.entry.started_on, life=life)
        if not form.is_valid():
            raise WrongFieldsError(*wrong_in(form))
        where = {"child_id": child_id, "involvement_id": involvement, "read_version": known.row_version}
        changed = end_involvement(actor=actor, **where, ended_on=form.cleaned_data["ended_on"])
        return _kept(involvement, changed.row_version)


class Withdrawal(APIView):
    """That an involvement stands on the record no more."""

    http_method_names = ["post"]

    @operation(
        "withdraw_involvement",
        "Withdraw an involvement",
        "Takes off the record what should never have been there, or what nothing allows any more.",
        takes=Takes([CHILD, INVOLVEMENT, VERSION], body=WithdrawalAsked),
        answers=NOTHING,
        codes=CHANGED,
        examples=examples.WITHDRAWAL,
    )
    def post(self, request: Request, child: str, involvement: int) -> Response:
        """Withdraw it, also where it has ended."""
        no_query(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        asked = body_of(request, WithdrawalAsked)
        known = _to_change(request, actor, child_id, involvement, ended=True)[1]
        where = {"child_id": child_id, "involvement_id": involvement, "read_version": known.row_version}
        withdraw_involvement(actor=actor, **where, reason=_why(asked, known.entry))
        return Response(status=204)


def _to_change(
    request: Request, actor: Actor, child_id: int, involvement: int, *, ended: bool = False
) -> tuple[Life, Shown]:
    """The child's days and the involvement as it stands, where If-Match names that version."""
    told = version_of(request)
    known = involvement_to_show(actor=actor, child_id=child_id, involvement_id=involvement, ended=ended)
    if told != tag_of(known.row_version):
        raise ProblemError(Code.STALE)
    return child_to_change(actor=actor, child_id=child_id).life, known


def _entry(request: Request, asked: InvolvementAsked, life: Life) -> Entry:
    """What was entered, by the forms of the pages."""
    form = InvolvementForm(asked.as_typed(), organisation=bearer_of(request).user.organisation, life=life)
    typed = asked.basis_as_typed()
    if not form.is_valid():
        raise WrongFieldsError(*wrong_in(form))
    entry = form.entry()
    if asked.validated_data.get("service", entry.service) != entry.service:  # the page asks nobody who has one alone
        raise WrongFieldsError(Wrong("invalid_choice", NOT_THEIRS, pointer="/service"))
    if not wants_basis(entry.service):
        if typed:
            raise WrongFieldsError(Wrong("unknown", NO_BASIS, pointer="/basis"))
        return entry
    if not typed:
        raise WrongFieldsError(Wrong("required", WANTS_BASIS, pointer="/basis"))
    basis = BasisForm(typed, life=life)
    if not basis.is_valid():
        raise WrongFieldsError(*wrong_in(basis, under="/basis"))
    why, decision = basis.answer()
    return replace(entry, basis=why, decision=decision)


def _why(asked: WithdrawalAsked, entry: Entry) -> Mistake | BasisEnd:
    if "mistake" in asked.validated_data:
        mistake = WithdrawalForm(asked.validated_data, service=entry.service)
        if not mistake.is_valid():
            raise WrongFieldsError(*wrong_in(mistake))
        return Mistake(mistake.cleaned_data["mistake"])
    if entry.basis is None:
        raise WrongFieldsError(Wrong("invalid", NONE_TO_END, pointer="/basis_end"))
    ends = BasisEndForm(asked.validated_data, basis=entry.basis)
    if not ends.is_valid():
        raise WrongFieldsError(*wrong_in(ends))
    return ends.why()


def _kept(
    involvement_id: int, row_version: int | None, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    tag = {} if row_version is None else {"ETag": tag_of(row_version)}
    return Response(Kept({"id": involvement_id}).data, status=status, headers={**tag, **(headers or {})})


involvements = for_systems(Permission.INVOLVEMENT_KEEP)(Involvements.as_view())
involvement = for_systems(Permission.INVOLVEMENT_KEEP)(Involvement.as_view())
end = for_systems(Permission.INVOLVEMENT_KEEP)(End.as_view())
withdraw = for_systems(Permission.INVOLVEMENT_KEEP)(Withdrawal.as_view())
