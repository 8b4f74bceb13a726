"""The closed lists of the registry. Nothing near a child is free text: what is not here cannot be said.

Each list's source is the regulation that set the original's content (SI 2007/2182, Schedule 1) unless its
docstring names another.
"""

from django.db.models import TextChoices


class NameKind(TextChoices):
    """Which of a child's names this is."""

    LEGAL = "legal", "Name"
    FORMER = "former", "Former name"
    KNOWN_AS = "known_as", "Also known as"


class Gender(TextChoices):
    """Paragraph 3: gender, or not specified."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    NOT_SPECIFIED = "not_specified", "Not specified"


class AddressState(TextChoices):
    """Paragraph 2: what is known about where the child lives."""

    CURRENT = "current", "Current address"
    LAST_KNOWN = "last_known", "Last known address"
    NONE_KNOWN = "none_known", "No address known"
    LEFT_RETURNING = "left_returning", "Left England, intends to return within three years"
    LEFT_NOT_RETURNING = "left_not_returning", "Left England, does not intend to return within three years"
    LEFT_UNKNOWN = "left_unknown", "Left England, not known whether they intend to return"


class NumberKind(TextChoices):
    """Numbers given by others. The registry's own number stands on the child."""

    NHS = "nhs", "NHS number"
    UPN = "upn", "Unique pupil number"


class Relation(TextChoices):
    """Paragraph 6: a person with parental responsibility or care."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    PARENT = "parent", "Parent"
    STEP_PARENT = "step_parent", "Step-parent"
    GRANDPARENT = "grandparent", "Grandparent"
    FOSTER_CARER = "foster_carer", "Foster carer"
    GUARDIAN = "guardian", "Guardian"
    OTHER_RELATIVE = "other_relative", "Other relative"
    CARER = "carer", "Carer"


class Service(TextChoices):
    """What an organisation does with or for a child (paragraphs 7 to 9)."""

    SCHOOL = "school", "School or college"
    EARLY_YEARS = "early_years", "Nursery or early years"
    EDUCATED_ELSEWHERE = "educated_elsewhere", "Educated elsewhere"
    GP = "gp", "GP practice"
    HEALTH_VISITING = "health_visiting", "Health visiting"
    SCHOOL_NURSING = "school_nursing", "School nursing"
    SOCIAL_CARE = "social_care", "Children's social care"
    EARLY_HELP = "early_help", "Early help"
    EDUCATION_WELFARE = "education_welfare", "Education welfare"
    EDUCATIONAL_PSYCHOLOGY = "educational_psychology", "Educational psychology"
    SPEECH_THERAPY = "speech_therapy", "Speech and language therapy"
    HOSPITAL = "hospital", "Hospital or community paediatrics"
    POLICE = "police", "Police"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    HOUSING = "housing", "Housing"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    SEXUAL_HEALTH = "sexual_health", "Sexual health"
    MENTAL_HEALTH = "mental_health", "Mental health"
    SUBSTANCE_MISUSE = "substance_misuse", "Substance misuse"


SENSITIVE_SERVICES = frozenset({Service.SEXUAL_HEALTH, Service.MENTAL_HEALTH, Service.SUBSTANCE_MISUSE})
EDUCATION_SERVICES = frozenset({Service.SCHOOL, Service.EARLY_YEARS, Service.EDUCATED_ELSEWHERE})


class SensitiveBasis(TextChoices):
    """Why a sensitive service may be entered at all. The consent itself is never held."""

    CONSENT_OF_CHILD = "consent_child", "The child or young person gave informed consent"
    CONSENT_OF_GUARDIAN = "consent_guardian", "Someone with parental responsibility gave informed consent"
    SIGNIFICANT_HARM = (
        "significant_harm",
        "Reasonable cause to suspect significant harm (Children Act 1989, section 31)",
    )


class BasisDecider(TextChoices):
    """Who decided that a sensitive service may be entered."""

    CHILD = "child", "The child or young person"
    PARENT = "parent", "A parent, or another person with parental responsibility"
    COUNCIL = "council", "The council, which has parental responsibility under a court order"
    COURT = "court", "A court"
    MANAGER = "manager", "A manager of our organisation"
    SAFEGUARDING_LEAD = "safeguarding_lead", "Our safeguarding lead"
    SOCIAL_CARE = "social_care", "Children’s social care"


class Competence(TextChoices):
    """Whether the child was judged able to decide, and how.

    Family Law Reform Act 1969, section 8; Gillick v West Norfolk (1985).
    """

    AGED_16 = "aged_16", "Yes: they were 16 or 17, and nothing spoke against it"
    GILLICK = "gillick", "Yes: they were under 16, and were judged to understand it (Gillick competence)"
    NOT_COMPETENT = "not_competent", "No: they were judged not to understand enough of it"
    TOO_YOUNG = "too_young", "No: they were too young to be asked"
    NOT_JUDGED = "not_judged", "It was not judged: asking could have put them at risk"


class Part(TextChoices):
    """The parts of a record of which one source's word is taken whole, as they are called in a sentence."""

    NAME = "name", "name"
    DATE_OF_BIRTH = "date_of_birth", "date of birth"
    GENDER = "gender", "gender"
    DATE_OF_DEATH = "date_of_death", "date of death"
    NHS_NUMBER = "nhs_number", "NHS number"
    PUPIL_NUMBER = "pupil_number", "unique pupil number"
    ADDRESS = "address", "address"
    GUARDIANS = "guardians", "parents and carers"


class Source(TextChoices):
    """Who said so: the kind of supplier behind a value."""

    PRACTITIONER = "practitioner", "Entered in this service"
    SCHOOL_CENSUS = "school_census", "School census"
    PERSONAL_DEMOGRAPHICS = "pds", "NHS Personal Demographics Service"
    CHILD_BENEFIT = "child_benefit", "Child benefit"
    BIRTH_REGISTRATION = "birth_registration", "Registration of births"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
