"""A system follows a record, and follows it no more. No page does that: somebody at a page sees what is there."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.rules.roles import Permission
from api.admission import for_systems
from api.callers import actor_of, bearer_of
from api.described import CHILD, FOLLOWING, NOTHING, WITH_A_BODY, Answers, Takes, examples, operation
from api.problems import Code
from api.reading import no_body, no_query
from api.serializers.told import FollowingTold
from registry.actions.following import follow, unfollow
from registry.references import child_id_of


class Following(APIView):
    """That a record is followed."""

    http_method_names = ["post"]

    @operation(
        "follow",
        "Be told that a record changes",
        "From then on, for a year, the system is told that there is something new on the record, and nothing of what: "
        "somebody comes and opens it. Only while the person’s organisation works with the child, and only of a record "
        "that the person opened no more than half an hour ago. Followed again it is the same following, for a year "
        "from then. Nothing is told of a protected child.",
        takes=Takes([CHILD]),
        answers=Answers(FollowingTold),
        codes=[*WITH_A_BODY, Code.NOT_FOUND, Code.OVER_BUDGET, Code.NOT_TOLD],
        examples=examples.FOLLOWING,
    )
    def post(self, request: Request, child: str) -> Response:
        """Follow it, or follow it for longer."""
        no_query(request)
        no_body(request)
        actor = actor_of(request)
        child_id = child_id_of(actor, child)
        follows = follow(actor=actor, child_id=child_id, system_id=bearer_of(request).system_id)
        return Response(FollowingTold({"following": follows.reference, "until": follows.until}).data)


class Followed(APIView):
    """A record that is followed, by what the system knows it."""

    http_method_names = ["delete"]

    @operation(
        "unfollow",
        "Be told no more",
        "Ends it, whoever of the organisation began it. What has ended already is answered alike.",
        takes=Takes([FOLLOWING]),
        answers=NOTHING,
        codes=[*WITH_A_BODY, Code.NOT_FOUND],
        examples=(),
    )
    def delete(self, request: Request, following: str) -> Response:
        """End it."""
        no_query(request)
        no_body(request)
        unfollow(actor=actor_of(request), reference=following, system_id=bearer_of(request).system_id)
        return Response(status=204)


following = for_systems(Permission.CHILD_OPEN)(Following.as_view())
followed = for_systems(Permission.CHILD_OPEN)(Followed.as_view())
