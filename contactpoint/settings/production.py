"""Production: everything from the environment, nothing assumed. A missing variable stops the process."""

import os
from pathlib import Path

from contactpoint.settings.base import *  # noqa: F403
from contactpoint.settings.base import database, redis, required

SECRET_KEY = required("SECRET_KEY", "A random text of 50 characters or more, the same on every web process.")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "Host names, separated by commas.").split(",")
KEYRING_DIR = Path(required("KEYRING_DIR", "The directory that holds the wrapped keys."))
LOG_ORIGIN = required("LOG_ORIGIN", "The log's name in its checkpoints, such as registry.example/log.")
PUBLICATION_DIR = Path(
    required("PUBLICATION_DIR", "Where checkpoints are published: outside the database, best on write-once storage.")
)
DATABASES = {"default": database(os.environ.get("DATABASE_ROLE", "web"))}
globals().update(redis(required("REDIS_URL", "The address of Redis, redis:// or rediss://.")))
SERVICE_ADDRESS = required(
    "SERVICE_ADDRESS", "Where people find the service, such as https://registry.example."
).rstrip("/")
EMAIL_HOST = required("EMAIL_HOST", "The mail server that invitations and reminders are given to.")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "The address that letters come from.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
