"""The worker process. It refuses to start without its keys."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

from contactpoint import logs
from encryption import keyring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.production")

app = Celery("contactpoint")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def configure_logs(**_: Any) -> None:
    logs.configure()


@worker_init.connect
def load_keys(**_: Any) -> None:
    keyring.current()
