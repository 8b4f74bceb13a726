"""The API for systems: the frameworks it is made with, and how much of it there is at once."""

import os

# The most requests in a minute of all people in one system, of one person in one (api/throttles.py), and of software
# that delivers a feed (feeds/api/admission.py).
API_RATES = {
    "system": int(os.environ.get("API_RATE_SYSTEM", "3000")),
    "person": int(os.environ.get("API_RATE_PERSON", "120")),
    "software": int(os.environ.get("API_RATE_SOFTWARE", "60")),
}
API_LONGEST_BODY = 64 * 1024
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # api/admission.py admits, before any view
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsing.AlwaysJSON",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.PerMinute"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.answer",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Contact point",
    "VERSION": "1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SORT_OPERATIONS": False,  # but as they stand in api/urls.py
    "POSTPROCESSING_HOOKS": ["api.document.finish"],
}
