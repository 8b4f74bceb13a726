"""Settings that hang on Redis: each process is told its own account, and the keys of the queues it has to do with."""

import ssl
from pathlib import Path
from typing import Any

from contactpoint.redis_accounts import ACCOUNTS, QUEUE, QUEUES
from contactpoint.settings.base import required

# For a process that has no account: it finds out when it asks, and says so.
NO_ACCOUNT = "redis://this-process-has-no-account.invalid"
NO_QUEUE = "none://this-process-sends-nothing"
ANSWERS_WITHIN_SECONDS = 3


def address_variable(role: str) -> str:
    """The variable with the address of Redis for a process; it holds the account's name and password."""
    return "REDIS_URL" if role == "web" else f"REDIS_{role.upper()}_URL"


def key_variable(queue: str) -> str:
    """The variable with the key by which messages of a queue are signed."""
    return f"QUEUE_{queue.upper()}_KEY"


def redis_variables(role: str) -> dict[str, str]:
    """What `required` wants to know of the variables that have to do with Redis, for the process of that role."""
    account = {address_variable(role): f"The address of Redis for the account {role}."} if role in ACCOUNTS else {}
    hint = "A random text of 50 characters or more, the same for whoever sends to this queue and works through it."
    return account | {key_variable(queue): hint for queue in QUEUES.get(role, ())}


def redis(role: str, *, root_certificate: Path | None = None) -> dict[str, Any]:
    """The settings of a process. With a root certificate the server must show one of it, with its own name."""
    given = required(redis_variables(role))
    address = given.get(address_variable(role), NO_ACCOUNT)
    tls = {
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_check_hostname": True,
        "ssl_ca_certs": str(root_certificate),
    }
    return {
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": address,
                "KEY_PREFIX": role,
                "KEY_FUNCTION": "contactpoint.cache.hidden",
                "OPTIONS": {
                    "serializer": "contactpoint.cache.JsonSerializer",
                    # A guess that cannot be counted is not heard, and whoever signs in is told soon.
                    "socket_connect_timeout": ANSWERS_WITHIN_SECONDS,
                    "socket_timeout": ANSWERS_WITHIN_SECONDS,
                    **(tls if root_certificate else {}),
                },
            }
        },
        "CELERY_BROKER_URL": address if role in QUEUES else NO_QUEUE,
        "CELERY_BROKER_USE_SSL": tls if root_certificate and role in QUEUES else None,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "global_keyprefix": QUEUE,
            # What was taken out and not begun when a process was killed is gone: the next beat does its work. To find
            # such messages again takes scripts in Redis, which no account may run.
            "ack_emulation": False,
            "priority_steps": [0],
        },
        "QUEUE_OWN": role,
        "QUEUE_KEYS": {queue: given[key_variable(queue)] for queue in QUEUES.get(role, ())},
    }
