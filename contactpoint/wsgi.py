"""The web process. It refuses to start without its keys."""

import os

from django.core.wsgi import get_wsgi_application

from contactpoint import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.production")
logs.configure()
application = get_wsgi_application()

from audit import heartbeat  # noqa: E402 - these read Django's settings
from audit.actors import Process  # noqa: E402
from encryption import keyring  # noqa: E402

keyring.current()
heartbeat.start(Process("web"))
