"""The web process, or the one that signs people in. It refuses to start without its keys; the latter in production also
without the list of stolen passwords."""

import os

from django.core.wsgi import get_wsgi_application

from contactpoint import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.production")
logs.configure()
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from access.sign_in import breached_passwords  # noqa: E402 - these read Django's settings
from audit import heartbeat  # noqa: E402
from audit.actors import Process  # noqa: E402
from encryption import keyring  # noqa: E402

keyring.current()
if settings.SERVES == "sign_in":
    breached_passwords.check_demanded()
heartbeat.start(Process(settings.SERVES.replace("_", "-")))
