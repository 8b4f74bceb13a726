"""Production: everything from the environment, nothing assumed. What is missing is named, and stops the process."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from contactpoint.settings import addresses, outside, wire
from contactpoint.settings.base import content_security_policy, database_variable, required
from contactpoint.settings.redis import redis_variables
from contactpoint.settings.static import *  # noqa: F403

# Passwords are chosen where people sign in, and nowhere else.
LIST = {"BREACHED_PASSWORDS_FILE": "The list of stolen passwords: docs/breached-passwords.md says how to take it in."}

role = os.environ.get("DATABASE_ROLE", "web")
given = required(
    {
        "SECRET_KEY": "A random text of 50 characters or more, the same on every web process.",
        "ALLOWED_HOSTS": "Host names, separated by commas.",
        "KEYRING_DIR": "The directory in which the directory with this process's own keys lies.",
        "LOG_ORIGIN": "The log's name in its checkpoints, such as registry.example/log.",
        "PUBLICATION_DIR": "Where checkpoints are published: outside the database, best on write-once storage.",
        "SERVICE_ADDRESS": "Where people find the service, such as https://registry.example.",
        "SIGN_IN_ADDRESS": "Where they sign in, below that host, such as https://sign-in.registry.example.",
        "EMAIL_HOST": "The mail server that invitations and reminders are given to.",
        "DEFAULT_FROM_EMAIL": "The address that letters come from.",
        "TLS_ROOT_CERTIFICATE": "The file with the certificate by which PostgreSQL's and Redis's are checked.",
    }
    | database_variable(role)
    | redis_variables(role)
    | (LIST if role == "sign_in" else {})
)
SECRET_KEY = given["SECRET_KEY"]
ALLOWED_HOSTS = given["ALLOWED_HOSTS"].split(",")
KEYRING_DIR = Path(given["KEYRING_DIR"])
LOG_ORIGIN = given["LOG_ORIGIN"]
PUBLICATION_DIR = Path(given["PUBLICATION_DIR"])
BUCKET = outside.bucket(tls=True)
BREACHED_PASSWORDS_DEMANDED = True
wire.check(role)
globals().update(wire.over_tls(role, Path(given["TLS_ROOT_CERTIFICATE"])))
SERVICE_ADDRESS, SIGN_IN_ADDRESS = (given[name].rstrip("/") for name in ("SERVICE_ADDRESS", "SIGN_IN_ADDRESS"))
addresses.check(SERVICE_ADDRESS, SIGN_IN_ADDRESS)
CONTENT_SECURITY_POLICY = content_security_policy(SERVICE_ADDRESS, SIGN_IN_ADDRESS)
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
# The key of a session is for both addresses, and so is sent to every other host below the service too: no other program
# may be served there (SECURITY.md, Running it for real). That of the browser that signs in is for its own host alone.
SESSION_COOKIE_NAME = "__Secure-session"
SESSION_COOKIE_DOMAIN = urlsplit(SERVICE_ADDRESS).hostname
SIGN_IN_COOKIE_NAME = "__Host-sign-in"
CSRF_COOKIE_NAME = "__Host-csrf"
DEVICE_COOKIE_NAME = "__Host-device"
