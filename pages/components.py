"""What the GOV.UK Design System macros are given to draw a Django field.

The parameters are those of govuk-frontend's Nunjucks macros, which govuk-frontend-jinja keeps.
Source: https://design-system.service.gov.uk/components/
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField

from pages.chooser import AMONG, MOST_SHOWN, PICK, Answer, ChooserField, ChooserWidget, NarrowingField, Option
from pages.form_fields import PARTS, DateWidget, in_sentence, wrong_boxes

Parameters = dict[str, Any]

# The first class that fits decides, so a subclass stands before its parent.
COMPONENTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (DateWidget, "date"),
    (ChooserWidget, "chooser"),
    (forms.PasswordInput, "password"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.widgets.Input, "input"),
)
# Handed to the macro under these names; every other attribute but class and id is written as it is.
NAMED_ATTRIBUTES = ("autocomplete", "autocapitalize", "inputmode", "pattern")
# A placeholder vanishes when one types; `required` makes browsers speak before our own messages can, and `maxlength`
# makes them cut what is typed or pasted without a word; Django's aria-describedby names ids that our markup lacks.
DROPPED_ATTRIBUTES = frozenset(
    {"id", "class", "placeholder", "required", "maxlength", "spellcheck", "aria-describedby", "aria-invalid"}
)
KNOWN_ATTRIBUTES = DROPPED_ATTRIBUTES | set(NAMED_ATTRIBUTES)
BOX_WIDTHS = {"day": "2", "month": "4", "year": "4"}  # a month may be typed by name


@dataclass(frozen=True, slots=True)
class Look:
    """How a field stands on its page; see `parameters`."""

    heading: bool
    size: str
    inline: bool


def component(field: BoundField) -> str:
    """Which component draws the field: date, radios, select, input... Raises TypeError when none does."""
    for widget_class, name in COMPONENTS:
        if isinstance(field.field.widget, widget_class):
            return name
    name = type(field.field.widget).__name__
    raise TypeError(f"No component draws a {name}; add it to pages.components.COMPONENTS.")


def parameters(
    field: BoundField,
    *,
    heading: bool = False,
    size: str = "s",
    inline: bool = False,
    hint: bool = True,
    label: str = "",
) -> Parameters:
    """The macro's parameters for the field, with its help text as hint and its first error.

    `heading` makes the label the page's h1, `size` is s, m, l or xl, `inline` sets radios side by side,
    `hint` false leaves the help text out, `label` stands in for the form's own where that is a library's.
    The browser is told to remember nothing, unless the widget's `autocomplete` says so, and no spelling
    service sees what is typed.
    """
    if label:
        field = copy(field)
        field.label = label
    made: Parameters = {"name": field.html_name, "id": field.auto_id}
    if hint and field.help_text:
        made["hint"] = {"text": field.help_text}
    errors = error_texts(field)
    if errors:
        made["errorMessage"] = {"text": errors[0]}
    if component(field) == "chooser":
        return _chooser(field, made, Look(heading=heading, size=size, inline=inline))
    look = Look(heading=heading, size=size, inline=inline)
    return made | DRAWN_BY[component(field)](field, look)


def error_links(form: forms.BaseForm) -> list[Parameters]:
    """Every error of the form, each leading to its box; the form's own errors lead to the first box."""
    links = [_link(str(text), _first_visible(form)) for text in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else error_target(field)
        links.extend(_link(text, target) for text in error_texts(field))
    return links


def error_texts(field: BoundField) -> list[str]:
    """The field's errors; Django's own of what is missing or too long become what to do: "Enter your password".

    Source of the wording: https://design-system.service.gov.uk/components/error-message/
    """
    return [_error_text(field, error) for error in field.errors.as_data()]


def _error_text(field: BoundField, error: ValidationError) -> str:
    if error.message == forms.Field.default_error_messages["required"]:
        verb = "Select" if component(field) in {"radios", "checkboxes", "checkbox", "select", "file"} else "Enter"
        return f"{verb} {in_sentence(field.label)}"
    if error.params and error.message is MaxLengthValidator.message:
        return f"{field.label} must be {error.params['limit_value']} characters or fewer"
    return str(error.messages[0])


def error_target(field: BoundField) -> str:
    """The id of the element that a person must go to to correct the field."""
    kind = component(field)
    if kind == "chooser" and _to_choose_from(field):
        return f"{field.auto_id}{PICK}"
    if kind == "date":
        first = PARTS.index((wrong_boxes(field) or PARTS)[0])
        return str(_widget(field)["subwidgets"][first]["attrs"]["id"])
    if kind in {"radios", "checkboxes"}:
        return str(_items(field)[0]["id"])
    return str(field.auto_id)


def _link(text: str, target: str) -> Parameters:
    return {"text": text, "href": f"#{target}"} if target else {"text": text}


def _first_visible(form: forms.BaseForm) -> str:
    visible = form.visible_fields()
    return error_target(visible[0]) if visible else ""


def _widget(field: BoundField) -> Parameters:
    context = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    described: Parameters = context["widget"]
    return described


def _label(field: BoundField, look: Look) -> Parameters:
    return {"text": field.label, "classes": f"govuk-label--{look.size}", "isPageHeading": look.heading}


def _fieldset(field: BoundField, look: Look) -> Parameters:
    classes = f"govuk-fieldset__legend--{look.size}"
    return {"legend": {"text": field.label, "classes": classes, "isPageHeading": look.heading}}


def _single(field: BoundField, look: Look) -> Parameters:
    described = _widget(field)
    attributes = described["attrs"]
    made: Parameters = {
        "label": _label(field, look),
        "type": described.get("type", "text"),
        "value": described["value"],
        "classes": attributes.get("class", ""),
        "spellcheck": False,
        "autocomplete": "off",
    }
    made |= {name: attributes[name] for name in NAMED_ATTRIBUTES if name in attributes}
    others = {n: v for n, v in attributes.items() if n not in DROPPED_ATTRIBUTES and n not in NAMED_ATTRIBUTES}
    if others:
        made["attributes"] = others
    return made


def _lines(field: BoundField, look: Look) -> Parameters:
    described = _widget(field)
    return {
        "label": _label(field, look),
        "value": described["value"] or "",
        "rows": described["attrs"]["rows"],
        "spellcheck": False,
        "autocomplete": "off",
    }


def _file(field: BoundField, look: Look) -> Parameters:
    attributes = {name: value for name, value in _widget(field)["attrs"].items() if name not in KNOWN_ATTRIBUTES}
    return {"label": _label(field, look), "attributes": attributes}


def _drop_down(field: BoundField, look: Look) -> Parameters:
    classes = _widget(field)["attrs"].get("class", "")
    return {"label": _label(field, look), "items": _items(field), "classes": classes}


def _choices(field: BoundField, look: Look) -> Parameters:
    kind = component(field)
    classes = f"govuk-{kind}--inline govuk-{kind}--small" if look.inline else ""
    return {
        "fieldset": _fieldset(field, look),
        "idPrefix": field.auto_id,
        "items": _items(field),
        "classes": classes,
    }


def _tick(field: BoundField, _look: Look) -> Parameters:
    item = {"value": "on", "text": field.label, "checked": bool(field.value()), "id": field.auto_id}
    return {"idPrefix": field.auto_id, "items": [item]}


def _chooser(field: BoundField, made: Parameters, look: Look) -> Parameters:
    """The parameters of the box, the value of what its list was made for, and of the radios where there is a list."""
    options = _to_choose_from(field)
    box = {name: value for name, value in made.items() if not (options and name == "errorMessage")}
    drawn: Parameters = {"box": box | _single(field, look), "radios": None}
    if not options:
        return drawn
    answer = field.value()
    pick = answer.current_pick if isinstance(answer, Answer) else ""
    if isinstance(field.field, NarrowingField):
        drawn |= {"fold": f"Show only one of these {len(_fitting(field)):,}", "unfolded": bool(pick)}
    drawn["among"] = {"name": f"{field.html_name}{AMONG}", "value": drawn["box"]["value"]}
    drawn["radios"] = {name: made[name] for name in ("errorMessage",) if name in made} | {
        "name": f"{field.html_name}{PICK}",
        "idPrefix": f"{field.auto_id}{PICK}",
        "classes": "govuk-radios--small",
        "fieldset": {"legend": {"text": "Which one do you mean?", "classes": "govuk-fieldset__legend--s"}},
        "hint": {"text": _how_many(len(_fitting(field)))},
        "items": [
            {"value": one.value, "text": one.text, "hint": {"text": one.hint}, "checked": one.value == pick}
            for one in options
        ],
    }
    return drawn


def _to_choose_from(field: BoundField) -> list[Option]:
    """The list below the box: the best of those that fit, where several do."""
    found = list(_fitting(field))
    if len(found) < 2:  # noqa: PLR2004 - one is no choice
        return []
    shown = found[:MOST_SHOWN]
    return [NarrowingField.every_one, *shown] if isinstance(field.field, NarrowingField) else shown


def _fitting(field: BoundField) -> Sequence[Option]:
    chooser = field.field
    assert isinstance(chooser, ChooserField)  # noqa: S101 - no other field has its widget
    return chooser.found


def _how_many(number: int) -> str:
    if number <= MOST_SHOWN:
        return f"{number} fit what you entered"
    return (
        f"{number:,} fit what you entered. These are the first {MOST_SHOWN}. For others, add a town or postcode above"
    )


def _date(field: BoundField, look: Look) -> Parameters:
    wrong = wrong_boxes(field)
    return {
        "fieldset": _fieldset(field, look) | {"attributes": {"role": "group"}},
        "items": [
            {
                "id": box["attrs"]["id"],
                "name": box["name"],
                "label": part.capitalize(),
                "value": box["value"],
                "classes": f"govuk-input--width-{width}" + (" govuk-input--error" if part in wrong else ""),
                "autocomplete": "off",
            }
            for box, (part, width) in zip(_widget(field)["subwidgets"], BOX_WIDTHS.items(), strict=True)
        ],
    }


def _items(field: BoundField) -> list[Parameters]:
    options = (option for _, group, _ in _widget(field)["optgroups"] for option in group)
    return [
        {
            "value": option["value"],
            "text": option["label"],
            "checked": option["selected"],
            "selected": option["selected"],
            "id": option["attrs"].get("id"),
        }
        for option in options
    ]


DRAWN_BY: dict[str, Callable[[BoundField, Look], Parameters]] = {
    "input": _single,
    "password": _single,
    "date": _date,
    "radios": _choices,
    "checkboxes": _choices,
    "checkbox": _tick,
    "select": _drop_down,
    "textarea": _lines,
    "file": _file,
}
