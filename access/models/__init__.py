from access.models.budget import Budget, Measure, Usage
from access.models.organisation import Organisation, OrganisationKind
from access.models.session import Session
from access.models.user import User, UserState
from access.models.vetting import VettingItem, VettingKind

__all__ = [
    "Budget",
    "Measure",
    "Organisation",
    "OrganisationKind",
    "Session",
    "Usage",
    "User",
    "UserState",
    "VettingItem",
    "VettingKind",
]
