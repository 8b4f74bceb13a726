"""What an administrator types about a person. Every error says what to do next."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import IdentityCheck, IdentityDocument, Role, StopReason, UserState, VettingDetails, VettingKind
from access.models.addresses import plain_address
from access.people.actions.inviting import NewPerson
from access.people.actions.vetting import NewItem
from access.people.addresses import problem_with
from access.people.names import NAME, NO_NAME
from access.people.organisation_fields import Within, organisation_field, organisations_filter_field
from access.people.selectors.people import STOPPED, PeopleFilter
from access.rules.lifecycle import Step
from access.rules.vetting import last_day_of
from pages.chooser import NarrowingField, as_typed
from pages.form_fields import DateField
from pages.typed import plain
from pages.wording import long_date

LONGEST_NAME = 150
LONGEST_ADDRESS = 254
DBS_NUMBER = re.compile(r"[0-9]{12}")
WITHIN = (("30", "Within 30 days"), ("60", "Within 60 days"), ("90", "Within 90 days"), ("0", "Today or before"))
YES = "yes"
# Why somebody is suspended, or their access taken away.
REASONED = (Step.SUSPEND, Step.REVOKE)


def chosen(sentence: str) -> dict[str, str]:
    """The one message for a choice that was not made, or that is none of those on the page."""
    return {"required": sentence, "invalid_choice": sentence}


class PeopleFilterForm(forms.Form):
    """Narrows the list of people within reach. What is typed is kept in the session and stands in no address."""

    text = forms.CharField(
        label="Name or e-mail address",
        help_text="Words of the name or their beginnings, or the whole address",
        required=False,
        max_length=LONGEST_ADDRESS,
    )
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any"), *Role.choices])
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *UserState.choices, (STOPPED, "Stopped in an emergency")]
    )
    runs_out_within = forms.TypedChoiceField(
        label="Runs out", required=False, choices=[("", "Any time"), *WITHIN], coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, reach: Within, known: Sequence[int] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = organisations_filter_field(reach, known=known)
        self.order_fields(("text", "organisation"))

    def typed(self) -> dict[str, str]:
        """What came from the page, to be kept and cleaned again; nothing where nothing narrows."""
        plain = {name: str(self.data.get(name) or "") for name in ("text", "role", "state", "runs_out_within")}
        told = plain | as_typed(self.data, "organisation")
        return {name: value for name, value in told.items() if value}

    def fitting(self) -> list[int]:
        """The ids of the organisations that fit what was typed, of which one may be chosen."""
        return [int(one.value) for one in cast(NarrowingField, self.fields["organisation"]).found]

    def wanted(self) -> PeopleFilter | None:
        """What was typed, as the selector takes it; None where something is wrong with it."""
        if not self.is_bound:
            return PeopleFilter()
        if not self.is_valid():
            return None
        told = dict(self.cleaned_data)
        meant = told.pop("organisation")
        return PeopleFilter(organisations=None if meant is None else [int(one.value) for one in meant], **told)


class InviteForm(forms.Form):
    """Whom to invite, as what, and for which of the organisations within the actor's reach."""

    name = forms.CharField(
        label="Name",
        help_text="As it stands in their papers",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter their name"},
    )
    email = forms.CharField(
        label="E-mail address",
        help_text="Their own at work. The link is sent there and nowhere else",
        max_length=LONGEST_ADDRESS,
        error_messages={"required": "Enter their e-mail address"},
    )
    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages=chosen("Select their role"),
    )

    def __init__(self, *args: Any, reach: Within, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = organisation_field(reach, error_messages={"required": "Enter where they work"})

    def clean_name(self) -> str:
        name = plain(self.cleaned_data["name"])
        if not NAME.fullmatch(name):
            raise ValidationError(NO_NAME)
        return name

    def clean_email(self) -> str:
        address = plain_address(self.cleaned_data["email"])
        if problem := problem_with(address):
            raise ValidationError(problem)
        return address

    def new(self) -> NewPerson:
        """What was typed, as the action takes it."""
        told = self.cleaned_data
        return NewPerson(told["name"], told["email"], Role(told["role"]), int(told["organisation"].value))


class StepForm(forms.Form):
    """The step itself, with how the person stood on the page and, where it takes one, the reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, **options: Any) -> None:
        super().__init__(*args, **options)
        if step in REASONED:
            self.fields["reason"] = forms.ChoiceField(
                label="Why?",
                choices=StopReason.choices,
                widget=forms.RadioSelect,
                error_messages=chosen("Select why"),
            )


class RoleForm(forms.Form):
    """Another role for somebody."""

    def __init__(self, *args: Any, now: Role, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"] = forms.ChoiceField(
            label="Which role should they have?",
            choices=[(role.value, role.label) for role in Role if role != now],
            widget=forms.RadioSelect,
            error_messages=chosen("Select a role"),
        )


class NewSignInForm(forms.Form):
    """How an administrator made sure who asks for a new sign-in."""

    identity_check = forms.ChoiceField(
        label="How did you make sure that it is them?",
        choices=IdentityCheck.choices,
        widget=forms.RadioSelect,
        error_messages=chosen("Select how you made sure that it is them"),
    )


class AnswerForm(forms.Form):
    """The second administrator's answer to what another asked. `agree` and `refuse`: what each does, in words."""

    def __init__(self, *args: Any, agree: str, refuse: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"] = forms.ChoiceField(
            label="Do you agree?",
            choices=[(YES, f"Yes, {agree}"), ("no", f"No, {refuse}")],
            widget=forms.RadioSelect,
            error_messages=chosen("Select whether you agree"),
        )

    @property
    def is_agreed(self) -> bool:
        """Whether they agree, of a form that is valid."""
        return bool(self.cleaned_data["answer"] == YES)


class EvidenceForm(forms.Form):
    """Evidence of one kind. `day` is when it was checked; of a DBS check, when its certificate was issued."""

    kind: VettingKind

    def __init__(self, *args: Any, kind: VettingKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind

    day = DateField(label="Date on which it was checked")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        last_day = last_day_of(self.kind, checked_on=day)
        if last_day < timezone.localdate():
            raise ValidationError(f"This ran out on {long_date(last_day)}. Record a newer one")
        return day

    def details(self) -> VettingDetails:
        """What else was typed."""
        return VettingDetails()

    def new(self) -> NewItem:
        """What was typed, as the action takes it."""
        return NewItem(self.kind, self.cleaned_data["day"], self.details())


class IdentityForm(EvidenceForm):
    """Who somebody is, by a document with a photograph."""

    document = forms.ChoiceField(
        label="What did they show?",
        choices=IdentityDocument.choices,
        widget=forms.RadioSelect,
        error_messages=chosen("Select what they showed"),
    )
    field_order = ("document", "day")

    def details(self) -> VettingDetails:
        return VettingDetails(document=IdentityDocument(self.cleaned_data["document"]))


class DbsForm(EvidenceForm):
    """An enhanced check of the Disclosure and Barring Service, from its certificate."""

    day = DateField(label="Date of issue")
    number = forms.CharField(
        label="Certificate number",
        help_text="12 digits, at the top right",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter the certificate number"},
    )
    on_update_service = forms.TypedChoiceField(
        label="Is it on the update service?",
        choices=(("yes", "Yes"), ("no", "No")),
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages=chosen("Select whether it is on the update service"),
    )
    field_order = ("number", "day", "on_update_service")

    def clean_number(self) -> str:
        digits = re.sub(r"[\s-]", "", plain(self.cleaned_data["number"]))
        if not DBS_NUMBER.fullmatch(digits):
            raise ValidationError("Certificate number must be 12 digits")
        return digits

    def details(self) -> VettingDetails:
        told = self.cleaned_data
        return VettingDetails(told["number"], told["day"], told["on_update_service"])


class TrainingForm(EvidenceForm):
    """A module of the training."""

    day = DateField(label="Date on which they completed it")


class EmploymentForm(EvidenceForm):
    """Their employer's word that they work there and need the service."""

    day = DateField(label="Date on which their employer confirmed it")


EVIDENCE_FORMS: dict[VettingKind, type[EvidenceForm]] = {
    VettingKind.IDENTITY: IdentityForm,
    VettingKind.DBS: DbsForm,
    VettingKind.TRAINING_USE: TrainingForm,
    VettingKind.TRAINING_SECURITY: TrainingForm,
    VettingKind.TRAINING_DATA_PROTECTION: TrainingForm,
    VettingKind.TRAINING_HUMAN_RIGHTS: TrainingForm,
    VettingKind.EMPLOYMENT: EmploymentForm,
}
