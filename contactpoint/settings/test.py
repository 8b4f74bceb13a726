"""The test suite. tests/servers.py starts PostgreSQL and Redis and puts their addresses in the environment.

Without them (a linter, the type checker) the settings still load, and any query fails.
"""

import os
from pathlib import Path

from contactpoint.settings.base import *  # noqa: F403
from contactpoint.settings.base import ACCOUNT_RATE_LIMITS as LIMITS
from contactpoint.settings.base import content_security_policy, database
from contactpoint.settings.redis import redis, redis_variables

role = os.environ.get("DATABASE_ROLE", "web")
for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
    os.environ.setdefault(name, "postgresql://nobody@127.0.0.1:1/none")
for name in redis_variables(role):
    os.environ.setdefault(name, "redis://127.0.0.1:1/0")

SECRET_KEY = "only-for-tests"  # noqa: S105 - signs nothing outside the test run
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SERVICE_ADDRESS = os.environ.get("SERVICE_ADDRESS", "http://testserver")
SIGN_IN_ADDRESS = os.environ.get("SIGN_IN_ADDRESS", "http://testserver")
CONTENT_SECURITY_POLICY = content_security_policy(SERVICE_ADDRESS, SIGN_IN_ADDRESS)
KEYRING_DIR = Path(os.environ.get("KEYRING_DIR", "/nonexistent"))
PUBLICATION_DIR = Path(os.environ.get("PUBLICATION_DIR", "/nonexistent"))
POSTCODES_FILE = Path(os.environ.get("POSTCODES_FILE", "/nonexistent"))
BREACHED_PASSWORDS_FILE = Path("/nonexistent")  # but where a test makes one
DATABASES = {"default": database(role)}
globals().update(redis(role))
# Argon2 at its real cost would be most of the suite's time; one test signs in with the real hasher.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# All tests sign in from one address, and a fast machine does so more than 600 times a minute. Tests of limits set their
# own.
ACCOUNT_RATE_LIMITS = LIMITS | {"join": "60000/m/ip", "login": "60000/m/ip", "address_wrong": "60000/h/key"}
TELLING_ON_THIS_MACHINE = True
MFA_RATE_LIMITS = {"webauthn_login": "60000/m/ip"}
