"""Background work of the API."""

from celery import shared_task

from api.actions.forgetting import forget


@shared_task
def forget_keys() -> None:
    """Forget which entries were sent once, a day after they were."""
    forget()
