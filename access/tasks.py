"""Background work of access."""

from celery import shared_task

from access.sessions import SessionStore


@shared_task
def delete_ended_sessions() -> None:
    """Remove sessions that are past a limit; they have not opened anything since they passed it."""
    SessionStore.clear_expired()
