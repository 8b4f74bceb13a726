"""Settings common to every environment. What differs comes from the environment or from local/test/production."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from contactpoint.settings import authorities, outside
from contactpoint.settings.api import *  # noqa: F403 - as this page's own

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def required(hints: dict[str, str]) -> dict[str, str]:
    """The environment variables that `hints` names, or one error that says how to set each that is not there."""
    if missing := [f"{name}: {hint}" for name, hint in hints.items() if not os.environ.get(name)]:
        raise ImproperlyConfigured("\n  ".join(["These environment variables are not set.", *missing]))
    return {name: os.environ[name] for name in hints}


def database_variable(role: str) -> dict[str, str]:
    """What `required` wants to know of the variable with the database address of `role`."""
    name = "DATABASE_URL" if role == "web" else f"DATABASE_{role.upper()}_URL"
    return {name: f"The address of PostgreSQL for the {role} role."}


def database(role: str) -> dict[str, Any]:
    """Django's database entry for the PostgreSQL role a process connects as: web, sign_in or another of theirs."""
    (address,) = required(database_variable(role)).values()
    # The web and the sign-in role show the session of a request once, on their connection (docs/adr/0032). A pooler
    # that hands connections on after each transaction (PgBouncer: pool_mode=transaction) would show it to others; one
    # before these two has to pool by session. For the other roles it may pool by transaction, where a cursor on the
    # server would be lost.
    parsed = dj_database_url.parse(
        address, conn_max_age=600, conn_health_checks=True, disable_server_side_cursors=role != "web"
    )
    if role != "web":
        return dict(parsed)
    # Statements are prepared once they come back: row-level security makes planning dearer than running them. Not where
    # a connection fills tables that were empty when it began: it would keep the plans made for empty ones.
    prepared = {"server_side_binding": True, "prepare_threshold": 5}
    return {**parsed, "OPTIONS": {**parsed.get("OPTIONS", {}), **prepared}}


DEBUG = False
ALLOWED_HOSTS: list[str] = []
# How many proxies of our own stand before the web process, each adding to X-Forwarded-For whom it heard. With none the
# header is the visitor's own talk.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
# Which of the two processes that people meet this is: the one that signs them in, or web (access.door.serving).
SERVES = "sign_in" if os.environ.get("DATABASE_ROLE") == "sign_in" else "web"
ROOT_URLCONF = "contactpoint.urls"
WSGI_APPLICATION = "contactpoint.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "guardian",
    "encryption",
    "audit",
    "access",
    "registry",
    "feeds",
    "review",
    "api",
    "contactpoint",
]

# Headers stand outside everything that may answer by itself, so that every answer carries them.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "contactpoint.middleware.RequestIdMiddleware",
    "contactpoint.middleware.ClientAddressMiddleware",
    "contactpoint.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "contactpoint.middleware.WrongMethodMiddleware",
    "django.middleware.common.CommonMiddleware",
    "access.sign_in.middleware.SessionMiddleware",
    "access.door.serving.ServingMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "access.sign_in.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "access.door.middleware.RefusalMiddleware",
    "access.door.middleware.RoutePolicyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "contactpoint.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "access.door.context.person",
                "access.door.context.earlier_session",
            ],
        },
    },
    # Django's own forms and allauth look for templates here before ours are tried.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

