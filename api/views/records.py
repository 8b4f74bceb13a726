"""Open a record, and go back to those opened lately: the twins of registry/views/records.py and lately.py."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.rules.roles import Permission
from api import showing
from api.admission import for_systems
from api.callers import actor_of
from api.described import CHILD, Answers, Takes, examples, operation
from api.errors import WrongFieldsError, wrong_in
from api.problems import Code
from api.reading import body_of, no_query
from api.serializers.asked import OpeningAsked
from api.serializers.told import RecentTold, RecordTold
from audit.reasons import Reason
from registry.actions.finding import open_record
from registry.actions.recalling import recall
from registry.forms.opening import ReasonForm
from registry.references import child_id_of


class Openings(APIView):
    """Openings of a child's record. By POST, since each is an event: what may be repeated unasked opens none."""

    http_method_names = ["post"]

    @operation(
        "open",
        "Open a child’s record",
        "Who the child is, who cares for them, and who works with them, as far as this person may see it. Each time "
        "is an opening of its own, with its reason, in the access log and in what the family may be told.",
        takes=Takes([CHILD], body=OpeningAsked),
        answers=Answers(RecordTold),
        codes=[Code.NOT_PERMITTED, Code.NOT_FOUND, Code.INVALID, Code.OVER_BUDGET],
        examples=examples.RECORD,
    )
    def post(self, request: Request, child: str) -> Response:
        """Open it, for the reason that is sent."""
        no_query(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        form = ReasonForm(body_of(request, OpeningAsked).validated_data)
        if not form.is_valid():
            raise WrongFieldsError(*wrong_in(form))
        reason = Reason(form.cleaned_data["reason"])
        opened = open_record(actor=actor, child_id=child_id, reason=reason)
        return Response(RecordTold(showing.record(opened, actor, reason)).data)


class Recent(APIView):
    """Records that the person opened lately."""

    http_method_names = ["get"]

    @operation(
        "recall",
        "Records opened lately",
        "At most ten children whose records the person opened within seven days, here or elsewhere. That they look "
        "and who is shown is recorded, and counts against their limit.",
        answers=Answers(RecentTold),
        codes=[Code.OVER_BUDGET, Code.INVALID],
        examples=examples.RECENT,
    )
    def get(self, request: Request) -> Response:
        """List them, the last opened first."""
        no_query(request)
        actor, today = actor_of(request), timezone.localdate()
        told = {"children": [showing.recalled(each, actor, today) for each in recall(actor=actor)]}
        return Response(RecentTold(told).data)


openings = for_systems(Permission.CHILD_OPEN)(Openings.as_view())
recent = for_systems(Permission.CHILD_RECALL)(Recent.as_view())
