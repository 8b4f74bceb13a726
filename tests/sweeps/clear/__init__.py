"""Fields of our models that stand in clear, each with the reason why a thief may read it."""

from tests.sweeps.clear import access, audit, registry, review

CLEAR = access.FIELDS | audit.FIELDS | registry.FIELDS | review.FIELDS
