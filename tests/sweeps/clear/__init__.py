"""Fields of our models that stand in clear, each with the reason why a thief may read it."""

from tests.sweeps.clear import access, api, audit, feeds, registry, review

CLEAR = access.FIELDS | api.FIELDS | audit.FIELDS | feeds.FIELDS | registry.FIELDS | review.FIELDS
