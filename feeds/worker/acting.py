"""As whom the worker acts for a feed."""

from audit.actors import Process
from feeds.models import Supplier


def actor_for(supplier: Supplier) -> Process:
    """The auditors see it of the organisation whose administrators keep the feed."""
    return Process("feeds", None, supplier.organisation_id, supplier.organisation.authority_id)
