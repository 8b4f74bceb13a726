"""What is entered of a service that works with a child, when it ended, and why it should never have been recorded."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import Organisation
from pages.form_fields import DateField
from pages.shaped_fields import TelephoneField
from pages.wording import long_date
from registry.actions.involvements import Entry
from registry.forms.choosing import choose, radios
from registry.forms.fields import NameField
from registry.policies.records import mistakes_of, services_of
from registry.rules.retention import KEPT_TO, MAJORITY
from registry.rules.service_days import Life, WrongDay, wrong_end, wrong_start
from registry.vocabulary import Service


class InvolvementForm(forms.Form):
    """An involvement of one's own organisation. Asks for a service only where there is a choice.

    The basis of a sensitive one is asked on a page of its own (registry/forms/basis.py).
    """

    service = radios("Which service?", [], "Choose the service")
    practitioner = NameField(
        label="Practitioner’s name",
        help_text="Who others should ask for. Never write anything about the child",
        error_messages={"required": "Enter the practitioner’s name"},
    )
    telephone = TelephoneField(
        label="Telephone number",
        help_text="The one that is answered, with its extension if it has one, like 0161 496 0000 extension 23",
    )
    started_on = DateField(label="Start date")
    lead = forms.TypedChoiceField(
        label="Is this practitioner the lead professional?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=choose("Choose whether this practitioner is the lead professional"),
    )

    def __init__(self, *args: Any, organisation: Organisation, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.life = life
        services = services_of(organisation)
        self.fields["service"].choices = [(each.value, each.label) for each in services]  # type: ignore[attr-defined]
        self.only_service = services[0] if len(services) == 1 else None
        if self.only_service:
            del self.fields["service"]

    def clean_started_on(self) -> date:
        started_on: date = self.cleaned_data["started_on"]
        wrong = wrong_start(started_on, self.life, today=timezone.localdate())
        if wrong:
            raise wrong_day_told("Start date", wrong, self.life)
        return started_on

    def entry(self) -> Entry:
        """What was entered, once valid."""
        values = self.cleaned_data
        return Entry(
            service=self.only_service or Service(values["service"]),
            practitioner=values["practitioner"],
            telephone=values["telephone"],
            started_on=values["started_on"],
            lead=values["lead"],
        )


class EndForm(forms.Form):
    """When an involvement ended."""

    ended_on = DateField(label="End date")

    def __init__(self, *args: Any, started_on: date, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.started_on = started_on
        self.life = life

    def clean_ended_on(self) -> date:
        ended_on: date = self.cleaned_data["ended_on"]
        wrong = wrong_end(ended_on, self.life, started_on=self.started_on, today=timezone.localdate())
        if wrong == WrongDay.BEFORE_START:
            message = f"End date must be the same as or after {long_date(self.started_on)}, when it started"
            raise ValidationError(message, code=wrong)
        if wrong:
            raise wrong_day_told("End date", wrong, self.life)
        return ended_on


class WithdrawalForm(forms.Form):
    """Why an involvement should never have been recorded."""

    mistake = radios("Why should it not be on this record?", [], "Choose why it should not be on this record")

    def __init__(self, *args: Any, service: Service, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each.value, each.label) for each in mistakes_of(service)]
        self.fields["mistake"].choices = choices  # type: ignore[attr-defined]


def wrong_day_told(label: str, wrong: WrongDay, life: Life) -> ValidationError:
    """What to do about a day outside the child's life, which names no day that the record does not show."""
    birthday = f"{KEPT_TO if life.kept else MAJORITY}th birthday"
    told = {
        WrongDay.NOT_YET: "today or in the past",
        WrongDay.BEFORE_BIRTH: f"the same as or after {long_date(life.born)}, when the child was born",
        WrongDay.GROWN_UP: f"before {long_date(life.grown_up_on)}, the child’s {birthday}",
        WrongDay.AFTER_DEATH: f"the same as or before {long_date(life.died)}, when the child died" if life.died else "",
    }
    return ValidationError(f"{label} must be {told[wrong]}", code=wrong)
