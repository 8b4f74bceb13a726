"""Fields of our models that stand in clear, each with the reason why a thief may read it."""

from tests.sweeps.clear import access, audit, feeds, registry, review

CLEAR = access.FIELDS | audit.FIELDS | feeds.FIELDS | registry.FIELDS | review.FIELDS
