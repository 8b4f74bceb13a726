"""A laptop: embedded PostgreSQL and Redis unless DATABASE_URL and REDIS_URL point at others. Not for real children."""

import os

from contactpoint.local import state
from contactpoint.settings.base import *  # noqa: F403
from contactpoint.settings.base import BASE_DIR, database, redis

# Each process is given the database address of its own role alone, but all are given the address of Redis.
if "REDIS_URL" not in os.environ:
    from contactpoint.local import servers

    os.environ.update(servers.ensure_running(state.directory()).environment())

SECRET_KEY = state.secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SERVICE_ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
# Letters are printed where the worker was started.
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
KEYRING_DIR = state.directory() / "keys"
PUBLICATION_DIR = state.directory() / "publication"
POSTCODES_FILE = state.directory() / "postcodes"
BREACHED_PASSWORDS_FILE = state.directory() / "breached-passwords"
DATABASES = {"default": database(os.environ.get("DATABASE_ROLE", "web"))}
globals().update(redis(os.environ["REDIS_URL"]))
STATICFILES_DIRS = [BASE_DIR / "static"]
