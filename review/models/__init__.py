from review.models.inquiry import Inquiry

__all__ = ["Inquiry"]
