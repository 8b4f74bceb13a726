"""How the files for pages are collected, when an image is built: no server, secret or address has to be known for it.

Production serves what was collected so; it builds on these settings, so that the two cannot differ. Keys are made with
these settings too: whoever can open every keyring is told nothing else.
"""

from contactpoint.settings.base import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
