"""Signing in through an authority's own identity provider: choosing it, and coming back from it."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from access.door.routes import public
from access.sign_in import authorities
from access.sign_in.forms import AuthorityForm


@public
@require_http_methods(["GET", "HEAD", "POST"])
def authority_sign_in(request: HttpRequest) -> HttpResponse:
    """Which authority; then off to its provider."""
    if request.user.is_authenticated:
        return redirect("home")
    if not authorities.choices():
        raise Http404
    next_url = get_next_redirect_url(request)
    form = AuthorityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return authorities.begin(request, form.cleaned_data["authority"], next_url=next_url)
    return render(request, "account/authority.html", {"form": form, "next_url": next_url})


@public
@require_GET
def authority_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    if request.user.is_authenticated:
        return redirect("home")
    try:
        return authorities.finish(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
