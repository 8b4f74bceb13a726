"""The closed lists of reasons that an event may have."""

from django.db.models import TextChoices

from audit.reported import ReportAnswer, ReportedPart


class Reason(TextChoices):
    """The statutory ground given for opening a record."""

    SAFEGUARDING = (
        "s11",
        "I have a concern about this child's safety or welfare (Children Act 2004, section 11)",
    )
    ENQUIRY = "s47", "I am making a child protection enquiry (Children Act 1989, section 47)"
    COOPERATION = "s10", "I am arranging a service or support with others (Children Act 2004, section 10)"
    SCHOOL_SAFEGUARDING = (
        "s175",
        "My school or college is safeguarding a pupil (Education Act 2002, section 175)",
    )
    MISSING_EDUCATION = "s436a", "The child may be missing education (Education Act 1996, section 436A)"
    KEEP_UP_TO_DATE = (
        "upkeep",
        "I am recording or correcting my own organisation's involvement (SI 2007/2182)",
    )


class StopReason(TextChoices):
    """Why somebody is suspended or stopped."""

    LEFT = "left", "Left the organisation"
    EMPLOYER = "employer", "The employer asks for it"
    MISUSE = "misuse", "Suspected misuse"
    STOLEN = "stolen", "Password, code or device may be in other hands"
    INCIDENT = "incident", "Security incident"


class IdentityCheck(TextChoices):
    """How an administrator made sure who asks for a new sign-in."""

    IN_PERSON = "seen_in_person", "Seen in person, with a document that has a photograph"
    VIDEO_CALL = "video_call", "Seen on a video call, by a manager who knows them"
    RUNG_BACK = "rung_back", "Rung back on the number that their organisation has for them"


class Mistake(TextChoices):
    """Why an involvement is taken off a record on which it should never have been."""

    WRONG_CHILD = "wrong_child", "It was recorded on the wrong child"
    TWICE = "twice", "It was recorded twice"
    NEVER_BEGAN = "never_began", "The service never began"
    NOT_OURS = "not_ours", "It is not our organisation’s involvement"
    NO_BASIS = "no_basis", "There was no consent, nor any other ground, to enter it"


class BasisEnd(TextChoices):
    """Why a sensitive service may stand on a record no more. It stood there rightly: this is no mistake."""

    CONSENT_WITHDRAWN = "consent_withdrawn", "Whoever gave consent has withdrawn it"
    CHILD_OBJECTS = "child_objects", "The child can now decide for themselves, and does not consent"
    HARM_OVER = "harm_over", "There is no longer reasonable cause to suspect significant harm"


class AlertResult(TextChoices):
    """What came of an alert that an auditor looked into."""

    EXPLAINED = "explained", "Nothing was wrong, and we know why it was raised"
    FAULT = "fault", "A fault of the service, put right"
    CONDUCT = "conduct", "Somebody’s conduct, passed on to their employer"
    BREACH = "breach", "A breach of security, reported as one"
    UNEXPLAINED = "unexplained", "Looked into and not explained"


class CaseResult(TextChoices):
    """What came of a case that an auditor worked."""

    IN_ORDER = "in_order", "Explained, and in order"
    MISTAKE = "honest_mistake", "A mistake, and the person was told"
    TRAINING = "training", "Training is needed, and is arranged"
    EMPLOYER = "to_employer", "Misuse, passed on to the employer"
    POLICE = "to_police", "Misuse, reported to the police and the Information Commissioner"
    UNCLEAR = "cannot_tell", "It cannot be told"


MISUSE = (CaseResult.EMPLOYER, CaseResult.POLICE)  # what nobody decides alone


class Verdict(TextChoices):
    """What an auditor says of one access that they look at by itself."""

    FINE = "looks_fine", "It looks in order"
    DOUBTFUL = "looks_doubtful", "It looks doubtful"
    UNCLEAR = "not_to_be_told", "It cannot be told from this"


class Answer(TextChoices):
    """What somebody says about accesses of theirs. A closed list: near a child nothing is written freely."""

    WORKING = "was_working", "I was working with the child or the family"
    REFERRAL = "came_in", "A referral or a call about the child had come in"
    ON_DUTY = "on_duty", "I was on duty, and had to find out who works with the child"
    COLLEAGUE = "for_colleague", "A colleague asked me to look"
    WRONG_RECORD = "wrong_record", "I opened the wrong record by mistake"
    TRYING_OUT = "trying_out", "I was trying the service out, or showing it to somebody"
    PRIVATE = "private", "I know the child or the family, and wanted to know"
    NOT_ME = "not_me", "It was not me"
    FORGOTTEN = "forgotten", "I cannot remember"


