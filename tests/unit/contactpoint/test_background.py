"""Background work that is scheduled, or sent to a worker of its own, is there under the name that it is called by."""

from django.conf import settings

from contactpoint.celery import app


def test_what_is_scheduled_and_what_is_routed_are_tasks() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled | set(settings.CELERY_TASK_ROUTES) <= set(app.tasks)