# Access ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["access.sign_in.adapters.PasswordBackend"]
ANONYMOUS_USER_NAME = None  # guardian's stand-in user: nobody anonymous holds a grant here
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # grants are asked by access.rules.grants, not through has_perm
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "access.sign_in.breached_passwords.BreachedPasswordValidator"},
]
BREACHED_PASSWORDS_FILE = Path(os.environ.get("BREACHED_PASSWORDS_FILE", BASE_DIR / ".local" / "breached-passwords"))
BREACHED_PASSWORDS_DEMANDED = False  # whether nobody can sign in without it
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "access.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth wants the field named
ACCOUNT_USER_MODEL_USERNAME_FIELD = "email_fingerprint"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "access.sign_in.forms.SignInForm", "change_password": "access.sign_in.forms.NewPasswordForm"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
# How many wrong guesses are heard: access/sign_in/guessing.py says of what. `here` is of one account, in a known
# browser or from one address; `elsewhere` of one account, in all browsers that are new to it. Only a flood is counted
# by address alone, which a whole school shares. `read_out` is what colleagues read out to mediators: the wrong codes of
# one mediator, and those for one colleague.
ACCOUNT_RATE_LIMITS = {
    "join": "600/m/ip",  # no link can be guessed
    "login": "600/m/ip",
    "password_here": "5/15m/key",
    "password_elsewhere": "60/h/key",
    "code_here": "20/h/key,100/30d/key",
    "code_elsewhere": "20/h/key,100/30d/key",
    "address_wrong": "300/h/key",
    "read_out_failed": "20/h/key",
    "read_out_colleague": "20/h/key",
    # allauth's own, which count by person.
    "login_failed": None,
    "reauthenticate": None,
    "change_password": None,
}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_ADAPTER = "access.sign_in.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "access.sign_in.forms.CodeForm",
    "reauthenticate": "access.sign_in.forms.ConfirmCodeForm",
    "activate_totp": "access.sign_in.forms.FirstCodeForm",
    "add_webauthn": "access.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "access.sign_in.forms.EditPasskeyForm",
    "authenticate_webauthn": "access.sign_in.forms.PasskeyCodeForm",
    "login_webauthn": "access.sign_in.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "access.sign_in.forms.PasskeyConfirmForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Contact point"

SOCIALACCOUNT_ADAPTER = "access.sign_in.authorities.AuthorityAdapter"
SOCIALACCOUNT_PROVIDERS = authorities.providers(os.environ.get("AUTHORITY_SIGN_IN", ""))

DEVICE_COOKIE_NAME = "device"
DEVICE_COOKIE_AGE = 180 * 24 * 60 * 60  # seconds since the last sign-in, for which a browser is known
GUESSES_TOLD_SECONDS = 7 * 24 * 60 * 60  # for how long somebody is told at each sign-in that others guessed

SESSION_ENGINE = "access.door.sessions"
SESSION_COOKIE_NAME = "session"
SIGN_IN_COOKIE_NAME = "sign_in"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 10 * 60 * 60  # the absolute limit, in seconds
SESSION_IDLE_SECONDS = 15 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # until the browser closes, as the session's
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "contactpoint.errors.stale_form"
MESSAGE_STORAGE = "access.door.messages.Storage"

# Pages -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
DATE_FORMAT = "j F Y"
SERVICE_NAME = "Contact point"
EMAIL_TIMEOUT = 10
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
FORM_RENDERER = "contactpoint.jinja.FormRenderer"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Lists of people are read in memory and never kept. A larger file must not land in a temporary file: it is dropped.
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = [
    "pages.streamed.StreamedUploadHandler",  # of views that read their file as it comes in, and of no others
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]
# What suppliers send by a page is sealed part by part as it comes in. Its transaction holds the seal of the log up, so
# that it may not last: larger files come in by `manage.py receive_batch`.
STREAMED_FILE_MAX_BYTES = 64 * 1024**2
STREAMED_FILE_SECONDS = 60


