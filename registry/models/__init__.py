from registry.models.archive import ArchiveRequest
from registry.models.child import Child
from registry.models.connection import ConnectionNote, ConnectionRequest
from registry.models.details import ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian
from registry.models.following import Following, Untold
from registry.models.handover import Handover
from registry.models.identity import Escrow, EscrowRequest, IdentityRequest, NewIdentity, SpareId
from registry.models.involvement import Involvement
from registry.models.keeping import Keeping
from registry.models.leave import ChildGrant, LeaveOutcome, LeaveRequest, Override
from registry.models.merge import MergeRequest
from registry.models.report import Report, Reporter
from registry.models.retention import DestroyedCohort
from registry.models.shield import Shield, ShieldRequest
from registry.models.traits import ChildTraits
from registry.models.unplaced import Unplaced, UnplacedCount, UnplacedMonth

__all__ = [
    "ArchiveRequest",
    "Child",
    "ChildAddress",
    "ChildGrant",
    "ChildName",
    "ChildNumber",
    "ChildSaidBy",
    "ChildTraits",
    "ConnectionNote",
    "ConnectionRequest",
    "DestroyedCohort",
    "Escrow",
    "EscrowRequest",
    "Following",
    "Guardian",
    "Handover",
    "IdentityRequest",
    "Involvement",
    "Keeping",
    "LeaveOutcome",
    "LeaveRequest",
    "MergeRequest",
    "NewIdentity",
    "Override",
    "Report",
    "Reporter",
    "Shield",
    "ShieldRequest",
    "SpareId",
    "Unplaced",
    "UnplacedCount",
    "UnplacedMonth",
    "Untold",
]
