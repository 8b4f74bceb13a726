"""What is typed to ask that a system be accredited."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from access.models import Organisation, SystemPurpose
from access.people.organisation_fields import HINT, Within, named, organisation_field
from access.systems.actions.systems import NewSystem
from access.systems.addresses import MOST_LETTERS as MOST_IN_ADDRESS
from access.systems.addresses import AddressError, read_addresses, read_telling_address
from access.systems.deliveries import Delivered
from access.systems.keys import KeysError, PrivateKeyError, read_keys

DAYS = ((90, "90 days"), (180, "180 days"), (365, "1 year"))
MOST_LETTERS = 60
NO_ADDRESS = "Enter at least one address that people come back to"
NOBODY_COMES_BACK = "Leave the addresses out: nobody works in it, so that nobody comes back"
TOLD_NOTHING = "Leave this address out: nobody works in it, so that it is told nothing"
NO_FEED = "Choose the feed that it delivers"
NOT_ITS_FEED = "Choose a feed of this organisation, or of one that it answers for"
DELIVERS_NONE = "Choose no feed: it delivers none"


class SystemForm(forms.Form):
    """Whose system, what it is called and there for, its public keys, and how long it is good.

    Where people come back to is asked where any work in it, and which feed where it delivers one.
    """

    name = forms.CharField(
        label="What people call it",
        max_length=MOST_LETTERS,
        help_text="Such as “Case files”, or “Personnel system”.",
        error_messages={"required": "Enter what people call it"},
    )
    purpose = forms.ChoiceField(
        label="What is it there for?",
        choices=SystemPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is there for"},
    )
    addresses = forms.CharField(
        label="Addresses that people come back to",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=("If people work in it. One in a line, exactly as its supplier gives them: “redirect URIs”."),
    )
    feed = forms.TypedChoiceField(
        label="Which feed?",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="If it delivers one. Whoever runs the service agrees feeds with suppliers.",
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

    def __init__(
        self,
        *args: Any,
        reach: Within,
        own: Organisation | None,
        only: bool,
        feeds: Sequence[Delivered],
        **options: Any,
    ) -> None:
        """`own` is the organisation meant unless another is entered; `only` where there is no other.

        `feeds` are those that can be delivered.
        """
        super().__init__(*args, **options)
        self._only = own if only else None
        self._feeds = {each.id: each for each in feeds if not each.stopped}
        self.fields["feed"].choices = [  # type: ignore[attr-defined]  # it is one of choices
            ("", "None"),
            *((each.id, each.name) for each in self._feeds.values()),
        ]
        if not only:
            self.fields["organisation"] = organisation_field(
                reach,
                label="Whose is it?",
                help_text=f"It is for the people of this organisation and of those that it answers for. {HINT}",
            )
            if own:
                self.initial["organisation"] = named(own)
            self.order_fields(("name", "organisation"))

    def clean(self) -> dict[str, Any]:
        """What goes with what it is there for is there, and nothing else."""
        given = super().clean() or {}
        if purpose := given.get("purpose"):
            self._check_addresses(given, works=purpose == SystemPurpose.PEOPLE)
            self._check_feed(given, delivers=purpose == SystemPurpose.FEED)
        return given

    def _check_addresses(self, given: dict[str, Any], *, works: bool) -> None:
        """Whoever works in it comes back somewhere; and only they are told something."""
        if works:
            if not given.get("addresses") and "addresses" not in self.errors:
                self.add_error("addresses", NO_ADDRESS)
            return
        for box, wrong in (("addresses", NOBODY_COMES_BACK), ("telling_address", TOLD_NOTHING)):
            if given.get(box):
                self.add_error(box, wrong)

    def _check_feed(self, given: dict[str, Any], *, delivers: bool) -> None:
        """One that delivers has a feed, of its own organisation or of one that it answers for."""
        feed, organisation_id = self._feeds.get(given.get("feed") or 0), self._organisation_id()
        if delivers and feed is None:
            self.add_error("feed", NO_FEED)
        elif delivers and feed and organisation_id is not None and not feed.is_for(organisation_id):
            self.add_error("feed", NOT_ITS_FEED)
        elif feed and not delivers:
            self.add_error("feed", DELIVERS_NONE)

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
        organisation_id = self._organisation_id()
        assert organisation_id is not None  # noqa: S101 - the form is valid
        return NewSystem(
            organisation_id=organisation_id,
            name=given["name"],
            addresses=given["addresses"],
            telling_address=given["telling_address"],
            keys=given["keys"],
            accredited_until=timezone.localdate() + timedelta(days=given["days"]),
            purpose=SystemPurpose(given["purpose"]),
            feed=given["feed"],
        )

    def _organisation_id(self) -> int | None:
        """Whose it is; None while that is not known."""
        if self._only:
            return self._only.pk
        chosen = self.cleaned_data.get("organisation")
        return int(chosen.value) if chosen else None
