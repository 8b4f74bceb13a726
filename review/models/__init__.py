from review.models.answer import Answer, Confirmed
from review.models.inquiry import Inquiry

__all__ = ["Answer", "Confirmed", "Inquiry"]
