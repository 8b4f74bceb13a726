"""The composition root: settings, addresses, processes, and the ground they stand on."""

from contactpoint.celery import app as celery_app

__all__ = ["celery_app"]
