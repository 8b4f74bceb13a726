"""The worker process. It refuses to start without its keys."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, worker_init, worker_process_init

from audit.actors import Process
from contactpoint import logs
from contactpoint.queue import SignedTask, sign_before_sending
from encryption import keyring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.production")

app = Celery("contactpoint", task_cls=SignedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
before_task_publish.connect(sign_before_sending)


@setup_logging.connect
def configure_logs(**_: Any) -> None:
    logs.configure()


@worker_init.connect
def load_keys(**_: Any) -> None:
    keyring.current()


@worker_process_init.connect
def begin_heartbeat(**_: Any) -> None:
    from audit import heartbeat  # needs Django's apps

    heartbeat.start(Process(os.environ.get("DATABASE_ROLE", "worker")))


@task_postrun.connect
def settle_numbers(**_: Any) -> None:
    from audit.numbering import writer  # needs Django's apps

    writer().settle()
