"""What is typed to ask that a system be accredited."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from access.models import Organisation
from access.people.organisation_fields import HINT, Within, named, organisation_field
from access.systems.actions.systems import NewSystem
from access.systems.addresses import MOST_LETTERS as MOST_IN_ADDRESS
from access.systems.addresses import AddressError, read_addresses, read_telling_address
from access.systems.keys import KeysError, PrivateKeyError, read_keys

DAYS = ((90, "90 days"), (180, "180 days"), (365, "1 year"))
MOST_LETTERS = 60


class SystemForm(forms.Form):
    """Whose system, what it is called, where its people come back to, its public keys, and how long it is good."""

    name = forms.CharField(
        label="What people call it",
        max_length=MOST_LETTERS,
        help_text="People see this when they let it look things up in their name.",
        error_messages={"required": "Enter what people call it"},
    )
    addresses = forms.CharField(
        label="Addresses that people come back to",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One in a line, exactly as its supplier gives them: “redirect URIs”.",
        error_messages={"required": "Enter at least one address that people come back to"},
    )
    telling_address = forms.CharField(
        label="Address at which it is told that something changed (optional)",
        required=False,
        max_length=MOST_IN_ADDRESS,
        help_text="From its supplier: “push endpoint”. It is told that there is something new, and nothing of what.",
    )
    keys = forms.CharField(
        label="Its public keys",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="A “JSON Web Key Set” from its supplier. Never a private key.",
        error_messages={"required": "Enter its public keys"},
    )
    days = forms.TypedChoiceField(label="Good for", coerce=int, choices=DAYS, initial=365, widget=forms.RadioSelect)

    def __init__(self, *args: Any, reach: Within, own: Organisation | None, only: bool, **options: Any) -> None:
        """`own` is the organisation meant unless another is entered; `only` where there is no other."""
        super().__init__(*args, **options)
        self._only = own if only else None
        if not only:
            self.fields["organisation"] = organisation_field(
                reach,
                label="Whose people may work in it?",
                help_text=f"An organisation and those that it answers for. {HINT}",
            )
            if own:
                self.initial["organisation"] = named(own)
            self.order_fields(("name", "organisation"))

    def clean_addresses(self) -> list[str]:
        """Those that were typed. Says what is wrong with the first that cannot be taken."""
        try:
            return read_addresses(self.cleaned_data["addresses"])
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean_telling_address(self) -> str:
        """The one that was typed, if any. Says what is wrong with it where it cannot be taken."""
        try:
            return read_telling_address(self.cleaned_data["telling_address"])
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean_keys(self) -> dict[str, Any]:
        """The set that was pasted. A private key is not shown again, to whoever looks over a shoulder."""
        try:
            return read_keys(self.cleaned_data["keys"])
        except KeysError as problem:
            if isinstance(problem, PrivateKeyError):
                self.data = {**self.data, "keys": ""}
            raise forms.ValidationError(str(problem)) from None

    def new(self) -> NewSystem:
        """What is asked for."""
        given = self.cleaned_data
        return NewSystem(
            organisation_id=self._only.pk if self._only else int(given["organisation"].value),
            name=given["name"],
            addresses=given["addresses"],
            telling_address=given["telling_address"],
            keys=given["keys"],
            accredited_until=timezone.localdate() + timedelta(days=given["days"]),
        )
