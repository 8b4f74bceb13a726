from review.models.answer import Answer, Confirmed
from review.models.case import Case
from review.models.casework import CaseWork, Judgement, PersonResult
from review.models.conflict import Compared, Conflict, Nearness
from review.models.examining import Cursor, Recorded, Sampled
from review.models.explanation import Explanation, State
from review.models.finding import Finding
from review.models.inquiry import Inquiry
from review.models.question import AskedOf, Query, Question, Rests
from review.models.saved_view import SavedView
from review.models.tally import Tally

__all__ = [
    "Answer",
    "AskedOf",
    "Case",
    "CaseWork",
    "Compared",
    "Confirmed",
    "Conflict",
    "Cursor",
    "Explanation",
    "Finding",
    "Inquiry",
    "Judgement",
    "Nearness",
    "PersonResult",
    "Query",
    "Question",
    "Recorded",
    "Rests",
    "Sampled",
    "SavedView",
    "State",
    "Tally",
]
