"""Registrations of births and of deaths, as CSV with columns declared beforehand.

No layout of these is published. The headings here follow the particulars that a registrar enters (Registration of
Births and Deaths Regulations 1987); a supplier who heads them otherwise declares it.
"""

from collections.abc import Iterator
from datetime import date

from feeds.readers import delimited
from feeds.readers.delimited import Mapping
from feeds.readers.streams import ByteStream
from feeds.readers.values import DateOrder
from feeds.rows import Fault, Refused, Row
from registry.vocabulary import Gender, Relation

SEXES = {"F": Gender.FEMALE, "M": Gender.MALE, "Female": Gender.FEMALE, "Male": Gender.MALE}
PARENTS = {"Mother": Relation.MOTHER, "Father": Relation.FATHER, "Parent": Relation.PARENT}
OF_BOTH = {
    "key": "Entry number",
    "given": "Forenames",
    "family": "Surname",
    "gender": "Sex",
    "nhs_number": "NHS number",
    "date_of_birth": "Date of birth",
    "address_1": "Address line 1",
    "address_2": "Address line 2",
    "town": "Town",
    "postcode": "Postcode",
    "confirmed_on": "Date of registration",
}
OF_PARENTS = {
    f"guardian_{number}_{field}": f"Parent {number} {heading}"
    for number in (1, 2)
    for field, heading in {
        "given": "forenames",
        "family": "surname",
        "relation": "is",
        "responsibility": "has parental responsibility",
        "lives_with_child": "lives at the address",
    }.items()
}
BIRTHS = Mapping(OF_BOTH | OF_PARENTS, dates=DateOrder.DAY_FIRST, genders=SEXES, relations=PARENTS)
DEATHS = Mapping(OF_BOTH | {"date_of_death": "Date of death"}, dates=DateOrder.DAY_FIRST, genders=SEXES)


def read_births(stream: ByteStream, *, today: date, mapping: Mapping | None = None) -> Iterator[Row | Refused]:
    """The children whose births were registered."""
    return delimited.read(stream, today=today, mapping=mapping or BIRTHS)


def read_deaths(stream: ByteStream, *, today: date, mapping: Mapping | None = None) -> Iterator[Row | Refused]:
    """The children whose deaths were registered. A row without a date of death says nothing, and is refused."""
    for found in delimited.read(stream, today=today, mapping=mapping or DEATHS):
        if isinstance(found, Row) and found.date_of_death is None:
            yield Refused(found.line, Fault.MISSING, "date_of_death")
        else:
            yield found
