"""Every rule. A new one is one class in a module here, one line below, and what it is worth in weights.toml."""

from collections.abc import Mapping, Sequence

from review.rules.base import OfChild, OfDay, OfDoubt, OfDuty, OfPace, OfRelation, OfStep, Rule
from review.rules.before_leaving import BeforeLeaving
from review.rules.colleagues_child import ColleaguesChild
from review.rules.colleagues_home import ColleaguesHome
from review.rules.comes_back import ComesBack
from review.rules.dormant import Dormant
from review.rules.fishing import Fishing
from review.rules.in_the_news import InTheNews
from review.rules.led_nowhere import LedNowhere
from review.rules.much_read import MuchRead
from review.rules.near_home import NearHome
from review.rules.out_of_area import OutOfArea
from review.rules.out_of_hours import OutOfHours
from review.rules.own_kin import OwnKin
from review.rules.own_name import OwnName
from review.rules.refused import Refused
from review.rules.repeated import Repeated
from review.rules.same_family import SameFamily
from review.rules.same_home import SameHome
from review.rules.same_telephone import SameTelephone
from review.rules.school_class import SchoolClass
from review.rules.shared_account import SharedAccount
from review.rules.speed import Speed
from review.rules.street import Street
from review.rules.taken_back import TakenBack
from review.rules.unexplained import Unexplained
from review.rules.volume import Volume

RELATIONS: Sequence[OfRelation] = (
    SameHome(),
    NearHome(),
    SameFamily(),
    OwnName(),
    SameTelephone(),
    ColleaguesChild(),
    ColleaguesHome(),
)
DOUBTS: Sequence[OfDoubt] = (Repeated(), Street(), SchoolClass(), OutOfHours(), OutOfArea(), Dormant())
AFTER_A_WEEK: Sequence[OfDoubt] = (Unexplained(),)
DUTIES: Sequence[OfDuty] = (LedNowhere(),)
CHILDREN: Sequence[OfChild] = (InTheNews(),)
PACES: Sequence[OfPace] = (Speed(), ComesBack())
DAYS: Sequence[OfDay] = (Volume(), Fishing(), Refused(), MuchRead(), SharedAccount())
STEPS: Sequence[OfStep] = (BeforeLeaving(), TakenBack(), OwnKin())
ALL: Mapping[str, Rule] = {
    each.code: each for each in (*RELATIONS, *DOUBTS, *AFTER_A_WEEK, *DUTIES, *CHILDREN, *PACES, *DAYS, *STEPS)
}
# What is about a child, and not about any of the people with whom it was found.
OF_CHILDREN = frozenset(each.code for each in CHILDREN)
NAMES = frozenset(code for code, each in ALL.items() if each.by_name)
WORDS: Mapping[str, str] = {code: each.words for code, each in ALL.items()}
IN_BRIEF: Mapping[str, str] = {code: each.brief for code, each in ALL.items()}
