"""What of the API's models stands in clear, and why."""

from tests.sweeps.clear.reasons import FINGERPRINT, ID, NUMBERING, WHEN_IT_WAS_DONE

FIELDS = {
    "api.Idempotency.asked_fingerprint": FINGERPRINT,
    "api.Idempotency.involvement_id": ID,
    "api.Idempotency.key_fingerprint": FINGERPRINT,
    "api.Idempotency.row_version": NUMBERING,
    "api.Idempotency.taken_at": WHEN_IT_WAS_DONE,
}
