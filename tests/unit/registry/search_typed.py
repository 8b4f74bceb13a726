"""The form by which a child is looked for, filled as most people fill it."""

from registry.forms.searching import SearchForm
from tests.unit.registry.values import TODAY

Data = dict[str, str]

SEARCH: Data = {
    "given_name": "Amina",
    "family_name": "Hussain",
    "date_of_birth_day": "9",
    "date_of_birth_month": "4",
    "date_of_birth_year": "2017",
}


def search_form(**changes: str) -> SearchForm:
    return SearchForm(SEARCH | changes, today=TODAY)
