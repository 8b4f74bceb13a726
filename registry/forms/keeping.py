"""That a young person consented to their record's being kept, on which ground and when; and that this is over."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from audit.reasons import KeepingEnd, KeepingGround
from pages.form_fields import PARTS, DateField
from registry.forms.choosing import radios

LATEST_AFTER = timedelta(days=366)
TOO_LONG_AGO = "The young person must have said so within the last year. If it was earlier, ask them again"
TOO_YOUNG = "They must have been 17 or older on that day. Ask them again after their 17th birthday"


class KeepForm(forms.Form):
    """A consent."""

    ground = radios(
        "Why may the record be kept?",
        KeepingGround.choices,
        "Choose why the record may be kept",
        coerce=KeepingGround,
    )
    given_on = DateField(
        label="Day of consent",
        help_text="When the young person said that they want the record kept. Keep their signed form where you work",
    )

    def clean_given_on(self) -> date:
        given: date = self.cleaned_data["given_on"]
        if given < timezone.localdate() - LATEST_AFTER:
            raise forms.ValidationError(TOO_LONG_AGO, params={"parts": PARTS})
        return given

    def refuse_as_too_young(self) -> None:
        """Say so beside the day."""
        self.add_error("given_on", forms.ValidationError(TOO_YOUNG, params={"parts": PARTS}))


class KeepNoMoreForm(forms.Form):
    """That it is over, and why."""

    why = radios(
        "Why is the record not kept any more?",
        KeepingEnd.choices,
        "Choose why the record is not kept any more",
        coerce=KeepingEnd,
    )
