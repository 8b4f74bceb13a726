"""Which two records are meant, and why they are put under one or parted."""

from django import forms

from audit.reasons import MergeReason, MergeRefusal, PartReason
from registry.forms.choosing import StepForm, radios
from registry.forms.identities import own_number


class FindTwoForm(forms.Form):
    """The two records that somebody means."""

    stays = own_number(
        "Registry number of the record that stays", "Its name, date of birth and council are those that search shows"
    )
    under = own_number("Registry number of the other record", "It goes under the first, with all that it says")


class AskMergeForm(forms.Form):
    """How it is known that two records are one child's."""

    reason = radios(
        "How do you know that they are one child’s?",
        MergeReason.choices,
        "Choose how you know it",
        coerce=MergeReason,
    )


class AskPartForm(forms.Form):
    """How it is known that two records are two children's."""

    reason = radios(
        "Why must they be parted again?",
        PartReason.choices,
        "Choose why they must be parted",
        coerce=PartReason,
    )


class RefuseMergeForm(StepForm):
    """Why it is refused."""

    why = radios("Why should it not be done?", MergeRefusal.choices, "Choose why not", coerce=MergeRefusal)
