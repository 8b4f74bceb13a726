"""API tokens: an administrator makes one for their organisation's software, sees it once, revokes it."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.routes import recently_confirmed, requires
from access.people.organisation_fields import HINT, Within, named, organisation_field
from access.rules.administering import organisations_administered, own_organisation_administered
from access.rules.roles import Permission
from access.software.actions.tokens import NewToken, make_token, revoke_token
from access.software.token_list import token_shown, tokens_shown

MADE = "token_made"
SHOWN_BEFORE = "A token is shown only once. If you have lost it, revoke it and make another."
REVOKED = "The token is revoked. Whatever still shows it is refused."
DAYS = ((30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "1 year"))
MOST_LETTERS = 60


class TokenForm(forms.Form):
    """What a token is for, and how long it is good."""

    label = forms.CharField(
        label="What will use it",
        max_length=MOST_LETTERS,
        help_text="Such as “Personnel system”. Only administrators see this.",
        error_messages={"required": "Enter what will use it"},
    )
    days = forms.TypedChoiceField(label="Good for", coerce=int, choices=DAYS, initial=180, widget=forms.RadioSelect)

    def __init__(self, *args: Any, reach: Within, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = organisation_field(
            reach,
            label="Whose people may it suspend?",
            help_text=f"An organisation and those that it answers for. {HINT}",
        )
        self.order_fields(("label", "organisation", "days"))


@requires(Permission.FEED_KEEP)
@require_safe
@recently_confirmed
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the organisations that the administrator manages."""
    return render(request, "access/tokens/list.html", {"tokens": tokens_shown(actor_of(request))})


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def make_api_token(request: HttpRequest) -> HttpResponse:
    """Ask what it is for; make it."""
    actor = actor_of(request)
    own = own_organisation_administered(actor)
    initial = {"organisation": named(own)} if own else {}
    form = TokenForm(typed(request), reach=partial(organisations_administered, actor), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = make_token(actor=actor, new=NewToken(int(given["organisation"].value), given["label"], given["days"]))
        request.session[MADE] = made.secret
        return redirect("api_token_made")
    return render(request, "access/tokens/make.html", {"form": form})


@requires(Permission.FEED_KEEP)
@require_safe
@recently_confirmed
def api_token_made(request: HttpRequest) -> HttpResponse:
    """Show the token, this once."""
    secret = request.session.pop(MADE, None)
    if secret is None:
        messages.info(request, SHOWN_BEFORE)
        return redirect("api_tokens")
    return render(request, "access/tokens/made.html", {"secret": secret})


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def revoke_api_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ask once more; revoke it."""
    actor = actor_of(request)
    shown = token_shown(actor, token_id)
    if request.method == "POST":
        revoke_token(actor=actor, token_id=token_id)
        messages.success(request, REVOKED)
        return redirect("api_tokens")
    return render(request, "access/tokens/revoke.html", {"token": shown})
