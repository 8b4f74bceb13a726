"""What is said where an action refuses an entry that its form let pass: more was known of the child by then."""

from pages import telephones
from registry.actions.involvements import LeadTakenError

NO_LONGER_FITS = (
    "What is known of this child changed while you were at it, and your answers no longer fit. Nothing was saved. "
    "Check them and try once more."
)
LEAD_TAKEN = (
    "Another organisation has the lead professional for this child. Nothing was saved. Ring them first, or answer No."
)
# The same whether a sensitive service has the lead or one that has ended: it says of neither that it has.
LEAD_NOT_HERE = (
    "The lead professional for this child cannot be changed here. Nothing was saved. Ring the management team of "
    "{name}: {telephone}. Or answer No."
)


def about_lead(refused: LeadTakenError) -> str:
    """Whom to ring: those who have the lead, as the record names them, or else the management team."""
    if refused.ask is None:
        return LEAD_TAKEN
    return LEAD_NOT_HERE.format(name=refused.ask.name, telephone=telephones.shown(refused.ask.telephone))
