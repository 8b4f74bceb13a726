from access.models.organisation import Organisation, OrganisationKind
from access.models.session import Session
from access.models.user import User, UserState
from access.models.vetting import VettingItem, VettingKind

__all__ = ["Organisation", "OrganisationKind", "Session", "User", "UserState", "VettingItem", "VettingKind"]
