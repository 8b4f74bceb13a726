"""In whose name a system asks, and the closed lists from which something is sent."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.models import Role
from api import showing
from api.admission import for_systems
from api.callers import bearer_of
from api.described import Answers, examples, operation
from api.problems import Code
from api.reading import no_query
from api.serializers.told import ListsTold, MeTold
from audit.reasons import BasisEnd, Mistake, Reason
from registry.forms.searching import GENDERS
from registry.policies.records import services_of
from registry.rules.basis import wants_basis
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis, Service


class Me(APIView):
    """Whoever lets the system act for them."""

    http_method_names = ["get"]

    @operation(
        "me",
        "In whose name",
        "Who the person is, where they work, what they may record, and until when the token is good.",
        answers=Answers(MeTold),
        codes=[Code.INVALID],
        examples=examples.ME,
    )
    def get(self, request: Request) -> Response:
        """Tell it."""
        no_query(request)
        bearer = bearer_of(request)
        organisation = bearer.user.organisation
        told = {
            "name": bearer.user.name.open(),
            "role": showing.coded(Role(bearer.user.role)),
            "organisation": showing.place(organisation),
            "services": showing.coded_each(services_of(organisation)),
            "token_expires_at": bearer.expires_at,
        }
        return Response(MeTold(told).data)


class Lists(APIView):
    """The closed lists."""

    http_method_names = ["get"]

    @operation(
        "lists",
        "The closed lists",
        "Near a child nothing is free text: what is on none of these lists cannot be said. Lists may grow.",
        answers=Answers(ListsTold),
        codes=[Code.INVALID],
        examples=examples.LISTS,
    )
    def get(self, request: Request) -> Response:
        """Tell them all, codes and labels."""
        no_query(request)
        told = {
            "reasons": showing.coded_each(Reason),
            "genders": showing.coded_each(GENDERS),
            "services": showing.coded_each(Service),
            "sensitive_services": showing.coded_each(each for each in Service if wants_basis(each)),
            "bases": showing.coded_each(SensitiveBasis),
            "deciders": showing.coded_each(BasisDecider),
            "competences": showing.coded_each(Competence),
            "mistakes": showing.coded_each(Mistake),
            "basis_ends": showing.coded_each(BasisEnd),
        }
        return Response(ListsTold(told).data)


me = for_systems()(Me.as_view())
lists = for_systems()(Lists.as_view())
