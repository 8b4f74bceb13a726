"""What people do whom nobody should have let in, each kind as cases of it are told (docs/simulated-year.md).

Everybody here has an honest working life beside it. One more kind is one more class, named in KINDS.
"""

from review.simulation.misuse.accounts import BeforeLeaving, DormantAccount, OutOfHours, SharedAccount
from review.simulation.misuse.circle import (
    BehindAReason,
    ColleaguesFamily,
    FormerPartner,
    Namesakes,
    Neighbours,
    OwnFamily,
)
from review.simulation.misuse.kind import Kind, Planned, Stage
from review.simulation.misuse.staff import AdministratorsFavour, AuditorsLook, InventedCalls
from review.simulation.misuse.trawling import Fishing, InTheNews, SchoolClass, Selling, SlowSnooper, Street

KINDS: dict[str, Kind] = {
    each.code: each
    for each in (
        OwnFamily(),
        FormerPartner(),
        Neighbours(),
        ColleaguesFamily(),
        Namesakes(),
        BehindAReason(),
        InTheNews(),
        Street(),
        SchoolClass(),
        Selling(),
        SlowSnooper(),
        Fishing(),
        OutOfHours(),
        SharedAccount(),
        DormantAccount(),
        BeforeLeaving(),
        InventedCalls(),
        AdministratorsFavour(),
        AuditorsLook(),
    )
}

__all__ = ["KINDS", "Kind", "Planned", "Stage"]
