from registry.models.child import Child
from registry.models.connection import ConnectionNote, ConnectionRequest
from registry.models.details import ChildAddress, ChildName, ChildNumber, Guardian
from registry.models.identity import Escrow, EscrowRequest, IdentityRequest, NewIdentity, SpareId
from registry.models.involvement import Involvement
from registry.models.leave import ChildGrant, LeaveOutcome, LeaveRequest, Override
from registry.models.merge import MergeRequest
from registry.models.retention import DestroyedCohort
from registry.models.shield import Shield, ShieldRequest
from registry.models.traits import ChildTraits

__all__ = [
    "Child",
    "ChildAddress",
    "ChildGrant",
    "ChildName",
    "ChildNumber",
    "ChildTraits",
    "ConnectionNote",
    "ConnectionRequest",
    "DestroyedCohort",
    "Escrow",
    "EscrowRequest",
    "Guardian",
    "IdentityRequest",
    "Involvement",
    "LeaveOutcome",
    "LeaveRequest",
    "MergeRequest",
    "NewIdentity",
    "Override",
    "Shield",
    "ShieldRequest",
    "SpareId",
]
