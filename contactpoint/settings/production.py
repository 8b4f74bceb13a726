"""Production: everything from the environment, nothing assumed. What is missing is named, and stops the process."""

import os
from pathlib import Path

from contactpoint.settings.base import database, database_variable, redis, required
from contactpoint.settings.static import *  # noqa: F403

role = os.environ.get("DATABASE_ROLE", "web")
given = required(
    {
        "SECRET_KEY": "A random text of 50 characters or more, the same on every web process.",
        "ALLOWED_HOSTS": "Host names, separated by commas.",
        "KEYRING_DIR": "The directory in which the directory with this process's own keys lies.",
        "LOG_ORIGIN": "The log's name in its checkpoints, such as registry.example/log.",
        "PUBLICATION_DIR": "Where checkpoints are published: outside the database, best on write-once storage.",
        "REDIS_URL": "The address of Redis, redis:// or rediss://.",
        "SERVICE_ADDRESS": "Where people find the service, such as https://registry.example.",
        "EMAIL_HOST": "The mail server that invitations and reminders are given to.",
        "DEFAULT_FROM_EMAIL": "The address that letters come from.",
    }
    | database_variable(role)
)
SECRET_KEY = given["SECRET_KEY"]
ALLOWED_HOSTS = given["ALLOWED_HOSTS"].split(",")
KEYRING_DIR = Path(given["KEYRING_DIR"])
LOG_ORIGIN = given["LOG_ORIGIN"]
PUBLICATION_DIR = Path(given["PUBLICATION_DIR"])
DATABASES = {"default": database(role)}
globals().update(redis(given["REDIS_URL"]))
SERVICE_ADDRESS = given["SERVICE_ADDRESS"].rstrip("/")
EMAIL_HOST = given["EMAIL_HOST"]
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = given["DEFAULT_FROM_EMAIL"]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
