from registry.models.child import Child
from registry.models.details import ChildAddress, ChildName, ChildNumber, Guardian
from registry.models.identity import Escrow, EscrowRequest, IdentityRequest, NewIdentity, SpareId
from registry.models.involvement import Involvement
from registry.models.shield import Shield, ShieldRequest
from registry.models.traits import ChildTraits

__all__ = [
    "Child",
    "ChildAddress",
    "ChildName",
    "ChildNumber",
    "ChildTraits",
    "Escrow",
    "EscrowRequest",
    "Guardian",
    "IdentityRequest",
    "Involvement",
    "NewIdentity",
    "Shield",
    "ShieldRequest",
    "SpareId",
]
