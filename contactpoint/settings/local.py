"""A laptop: embedded PostgreSQL and Redis unless DATABASE_URL and REDIS_URL point at others. Not for real children."""

import os

from contactpoint.local import state, witness
from contactpoint.redis_accounts import QUEUES
from contactpoint.settings import outside
from contactpoint.settings.base import *  # noqa: F403
from contactpoint.settings.base import BASE_DIR, content_security_policy, database, database_variable
from contactpoint.settings.redis import key_variable, redis

role = os.environ.get("DATABASE_ROLE", "web")
# Each process that the demonstration starts is given the addresses of its own role and no other.
if not os.environ.keys() & database_variable(role).keys():
    from contactpoint.local import servers

    os.environ.update(servers.ensure_running(state.directory()).environment())
for queue in QUEUES.get(role, ()):
    os.environ.setdefault(key_variable(queue), state.secret(f"queue_{queue}_key"))

SECRET_KEY = state.secret("secret_key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
PORT = int(os.environ.get("PORT") or "8000")
SERVICE_ADDRESS = f"http://localhost:{PORT}"  # by name: browsers keep no passkey for a bare number
SIGN_IN_ADDRESS = f"http://localhost:{PORT + 1}"
CONTENT_SECURITY_POLICY = content_security_policy(SERVICE_ADDRESS, SIGN_IN_ADDRESS)
# Letters are printed where the worker was started.
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
KEYRING_DIR = state.directory() / "keys"
PUBLICATION_DIR = witness.publication(state.directory())
WITNESS_KEYS = outside.witnesses(witness.public_key(state.directory()))
BUCKET = outside.bucket(tls=False)
POSTCODES_FILE = state.directory() / "postcodes"
BREACHED_PASSWORDS_FILE = state.directory() / "breached-passwords"
DATABASES = {"default": database(role)}
globals().update(redis(role))
TELLING_ON_THIS_MACHINE = True
STATICFILES_DIRS = [BASE_DIR / "static"]
