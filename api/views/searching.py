"""Find a child: the twin of registry/views/searching.py."""

from uuid import uuid4

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.rules.roles import Permission
from api import showing
from api.admission import for_systems
from api.callers import actor_of
from api.described import Answers, Takes, examples, operation
from api.errors import WrongFieldsError, wrong_in
from api.problems import Code
from api.reading import body_of, no_query
from api.serializers.asked import SearchAsked
from api.serializers.told import SearchTold
from registry.actions.finding import search
from registry.forms.searching import SearchForm
from registry.references import refer_to_search, search_of


class Searches(APIView):
    """Searches for a child."""

    http_method_names = ["post"]

    @operation(
        "find",
        "Find a child",
        "Looks for the child among all on record, as the page Find a child does: names that sound alike, former "
        "names, a typing error and a swapped day and month are found too. What was asked is kept in the access log, "
        "sealed, and whoever is shown counts against the person’s limit.",
        takes=Takes(body=SearchAsked),
        answers=Answers(SearchTold),
        codes=[Code.NOT_FOUND, Code.INVALID, Code.OVER_BUDGET],
        examples=examples.SEARCH,
    )
    def post(self, request: Request) -> Response:
        """Search; ten are shown at most."""
        no_query(request)
        actor, today = actor_of(request), timezone.localdate()
        asked = body_of(request, SearchAsked)
        joined = asked.validated_data.get("search")
        trail = uuid4() if joined is None else search_of(actor, joined)
        form = SearchForm(asked.as_typed(), today=today)
        if not form.is_valid():
            raise WrongFieldsError(*wrong_in(form))
        criteria = form.criteria()
        found = search(actor=actor, criteria=criteria, trail=trail)
        told = {
            "search": refer_to_search(actor, trail),
            "matches": [showing.match(each, actor, criteria, today) for each in found.matches],
            "too_many": bool(found.refine),
            "refine": found.refine or None,
        }
        return Response(SearchTold(told).data)


searches = for_systems(Permission.CHILD_SEARCH)(Searches.as_view())