class ManagerAnswer(TextChoices):
    """What an administrator of somebody's organisation says about accesses of theirs."""

    PART_OF_WORK = "part_of_work", "It was part of their work"
    PART_OF_DUTY = "part_of_duty", "They were on duty for this that day"
    NOT_THEIR_WORK = "not_their_work", "It was not part of their work"
    AWAY = "was_away", "They were not at work then"
    NOT_KNOWN = "not_known", "We do not know, and are asking them"


class Asker(TextChoices):
    """Who asks who looked at a record."""

    PARENT = "parent", "A parent, or somebody else who has parental responsibility"
    YOUNG_PERSON = "young_person", "The young person whose record it is"
    ACTS_FOR = "acts_for", "Somebody who acts for one of them, such as a solicitor"


class AskerIdentity(TextChoices):
    """How the council made sure who asks."""

    IN_PERSON = "asker_in_person", "Seen in person, with a document that has a photograph"
    KNOWN = "asker_known", "A member of staff who knows them confirmed it, in person"
    CERTIFIED = "asker_certified", "A certified copy of a document that has a photograph, sent by post"


class AskerRight(TextChoices):
    """How the council made sure that whoever asks may."""

    BIRTH_CERTIFICATE = "birth_certificate", "The birth certificate names them as a parent"
    ORDER = "court_order", "A court order or an agreement gives them parental responsibility"
    OWN_RECORD = "own_record", "It is their own record, and they understand what they ask for"
    AUTHORITY = "written_authority", "Written authority of somebody who may ask, whose right was checked"


class Confirming(TextChoices):
    """Why a line of an answer is told, or is not, as the person who prepares it confirms."""

    NOTHING_AGAINST = "nothing_against", "Nothing speaks against telling it"
    ENQUIRY_OVER = "enquiry_over", "The service that enquired says that telling it does no harm"
    SAFE_TO_TELL = "safe_to_tell", "Who asks lives with the child, as the team that decides about protection confirmed"
    ENQUIRY = "enquiry", "Telling it could harm an enquiry about a child’s safety"
    CRIME = "crime", "Telling it could hinder the police (Data Protection Act 2018, schedule 2)"
    WHEREABOUTS = "whereabouts", "Telling it would show where the child lives"
    CONFIDENTIAL = "confidential", "It would tell of a confidential service"
    HARM = "serious_harm", "Telling it could seriously harm somebody (Data Protection Act 2018, schedule 3)"


class GivenBack(TextChoices):
    """Why the second person does not release an answer."""

    TELLS_TOO_MUCH = "tells_too_much", "It tells something that should be left out"
    TELLS_TOO_LITTLE = "tells_too_little", "It leaves something out that should be told"
    REASON_UNFIT = "reason_unfit", "The reason given for a line does not fit"


class AnswerResult(TextChoices):
    """Why an answer ends without a letter."""

    NO_RIGHT = "no_right", "Whoever asked may not have this record’s answer"
    WRONG_NUMBER = "wrong_number", "The number is that of another record"
    TAKEN_BACK = "taken_back", "Whoever asked does not want it any more"
    BEGUN_AGAIN = "begun_again", "It is begun again, since what it tells of has changed"


class ShieldReason(TextChoices):
    """Why a child's whereabouts must not show."""

    REFUGE = "refuge", "The child lives in a refuge or other safe accommodation"
    ABUSE = "domestic_abuse", "The child or a carer has left somebody who was violent or controlling"
    THREAT = "threatened", "Somebody who looks for them threatened to harm them"
    HONOUR = "honour_abuse", "Forced marriage, genital mutilation or other abuse in the name of honour is feared"
    EXPLOITED = "exploited", "The child was trafficked or exploited, and those who did it may look for them"
    WITNESS = "witness", "The police protect the child or the family"
    ADOPTION = "adoption", "Adopted or placed, and the family of birth must not know where"
    ORDER = "order_of_court", "A court ordered that the address is not told"


class ShieldAsker(TextChoices):
    """Who wants a child shielded."""

    CARER = "carer", "A parent or carer with whom the child lives"
    YOUNG_PERSON = "child_asks", "The child or young person"
    REFUGE = "refuge_asks", "The refuge or service that looks after the family"
    POLICE = "police_ask", "The police"
    SELF = "own_judgement", "Nobody asked me: I ask because of what I know from my work"


class ShieldIdentity(TextChoices):
    """How whoever asks for a shield made sure who wants it."""

    KNOWN = "known_from_work", "I know them from my work with the family"
    DOCUMENT = "saw_document", "I saw a document that has a photograph"
    RUNG_BACK = "rang_them_back", "I rang them back on a number that I found myself"
    OWN = "nobody_asked", "Nobody asked me"
    NOT_YET = "not_checked_yet", "I could not check it yet"


