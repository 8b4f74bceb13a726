"""Which record in the archive somebody must read, and why; and that another agrees, who knows which one it is."""

from django import forms

from audit.reasons import ArchiveReason
from registry.forms.choosing import StepForm, radios
from registry.forms.identities import own_number


class AskArchiveForm(forms.Form):
    """The record that somebody means, and why they must read it."""

    number = own_number("Registry number", "It has 11 digits, and stands on letters of ours and in your own files")
    reason = radios("Why must you read it?", ArchiveReason.choices, "Choose why you must read it", coerce=ArchiveReason)


class GiveArchiveForm(StepForm):
    """The number of the record, which the other administrator tells."""

    number = own_number(
        "Number of the record", "Ask the administrator who wants it, and speak with them about why it is needed"
    )
