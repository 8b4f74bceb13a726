"""What tests of sign-in do at its pages."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

LOGIN, CODE, HOME = reverse("account_login"), reverse("mfa_authenticate"), reverse("home")
WRONG_CODE = "Enter the 6-digit code your authenticator app shows now"


def is_signed_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def post_password(browser: Client, email: str, password: str, **more: object) -> HttpResponse:
    return browser.post(LOGIN, {"login": email, "password": password}, **more)