class ShieldDecision(TextChoices):
    """What is decided about a request: that the child is shielded, or why not."""

    PROTECT = "protect", "Protect the child’s details"
    NO_RISK = "no_risk_found", "Do not protect: nobody would be at risk if they showed"
    NOT_ENTITLED = "not_who_they_say", "Do not protect: whoever asked is not who they said, or may not ask"
    OTHER_CHILD = "another_child", "Do not protect: it was asked for the wrong child"


class ShieldReview(TextChoices):
    """Why a shield is still needed."""

    STILL_AT_RISK = "still_at_risk", "The risk is as it was: I asked whoever works with the family"
    CARER_SAYS = "carer_says_so", "The family says that it is still afraid"
    POLICE_SAY = "police_say_so", "The police say that it is still needed"
    NOT_KNOWN = "cannot_be_known", "I could not find out, so it stays"


class ShieldLifting(TextChoices):
    """Why a shield is lifted."""

    RISK_OVER = "risk_is_over", "The risk is over: the family and whoever works with it agree"
    FAMILY_ASKS = "family_asks", "The family asks for it, and nobody is at risk if the details show"
    NEVER_NEEDED = "never_needed", "It was never needed, or was for the wrong child"


class ShieldOverride(TextChoices):
    """Why a shield is overridden: what cannot wait until whoever decides about it is rung."""

    LIFE = "danger_to_life", "Somebody may be killed or badly hurt before I could ring anybody"
    TAKEN = "being_taken", "The child is being taken away, or abroad, by somebody who may harm them"
    MISSING = "child_missing", "The child is missing and in danger, and must be found now"
    PLACE_OF_SAFETY = (
        "place_of_safety",
        "I am bringing the child to a place of safety (Children Act 1989, sections 44 and 46)",
    )


class ConnectionReason(TextChoices):
    """Why somebody has to get in touch with a service of which they may not know which it is."""

    SHARED_PLAN = "shared_plan", "I am planning support for the child, and it must fit with theirs"
    SAFETY = "safety_worry", "I am worried about the child’s safety, and they should know"
    ENQUIRY = "protection_enquiry", "I am making a child protection enquiry (Children Act 1989, section 47)"
    TREATMENT = "treatment_fits", "I treat the child, and what I do may bear on what they do"
    CHILD_ASKED = "child_asked", "The child or young person asked me to speak to them"


class ConnectionSoon(TextChoices):
    """How soon a connection is needed."""

    TODAY = "today", "Today"
    DAYS = "within_days", "In the next days"
    WEEKS = "within_weeks", "It can wait a week or two"


class ConnectionStep(TextChoices):
    """What was done towards a connection."""

    RANG = "rang_service", "Rang, and spoke to the service"
    MESSAGE = "left_message", "Left a message"
    NO_ANSWER = "nobody_answered", "Rang, and nobody answered"
    PASSED_ON = "passed_on", "Passed on who asks, why, and their number"
    RANG_ASKER = "rang_asker", "Rang whoever asked"


class ConnectionOutcome(TextChoices):
    """How a request for a connection ended."""

    WILL_RING = "will_ring", "The service will ring whoever asked"
    DECLINED = "service_declined", "The service decided not to get in touch"
    NONE_RUNS = "none_runs", "No sensitive service works with the child any more"
    NOT_REACHED = "not_reached", "No service could be reached"
    PROTECTED = "now_protected", "The child’s details are protected now"
    NOT_NEEDED = "not_needed", "Whoever asked does not need it any more"


class IdentityReason(TextChoices):
    """Why a child is to have a new identity here."""

    ADOPTED = "adopted", "An adoption order was made"
    PROTECTED = "protected_person", "The police protect the child, or the family, under a new identity"
    ORDERED = "new_name_by_order", "A court ordered that the old name must not lead to the child"


class IdentityRefusal(TextChoices):
    """Why a new identity is refused."""

    NO_PROOF = "no_order_seen", "I have not seen the order of the court or the letter of the police"
    WRONG_CHILD = "not_this_child", "It was asked for the wrong child"
    SHIELD_WILL_DO = "shield_is_enough", "It is enough that the details are protected"
    TYPED_WRONGLY = "to_be_asked_anew", "Something was typed wrongly: it is asked for anew"


class EscrowReason(TextChoices):
    """Why two people read which record goes on with a closed one."""

    COURT = "link_by_order", "A court ordered it"
    HARM = "link_for_harm", "A child may suffer significant harm, and what was known before is needed (section 47)"
    REVIEW = "link_for_review", "A review of a serious case, or of the death of a child"
    OWN = "link_for_person", "The person asks for it themselves, and is entitled to"
    MISTAKE = "link_for_mistake", "The new identity was made by mistake"


