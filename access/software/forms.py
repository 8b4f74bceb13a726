"""Forms that take a file of people. The file is read in memory and goes with the request."""

from typing import Any

from django import forms
from django.http import HttpRequest

from access.software.lists import spreadsheets


class ListForm(forms.Form):
    """A CSV file."""

    list = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another."},
    )

    def __init__(self, request: HttpRequest) -> None:
        sent = request.method == "POST"
        super().__init__(request.POST if sent else None, request.FILES if sent else None)
        self.fields["list"].help_text = f"At most {spreadsheets.limits()}."
        # Django drops a file that is too large for memory, as if none had been chosen.
        if sent and int(request.META.get("CONTENT_LENGTH") or 0) > spreadsheets.most_bytes():
            self.fields["list"].error_messages["required"] = (
                f"The file is too large: at most {spreadsheets.limits()} at once. Split it."
            )

    def contents(self) -> bytes:
        """The bytes of the file."""
        uploaded: Any = self.cleaned_data["list"]
        contents: bytes = uploaded.read()
        return contents
