"""Every page compiles, keeps the content security policy, and draws forms and errors as it should."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import URLResolver

from access.door.routes import ALLAUTH_ROUTES
from contactpoint import errors
from contactpoint.jinja import as_clock, as_date, as_moment
from pages.components import component, error_links
from pages.form_fields import DateField

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
PAGES = [name for name in NAMES if name.endswith(".html")]
# Answers the sign-in page's script, and otherwise sends back to the sign-in page.
WITHOUT_PAGE = {"mfa_login_webauthn"}


class EveryKindForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the birth certificate", max_length=50)
    secret = forms.CharField(
        label="Password", max_length=50, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    born = DateField(label="Date of birth")
    gender = forms.ChoiceField(label="Gender", choices=[("f", "Female"), ("m", "Male")])
    why = forms.ChoiceField(label="Reason", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple
    )
    lead = forms.BooleanField(label="Lead professional")
    lines = forms.CharField(label="Lines", widget=forms.Textarea(attrs={"rows": 3}))
    token = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("name", NAMES)
def test_compiles(name: str) -> None:
    assert get_template(name).backend.name == "jinja2"


@pytest.mark.parametrize("name", PAGES)
def test_has_nothing_that_the_content_security_policy_forbids(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", source)


def allauth_views() -> dict[str, Any]:
    """The view class of each route of allauth, by route name."""
    found, waiting = {}, [*account_urls.urlpatterns, *mfa_urls.urlpatterns]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting.extend(entry.url_patterns)
        else:
            found[entry.name] = getattr(entry.callback, "view_class", None)
    return found


@pytest.mark.parametrize("route", sorted(set(ALLAUTH_ROUTES) - WITHOUT_PAGE))
def test_each_reachable_page_of_allauth_is_ours(route: str) -> None:
    assert get_template(allauth_views()[route].template_name).backend.name == "jinja2"


@pytest.mark.parametrize(
    ("respond", "status"),
    [
        (errors.bad_request, 400),
        (errors.refused, 403),
        (errors.stale_form, 403),
        (errors.not_found, 404),
        (errors.failed, 500),
        (errors.unavailable, 503),
        (errors.too_many, 429),
        (lambda request: errors.wrong_method(request, ["POST"]), 405),
    ],
)
def test_error_page_needs_no_database_and_repeats_nothing(
    respond: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    response = respond(RequestFactory().get("/canary/", {"canary": "canary"}))
    page = response.content.decode()
    assert response.status_code == status
    assert page.startswith("<!DOCTYPE html>")
    assert "canary" not in page


def test_locked_out_page_says_how_long() -> None:
    response = errors.too_many(RequestFactory().get("/"), minutes=15)
    assert "Wait 15 minutes" in response.content.decode()
    assert response["Retry-After"] == "900"


def test_wrong_method_names_the_right_ones() -> None:
    assert errors.wrong_method(RequestFactory().get("/"), ["POST"])["Allow"] == "POST"


def test_unavailable_says_when_to_come_back() -> None:
    assert errors.unavailable(RequestFactory().get("/"))["Retry-After"] == "60"


def test_each_kind_of_field_has_its_component() -> None:
    kinds = [component(field) for field in EveryKindForm()]
    assert kinds == ["input", "password", "date", "select", "radios", "checkboxes", "checkbox", "textarea", "hidden"]


def test_field_without_component_says_what_to_do() -> None:
    class NoteForm(forms.Form):
        note = forms.DateTimeField(widget=forms.SplitDateTimeWidget)

    with pytest.raises(TypeError, match="No component draws a SplitDateTimeWidget; add it to"):
        component(NoteForm()["note"])


def test_form_draws_itself_in_our_markup() -> None:
    page = str(EveryKindForm())
    for part in ("govuk-input", "govuk-password-input", "govuk-date-input", "govuk-select", "govuk-textarea"):
        assert part in page
    assert 'aria-describedby="id_name-hint"' in page
    assert 'autocomplete="off"' in page
    assert 'autocomplete="current-password"' in page
    assert 'spellcheck="false"' in page
    assert " required" not in page
    assert re.search(r"<textarea[^>]*></textarea>", page), "an empty box is empty"


def test_field_draws_itself_in_our_markup() -> None:
    assert 'class="govuk-input"' in EveryKindForm()["name"].as_field_group()


def test_each_error_leads_to_its_box() -> None:
    page = str(EveryKindForm({}))
    for link in error_links(EveryKindForm({})):
        if "href" in link:
            assert f'id="{link["href"][1:]}"' in page
    assert [link["text"] for link in error_links(EveryKindForm({}))] == [
        "Enter name",
        "Enter password",
        "Enter date of birth",
        "Select gender",
        "Select reason",
        "Select kinds",
        "Select lead professional",
        "Enter lines",
        "Enter token",
    ]


def test_browser_cuts_nothing_and_what_is_too_long_is_told() -> None:
    form = EveryKindForm({"name": "b" * 51})
    page = str(form)
    assert "maxlength" not in page
    assert "b" * 51 in page
    assert error_links(form)[0] == {"text": "Name must be 50 characters or fewer", "href": "#id_name"}


def test_what_was_typed_comes_back_escaped() -> None:
    page = str(EveryKindForm({"name": '"><b>x', "born_day": '"><b>x'}))
    assert "<b>" not in page
    assert page.count("&#34;&gt;&lt;b&gt;x") == 2


def test_password_does_not_come_back() -> None:
    assert "hunter2" not in str(EveryKindForm({"secret": "hunter2"}))


def test_date_marks_only_the_wrong_box() -> None:
    page = str(EveryKindForm({"born_day": "4", "born_month": "3", "born_year": "19"})["born"].as_field_group())
    wrong = [box for box in re.findall(r"<input[^>]*>", page) if "govuk-input--error" in box]
    assert len(wrong) == 1
    assert 'name="born_year"' in wrong[0]


def test_dates_are_in_the_time_of_the_service() -> None:
    late = datetime(2019, 6, 30, 23, 30, 9, tzinfo=UTC)
    assert as_date(date(2019, 3, 4)) == "4 March 2019"
    assert as_date(late) == "1 July 2019"
    assert as_moment(late) == "1 Jul 2019, 00:30:09"
    assert as_clock(late) == "00:30"
    assert as_clock(datetime(2019, 12, 1, 21, 1, tzinfo=UTC)) == "21:01"
    assert as_date(None) == as_moment(None) == ""
