"""Examples of what is sent and answered; everybody in them is made up."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

REFERENCE = "uE1x6f3kQ0q2m8rYh5Zt7w"
SCHOOL = {"code": "school", "label": "School or college"}
FEMALE = {"code": "female", "label": "Female"}
CENSUS = {"source": {"code": "school_census", "label": "School census"}, "confirmed_on": "2026-01-15"}
AMINA = {
    "child": REFERENCE,
    "name": "Amina Hussain",
    "also": ["formerly Amina Malik"],
    "date_of_birth": "2017-04-09",
    "age": 9,
    "gender": FEMALE,
    "locality": "Sale, M33",
    "shielded": False,
}
KNOWN = {
    "id": 4711,
    "organisation": {"name": "Oak Primary School", "closed_on": None},
    "service": SCHOOL,
    "practitioner": "Sam Okoro",
    "telephone": "+441614960000",
    "started_on": "2021-09-01",
    "ended_on": None,
    "lead": False,
    "own": True,
    "said_by": CENSUS,
}


def _sent(value: Any) -> OpenApiExample:
    return OpenApiExample("Sent", value=value, request_only=True)


def _answered(value: Any, status: int = 200) -> OpenApiExample:
    return OpenApiExample("Answered", value=value, response_only=True, status_codes=[str(status)])


SEARCH = [
    _sent({"given_name": "Amina", "family_name": "Hussain", "date_of_birth": "2017-04-09"}),
    _answered(
        {
            "search": "Zt7wuE1x6f3kQ0q2m8rYh5",
            "matches": [AMINA | {"why": ["Same name", "Same date of birth"], "differs": []}],
            "too_many": False,
            "refine": None,
        }
    ),
]
RECORD = [
    _sent({"reason": "s11"}),
    _answered(
        {
            "child": REFERENCE,
            "reason": {
                "code": "s11",
                "label": "I have a concern about this child's safety or welfare (Children Act 2004, section 11)",
            },
            "name": "Amina Hussain",
            "date_of_birth": "2017-04-09",
            "age": 9,
            "gender": FEMALE,
            "number": "100 0000 0013",
            "date_of_death": None,
            "other_names": [
                {
                    "kind": {"code": "former", "label": "Former name"},
                    "name": "Amina Malik",
                    "valid_from": None,
                    "valid_to": "2020-05-01",
                }
            ],
            "said_by": [{"parts": "Name and date of birth", "source": "School census", "confirmed_on": "2026-01-15"}],
            "differ": [],
            "further_numbers": [],
            "numbers": [{"kind": {"code": "nhs", "label": "NHS number"}, "value": "943 476 5919", "said_by": CENSUS}],
            "addresses": [
                {
                    "state": {"code": "current", "label": "Current address"},
                    "lines": ["12 Oak Road"],
                    "town": "Sale",
                    "postcode": "M33 4AB",
                    "valid_from": "2020-05-01",
                    "valid_to": None,
                    "said_by": CENSUS,
                }
            ],
            "guardians": [
                {
                    "name": "Farah Hussain",
                    "relation": {"code": "mother", "label": "Mother"},
                    "parental_responsibility": True,
                    "lives_with_child": True,
                    "telephone": "+447700900123",
                    "said_by": CENSUS,
                }
            ],
            "involvements": [KNOWN],
            "ended_involvements": [],
            "sensitive_service": True,
            "assessment_holder": None,
            "shielded": False,
            "authority": {"name": "Trafford Council", "telephone": "01614960000"},
            "leave_until": None,
            "kept_until": None,
            "may_record": True,
        }
    ),
]
RECENT = [_answered({"children": [AMINA | {"opened_at": "2026-11-30T09:41:00Z"}]})]
_ENTRY = {"practitioner": "Sam Okoro", "telephone": "0161 496 0000", "started_on": "2021-09-01", "lead": False}
INVOLVEMENT = [
    _sent(_ENTRY),
    OpenApiExample(
        "Of a sensitive service",
        value=_ENTRY
        | {
            "service": "mental_health",
            "basis": {
                "basis": "consent_guardian",
                "decided_by": "parent",
                "competence": "too_young",
                "decided_on": "2021-08-30",
            },
        },
        request_only=True,
    ),
    _answered({"id": 4711}),
    _answered({"id": 4711}, 201),
]
OWN = [
    _answered(
        {name: KNOWN[name] for name in ("id", "service", "practitioner", "telephone", "started_on", "ended_on")}
        | {"lead": False, "basis": None}
    )
]
END = [_sent({"ended_on": "2026-07-21"}), _answered({"id": 4711})]
WITHDRAWAL = [_sent({"mistake": "wrong_child"})]
FOLLOWING = [_answered({"following": "q0Qk2m8rYh5Zt7wuE1x6f3", "until": "2027-11-30"})]
ME = [
    _answered(
        {
            "name": "Sam Okoro",
            "role": {"code": "practitioner", "label": "Practitioner"},
            "organisation": {"name": "Oak Primary School", "telephone": "01614960000"},
            "services": [SCHOOL],
            "token_expires_at": "2026-11-30T09:56:00Z",
        }
    )
]
LISTS = [
    _answered(
        {
            "reasons": [{"code": "s10", "label": "I am arranging a service or support with others"}],
            "genders": [FEMALE],
            "services": [SCHOOL],
            "sensitive_services": [{"code": "mental_health", "label": "Mental health"}],
            "bases": [{"code": "consent_child", "label": "The child or young person gave informed consent"}],
            "deciders": [{"code": "court", "label": "A court"}],
            "competences": [{"code": "not_judged", "label": "It was not judged"}],
            "mistakes": [{"code": "twice", "label": "It was recorded twice"}],
            "basis_ends": [{"code": "consent_withdrawn", "label": "Whoever gave consent has withdrawn it"}],
        }
    )
]
