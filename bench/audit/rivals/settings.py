"""Django as an application would set it up that keeps its log with django-auditlog or django-pghistory."""

import os

from contactpoint.settings.base import database

SECRET_KEY = "only for a benchmark"  # noqa: S105 - signs nothing
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "pgtrigger",
    "pghistory",
    "auditlog",
    "bench.audit.rivals",
]
# Statements are not prepared: django-pghistory puts its context before each, which no prepared statement allows.
DATABASES = {"default": database(os.environ["DATABASE_ROLE"]) | {"OPTIONS": {}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
PGTRIGGER_INSTALL_ON_MIGRATE = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
