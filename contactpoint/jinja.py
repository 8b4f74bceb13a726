"""The template environment of every page, and how a Django form becomes GOV.UK Design System markup."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import jinja2
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone

from access.sign_in import authorities
from pages import telephones
from pages.components import component, error_links, parameters


class FormRenderer(TemplatesSetting):
    """Draws `{{ form }}` and `{{ form.name.as_field_group() }}` with our components.

    A widget drawn alone (`{{ form.name }}`) is Django's bare input, without label, hint or error.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def environment(**options: Any) -> jinja2.Environment:
    """Jinja2 with our templates, the GOV.UK components and Django's own form templates, in that order."""
    options["loader"] = jinja2.ChoiceLoader(
        [
            options["loader"],
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
            jinja2.FileSystemLoader(Path(forms.__file__).parent / "jinja2"),
        ]
    )
    made = jinja2.Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - Django passes autoescape
    made.globals |= {
        "this_moment": timezone.now,
        "static": static,
        "url": url,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "longest_hours": settings.SESSION_COOKIE_AGE // 3600,
        "component": component,
        "parameters": parameters,
        "error_links": error_links,
        "authorities_to_sign_in_with": authorities.choices,
    }
    made.filters |= {
        "date": as_date,
        "moment": as_moment,
        "clock": as_clock,
        "second": as_second,
        "telephone": telephones.shown,
        "telephone_link": telephones.link,
    }
    return made


def url(name: str, *args: object, **kwargs: object) -> str:
    """The path of the named route. Raises NoReverseMatch when there is none."""
    return reverse(name, args=args, kwargs=kwargs)


def as_date(value: date | None) -> str:
    """A day as GOV.UK writes it: 4 March 2019. Nothing for None."""
    if value is None:
        return ""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return formats.date_format(day, "j F Y")


def as_clock(value: datetime) -> str:
    """A time of day in the service's time zone, of 24 hours like every other that we write: 14:32."""
    return formats.date_format(timezone.localtime(value), "H:i")


def as_moment(value: datetime | None) -> str:
    """A moment in the service's time zone, to the second: 4 Mar 2019, 17:05:09. Nothing for None."""
    return "" if value is None else formats.date_format(timezone.localtime(value), "j M Y, H:i:s")


def as_second(value: datetime) -> str:
    """A time of day in the service's time zone, to the second: 17:05:09."""
    return formats.date_format(timezone.localtime(value), "H:i:s")