def content_security_policy(*addresses: str) -> dict[str, Any]:
    """What pages may load and send: nothing but our own. `addresses`: where what a form was sent to may lead on to."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "base-uri": [NONE],
            "connect-src": [SELF],
            "font-src": [SELF],
            "form-action": [SELF, *addresses],
            "frame-ancestors": [NONE],
            "img-src": [SELF, "data:"],  # the QR code of an authenticator secret must not be fetched by address
            "script-src": [SELF],
            "style-src": [SELF],
            "manifest-src": [SELF],
        }
    }


# Encryption --------------------------------------------------------------------------------------------------
KEY_BACKEND = os.environ.get("KEY_BACKEND", "encryption.backends.file.FileBackend")
KEYRING_DIR = Path(os.environ.get("KEYRING_DIR", BASE_DIR / ".local" / "keys"))
# Whose keyring in KEYRING_DIR is this process's own (encryption/holders.py): a process is named as its database role.
KEYRING_HOLDER = os.environ.get("DATABASE_ROLE", "web")

# Access log --------------------------------------------------------------------------------------------------
LOG_ORIGIN = os.environ.get("LOG_ORIGIN", "contactpoint.example/log")  # the log's name in its checkpoints
PUBLICATION_DIR = Path(os.environ.get("PUBLICATION_DIR", BASE_DIR / ".local" / "publication"))
AUDIT_HEARTBEAT_SECONDS = 30  # how often each process says that it lives
AUDIT_UNSEALED_SECONDS = 10  # how long an event may wait for its seal before it is an alarm
AUDIT_UNPUBLISHED_SECONDS = 300  # how long a checkpoint may wait to be published, and to be in the bucket
AUDIT_UNWITNESSED_SECONDS = 600  # how long a witness may leave what is published without its word
REVIEW_UNEXAMINED_SECONDS = 120  # how long accesses may wait to be examined before it is an alarm
WITNESS_KEYS = outside.witnesses(os.environ.get("WITNESS_KEYS", ""))
BUCKET: dict[str, Any] | None = None  # of the worker, which alone is told its account

# Systems that are told something -----------------------------------------------------------------------------
# Whether one may be on this very machine, without TLS: for whoever tries it, and nowhere else.
TELLING_ON_THIS_MACHINE = False

# Search ------------------------------------------------------------------------------------------------------
SEARCH_RESULT_LIMIT = 10
POSTCODES_FILE = Path(os.environ.get("POSTCODES_FILE", BASE_DIR / ".local" / "postcodes"))

# Feeds -------------------------------------------------------------------------------------------------------
# How many are taken in at once. The worker needs one process more, for what is more urgent.
FEEDS_AT_ONCE = int(os.environ.get("FEEDS_AT_ONCE", "1"))

# Budgets -----------------------------------------------------------------------------------------------------
# The most of each measure (access.models.Measure) that one user may use in an hour and in 24 hours; the database
# refuses more. A role that has no budget for something may do none of it. `migrate` puts a change into force.
BUDGETS = {
    "practitioner": {
        "searches": (120, 400),
        "candidates": (150_000, 500_000),
        "identities": (600, 2_000),
        "records": (60, 200),
        "reports": (20, 60),
    },
    "mediator": {
        "searches": (240, 1_200),
        "candidates": (300_000, 1_500_000),
        "identities": (1_200, 6_000),
        "records": (120, 600),
    },
    # Of nothing else: whoever has a budget for a measure may record what is charged to it, and so read it.
    "administrator": {
        "unplaced": (500, 2_000),
        "compared": (60, 200),  # as many as a practitioner may open
    },
    "auditor": {
        "lookups": (60, 200),
    },
}

# Background work ---------------------------------------------------------------------------------------------
# Who sends, and who works through which queue: contactpoint/redis_accounts.py. How messages are signed:
# contactpoint/queue.py.
QUEUE_OWN = ""
QUEUE_KEYS: dict[str, str] = {}
CELERY_TASK_DEFAULT_QUEUE = "worker"
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # whoever reaches Redis could shut workers down or change their limits
CELERY_TIMEZONE = TIME_ZONE
# A beat that nobody came round to is dropped: the next one does its work.
CELERY_BEAT_SCHEDULE = {
    "delete-ended-sessions": {"task": "access.tasks.delete_ended_sessions", "schedule": 60.0},
    "end-old-agreements": {"task": "access.tasks.end_old_agreements", "schedule": 86_400.0},
    "send-links": {"task": "access.tasks.send_links", "schedule": 5.0, "options": {"expires": 5.0}},
    "tell-of-changes": {"task": "access.tasks.tell_of_changes", "schedule": 5.0, "options": {"expires": 5.0}},
    # Nobody is told twice; each hour, so that a mail server that was away for one costs no day.
    "send-reminders": {"task": "access.tasks.send_reminders", "schedule": 3_600.0, "options": {"expires": 3_600.0}},
    "seal": {"task": "audit.tasks.seal", "schedule": 2.0, "options": {"expires": 2.0}},
    "examine": {"task": "review.tasks.examine", "schedule": 2.0, "options": {"expires": 2.0}},
    "compare-anew": {"task": "review.tasks.compare_anew", "schedule": 10.0, "options": {"expires": 10.0}},
    "send-reminders-of-questions": {
        "task": "review.tasks.send_reminders_of_questions",
        "schedule": 3_600.0,
        "options": {"expires": 3_600.0},
    },
    "watch-the-seal": {"task": "audit.tasks.watch_the_seal", "schedule": 5.0, "options": {"expires": 5.0}},
    "watch-the-examiner": {"task": "review.tasks.watch_the_examiner", "schedule": 5.0, "options": {"expires": 5.0}},
    "watch-what-is-outside": {
        "task": "audit.tasks.watch_what_is_outside",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "keep-in-the-bucket": {"task": "audit.tasks.keep_in_the_bucket", "schedule": 60.0, "options": {"expires": 60.0}},
    "watch-the-numbers": {"task": "audit.tasks.watch_the_numbers", "schedule": 60.0, "options": {"expires": 60.0}},
    "make-partitions": {"task": "audit.tasks.make_partitions", "schedule": 86_400.0},
    "keep-traits-of-users": {
        "task": "registry.tasks.keep_traits_of_users",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "take-in-batches": {"task": "feeds.tasks.process_waiting", "schedule": 2.0, "options": {"expires": 2.0}},
    "suggest-bounds": {"task": "feeds.tasks.suggest_bounds", "schedule": 86_400.0, "options": {"expires": 86_400.0}},
    "follow-records": {"task": "feeds.tasks.follow_records", "schedule": 60.0, "options": {"expires": 60.0}},
    "file-shielded": {"task": "registry.tasks.file_shielded", "schedule": 2.0, "options": {"expires": 2.0}},
    "watch-shields": {"task": "registry.tasks.watch_shields", "schedule": 3_600.0, "options": {"expires": 3_600.0}},
    "merge-approved": {"task": "registry.tasks.merge_approved", "schedule": 2.0, "options": {"expires": 2.0}},
    "sever-approved": {"task": "registry.tasks.sever_approved", "schedule": 2.0, "options": {"expires": 2.0}},
    # As often as registry/worker/severing.py draws; a beat that is missed is drawn the next time.
    "make-drawn": {"task": "registry.tasks.make_drawn", "schedule": 3_600.0, "options": {"expires": 3_600.0}},
    "keep-to-terms": {"task": "registry.tasks.keep_to_terms", "schedule": 86_400.0},
    "answer-archive": {"task": "registry.tasks.answer_archive", "schedule": 2.0, "options": {"expires": 2.0}},
    # It does its work once in each month, and goes on where it stopped.
    "list-unplaced": {"task": "registry.tasks.list_unplaced", "schedule": 60.0, "options": {"expires": 60.0}},
    "look-up-sources": {
        "task": "registry.tasks.look_up_sources",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "tell-followers": {"task": "registry.tasks.tell_followers", "schedule": 5.0, "options": {"expires": 5.0}},
    "forget-reports": {"task": "registry.tasks.forget_reports", "schedule": 86_400.0},
    "open-escrow": {"task": "registry.tasks.open_escrow", "schedule": 2.0, "options": {"expires": 2.0}},
    "forget-idempotency-keys": {"task": "api.tasks.forget_keys", "schedule": 3_600.0},
    "clear-draws": {"task": "registry.tasks.clear_draws", "schedule": 60.0, "options": {"expires": 60.0}},
}
# These read events, which the worker's role may not; a worker of their own connects as the sequencer.
CELERY_TASK_ROUTES = {
    "audit.tasks.seal": {"queue": "sequencer"},
    "audit.tasks.watch_the_numbers": {"queue": "sequencer"},
    "registry.tasks.open_escrow": {"queue": "sequencer"},
    "review.tasks.examine": {"queue": "examiner"},
    "review.tasks.compare_anew": {"queue": "examiner"},
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None  # contactpoint.logs sets structlog up
