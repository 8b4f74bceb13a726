"""The closed lists of what somebody reports as wrong on a child's record, and of what came of it.

What is reported stands as the reason of its event, and so does what is answered (audit/reasons.py).
"""

from django.db.models import TextChoices


class ReportedPart(TextChoices):
    """What is wrong on a record. Never what would be right: that is said on the telephone."""

    NAME = "wrong_name", "Name"
    BIRTH = "wrong_birth", "Date of birth"
    GENDER = "wrong_gender", "Gender"
    ADDRESS = "wrong_address", "Address"
    GUARDIANS = "wrong_guardians", "Parents and carers"
    NHS_NUMBER = "wrong_nhs_number", "NHS number"
    PUPIL_NUMBER = "wrong_pupil_number", "Unique pupil number"
    SCHOOL = "wrong_school", "School, college, nursery or other education"
    PRACTICE = "wrong_practice", "GP practice"
    SERVICE = "wrong_service", "Another service, or its telephone number"
    DEATH = "wrong_death", "The child has died, or the date of death is wrong"
    TWO_CHILDREN = "two_in_one", "The record is of two children, mixed"
    TWO_RECORDS = "another_record", "The child has another record as well"


class ReportAnswer(TextChoices):
    """What came of a report. SOURCE_TOLD leaves it open, until what the record says changes or somebody says more."""

    SOURCE_TOLD = "source_told", "I told the source, which is to send it right"
    PUT_RIGHT = "put_right", "It was put right"
    RIGHT = "right_as_it_is", "It is right as it is"
    NOT_FOUND_OUT = "not_found_out", "It could not be found out"
    ONE_RECORD = "put_under_one", "The two records were put under one"