class KeepingGround(TextChoices):
    """Why a young person's record may be kept to their 25th birthday, with their consent."""

    CARE_LEAVER = "care_leaver", "They were looked after by the council, and leave or have left its care"
    LEARNING = "learning_disability", "They have a learning disability"


class KeepingEnd(TextChoices):
    """Why a record is kept no longer than any other."""

    WITHDRAWN = "keeping_withdrawn", "The young person does not want it any more"
    MISTAKE = "kept_by_mistake", "They had not consented, or it was recorded for the wrong person"


class ArchiveReason(TextChoices):
    """Why a record is read that lies in the archive."""

    UPKEEP = "archive_upkeep", "A question, a complaint or a mistake, in its first year in the archive"
    ENQUIRY = "archive_enquiry", "A child protection enquiry (Children Act 1989, section 47)"
    REVIEW = "archive_review", "A serious case review, or a child safeguarding practice review"
    DEATH = "archive_death", "A review of a child’s death"


class HandoverReason(TextChoices):
    """Why another authority should answer for a record."""

    MOVED = "moved_home", "The child has moved home, and lives in its area"
    LOOKED_AFTER = "looked_after", "It looks after the child (Children Act 1989, section 22)"
    PLACED = "placed_there", "The child is placed in its area for a long time"
    ERROR = "never_ours", "The record was ours by mistake"


class HandoverRefusal(TextChoices):
    """Why an authority does not take a record over."""

    LIVES_ELSEWHERE = "lives_elsewhere", "The child does not live in our area"
    STAYS_YOURS = "stays_yours", "The child lives in our area for a short time, and stays yours"
    ANOTHER = "another_council", "Another council should answer for the child"
    NOT_KNOWN = "not_known_to_us", "We could not find out whether the child lives in our area"


class MergeReason(TextChoices):
    """How it is known that two records are of one child."""

    SAME_NUMBER = "same_number", "Another service has one number for both, and confirmed that it is one child"
    FAMILY_SAYS = "family_says", "The child, or whoever has parental responsibility, confirmed that it is one child"
    WORKER_KNOWS = "worker_knows", "Somebody who works with the child knows both records, and confirmed it"
    DOCUMENTS = "documents_show", "Documents show it, such as a certificate of birth and one of a change of name"


class MergeRefusal(TextChoices):
    """Why two records are not put under one, or not parted."""

    NOT_SHOWN = "not_shown", "It is not shown that this is so"
    OTHER_WAY = "other_way_round", "The other record should be the one that stays"
    WRONG_NUMBER = "wrong_record_typed", "It was asked for the wrong record"
    NOT_NEEDED = "not_asked_any_more", "It is not wanted any more"


class PartReason(TextChoices):
    """How it is known that two records that lie under one are of two children."""

    TWO_CHILDREN = "two_children", "They are two children, as whoever works with one of them confirmed"
    TWINS = "are_twins", "They are twins, or brother and sister"
    ASKED_WRONGLY = "put_together_wrongly", "They were put together by mistake"
    NEEDED_APART = "needed_apart", "They must stand apart for something else, and are put together again afterwards"


LISTS: tuple[type[TextChoices], ...] = (
    *(Reason, StopReason, IdentityCheck, Mistake, BasisEnd, AlertResult),
    *(CaseResult, Verdict, Answer, ManagerAnswer),
    *(Asker, AskerIdentity, AskerRight, Confirming, GivenBack, AnswerResult),
    *(ShieldReason, ShieldAsker, ShieldIdentity, ShieldDecision, ShieldReview, ShieldLifting, ShieldOverride),
    *(ConnectionReason, ConnectionSoon, ConnectionStep, ConnectionOutcome),
    *(KeepingGround, KeepingEnd, ArchiveReason),
    *(IdentityReason, IdentityRefusal, EscrowReason, HandoverReason, HandoverRefusal),
    *(MergeReason, MergeRefusal, PartReason, ReportedPart, ReportAnswer),
)
# Why no connection was made would tell of the services that work with a child. Those who make connections read it on
# the request; whoever reads an event is told that none was made, and cannot look for one of these.
NOT_TOLD = frozenset(ConnectionOutcome) - {ConnectionOutcome.WILL_RING}
LABELS: dict[str, str] = {code: label for listed in LISTS for code, label in listed.choices if code not in NOT_TOLD}


def reason_label(code: str) -> str:
    """The reason in words; nothing for no reason, and the code itself for one that is on no list any more."""
    return "No connection was made" if code in NOT_TOLD else LABELS.get(code, code)
