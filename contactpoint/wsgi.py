"""The web process. It refuses to start without its keys, and in production without the list of stolen passwords."""

import os

from django.core.wsgi import get_wsgi_application

from contactpoint import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.production")
logs.configure()
application = get_wsgi_application()

from access.sign_in import breached_passwords  # noqa: E402 - these read Django's settings
from audit import heartbeat  # noqa: E402
from audit.actors import Process  # noqa: E402
from encryption import keyring  # noqa: E402

keyring.current()
breached_passwords.check_demanded()
heartbeat.start(Process("web"))
