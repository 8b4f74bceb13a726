"""Nobody waits until somebody looks at the queue: what is urgent is an alert at once, as is an overridden shield."""

import structlog
from django.db import connection

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert

logger = structlog.get_logger(__name__)

EXAMINER = "examiner"
# Once a case, also where it became less in between.
URGENT = """
    UPDATE review_case SET alerted_at = now() WHERE urgent_at IS NOT NULL AND alerted_at IS NULL AND growing
    RETURNING id, person_id, organisation_id, authority_id, override_id
"""


def alert_of_urgent() -> None:
    """Raise an alert for each case that has become urgent. In the transaction in which it did."""
    with connection.cursor() as cursor:
        cursor.execute(URGENT)
        urgent = sorted(cursor.fetchall())
    for case_id, person_id, organisation_id, authority_id, override_id in urgent:
        logger.warning("case.urgent", case=case_id)
        raise_alert(
            Alert.URGENT_CASE if override_id is None else Alert.OVERRIDDEN,
            actor=Process(EXAMINER, None, organisation_id, authority_id),
            subject=f"case.{case_id}",
            user_id=person_id,
        )
