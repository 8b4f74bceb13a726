from review.models.inquiry import Inquiry
from review.models.saved_view import SavedView

__all__ = ["Inquiry", "SavedView"]
