from review.models.case import Case
from review.models.examining import Cursor, Recorded, Sampled
from review.models.explanation import Explanation, State
from review.models.finding import Finding
from review.models.inquiry import Inquiry
from review.models.tally import Tally

__all__ = ["Case", "Cursor", "Explanation", "Finding", "Inquiry", "Recorded", "Sampled", "State", "Tally"]
