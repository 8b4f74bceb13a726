from access.models.approval import LETS_NOBODY_IN, Approval, ApprovalKind, ApprovalOutcome
from access.models.budget import Budget, Measure, Usage
from access.models.grant import Grant
from access.models.invitation import Invitation, InvitationPurpose
from access.models.mediation import Mediation
from access.models.notice import Notice, NoticeKind
from access.models.organisation import Accreditation, AccreditationEvidence, Organisation, OrganisationKind, Site
from access.models.reminder import Reminder
from access.models.role import Role
from access.models.session import EndReason, Session, SessionEnd, SignInSession
from access.models.stop import Stop, StopScope
from access.models.system import (
    ClientSystem,
    Failure,
    Standing,
    SystemCode,
    SystemPurpose,
    SystemToken,
    Telling,
    TellingKey,
)
from access.models.traits import OwnHome, UserTraits
from access.models.user import SIGNING_IN, Password, User, UserState
from access.models.vetting import IdentityDocument, VettingDetails, VettingItem, VettingKind
from audit.reasons import IdentityCheck, StopReason

__all__ = [
    "LETS_NOBODY_IN",
    "SIGNING_IN",
    "Accreditation",
    "AccreditationEvidence",
    "Approval",
    "ApprovalKind",
    "ApprovalOutcome",
    "Budget",
    "ClientSystem",
    "EndReason",
    "Failure",
    "Grant",
    "IdentityCheck",
    "IdentityDocument",
    "Invitation",
    "InvitationPurpose",
    "Measure",
    "Mediation",
    "Notice",
    "NoticeKind",
    "Organisation",
    "OrganisationKind",
    "OwnHome",
    "Password",
    "Reminder",
    "Role",
    "Session",
    "SessionEnd",
    "SignInSession",
    "Site",
    "Standing",
    "Stop",
    "StopReason",
    "StopScope",
    "SystemCode",
    "SystemPurpose",
    "SystemToken",
    "Telling",
    "TellingKey",
    "Usage",
    "User",
    "UserState",
    "UserTraits",
    "VettingDetails",
    "VettingItem",
    "VettingKind",
]
