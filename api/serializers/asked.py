"""What is sent: the kinds of its values. Each becomes what the form of the same page takes, which says the rest."""

from datetime import date
from typing import Any

from api.serializers.strict import Body, Day, OneOf, Shaped, Text, Whole, YesOrNo
from audit.reasons import BasisEnd, Mistake, Reason
from pages.form_fields import PARTS
from registry.forms.searching import GENDERS
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis, Service

BIRTH = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"


class SearchAsked(Body):
    """What is known of the child: enough of it, as the page Find a child asks, and nothing that is not known."""

    given_name = Text(required=False, help_text="As it was heard; spelling does not have to be right.")
    family_name = Text(required=False, help_text="The present one or an earlier one.")
    date_of_birth = Shaped(
        BIRTH,
        required=False,
        wanted="Enter a date like 2017-04-09, a month like 2017-04, or a year like 2017",
        help_text="A day like 2017-04-09, or as much of it as is known: 2017-04, or 2017.",
    )
    age = Whole(required=False, help_text="In whole years; a guess is fine.")
    postcode = Text(required=False, help_text="All of it, or the first part, like M33.")
    house = Text(required=False, help_text="The number of the house, with the street.")
    street = Text(required=False, help_text="The name of the street.")
    gender = OneOf(GENDERS, required=False)
    number = Text(required=False, help_text="NHS number, unique pupil number or the number of this registry.")
    search = Text(
        required=False,
        help_text="Of an earlier answer in this session: this search goes on with that one, and the access log shows "
        "them together.",
    )

    def as_typed(self) -> dict[str, str]:
        """As the form of the page takes it."""
        given = {name: str(value) for name, value in self.validated_data.items() if name != "search"}
        return given | birth_boxes(given.pop("date_of_birth", ""))


class OpeningAsked(Body):
    """That the record is opened, and why."""

    reason = OneOf(Reason, help_text="From the closed list. It is kept with the opening.")


class BasisAsked(Body):
    """Why a sensitive service may be entered. The consent itself is never sent."""

    basis = OneOf(SensitiveBasis)
    decided_by = OneOf(
        BasisDecider,
        required=False,
        help_text="Who decided; child, or left out, where the child or young person consented.",
    )
    competence = OneOf(Competence, help_text="Whether the child was judged able to decide for themselves.")
    decided_on = Day(help_text="Within the child’s life, and not to come.")
    sure = YesOrNo(
        required=False,
        help_text="true where so young a child was really judged able to decide: asked for by an error at first.",
    )

    @classmethod
    def typed(cls, given: dict[str, Any]) -> dict[str, str]:
        """As the form of the page takes it."""
        typed = {name: str(given[name]) for name in ("basis", "decided_by", "competence") if name in given}
        return typed | day_boxes("decided_on", given["decided_on"]) | {"sure": "yes" if given.get("sure") else ""}


class InvolvementAsked(Body):
    """An involvement of the person’s own organisation."""

    service = OneOf(
        Service,
        required=False,
        help_text="One of those that /api/v1/me lists; it can be left out where there is only one.",
    )
    practitioner = Text(help_text="Whom others should ask for. Never anything about the child.")
    telephone = Text(help_text="The one that is answered, with its extension if it has one.")
    started_on = Day(help_text="Within the child’s life, and not to come.")
    lead = YesOrNo(help_text="Whether this practitioner is the lead professional.")
    basis = BasisAsked(required=False, help_text="For a sensitive service, and for no other.")

    def as_typed(self) -> dict[str, str]:
        """As the form of the page takes it, which asks for the basis on a page of its own."""
        given = self.validated_data
        typed = {name: given[name] for name in ("service", "practitioner", "telephone") if name in given}
        return typed | day_boxes("started_on", given["started_on"]) | {"lead": "yes" if given["lead"] else "no"}

    def basis_as_typed(self) -> dict[str, str]:
        """The same of the basis; nothing where none was sent."""
        basis = self.validated_data.get("basis")
        return BasisAsked.typed(basis) if basis else {}


class EndAsked(Body):
    """When the involvement ended."""

    ended_on = Day(help_text="On the day it began, or later, and not to come.")

    def as_typed(self) -> dict[str, str]:
        """As the form of the page takes it."""
        return day_boxes("ended_on", self.validated_data["ended_on"])


class WithdrawalAsked(Body):
    """Why the involvement stands on the record no more: one of the two."""

    mistake = OneOf(Mistake, required=False, help_text="Why it should never have been recorded.")
    basis_end = OneOf(BasisEnd, required=False, help_text="Of a sensitive service: what has changed.")

    default_error_messages = {"one": "Enter mistake or basis_end, and not both"}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            self.fail("one")
        return attrs


def birth_boxes(born: str) -> dict[str, str]:
    """The three boxes of a date of birth, or of as much as is known of it: 2017-04-09, 2017-04, 2017."""
    known = born.split("-")
    return _boxes("date_of_birth", [*([""] * (len(PARTS) - len(known))), *reversed(known)])


def day_boxes(name: str, day: date) -> dict[str, str]:
    """The three boxes of a page that a day stands in."""
    return _boxes(name, [str(day.day), str(day.month), f"{day.year:04}"])


def _boxes(name: str, texts: list[str]) -> dict[str, str]:
    return {f"{name}_{part}": text for part, text in zip(PARTS, texts, strict=True)}
