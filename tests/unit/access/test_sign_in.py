"""What allauth is told about a person, without a database."""

import pytest
from allauth.account.utils import url_str_to_user_pk
from django.contrib.auth.hashers import check_password, make_password
from django.test import RequestFactory
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import Organisation, OrganisationKind, User
from access.models.user import email_fingerprint
from access.sign_in.adapters import AccountAdapter, SecondFactorAdapter
from access.sign_in.forms import SignInForm
from contactpoint.settings import base
from encryption.errors import ValueDamagedError

EMAIL = "someone@example.org"


@pytest.mark.parametrize("typed", [EMAIL, EMAIL.upper(), f"  {EMAIL}\n"])
def test_fingerprint_is_the_same_however_it_is_typed(typed: str) -> None:
    assert email_fingerprint(typed) == email_fingerprint(EMAIL)


def test_fingerprint_tells_people_apart_and_tells_nothing_else() -> None:
    assert email_fingerprint("another@example.org") != email_fingerprint(EMAIL)
    assert "someone" not in email_fingerprint(EMAIL)


def test_second_factor_secret_opens_only_whole(settings: SettingsWrapper) -> None:
    settings.KEYRING_HOLDER = "sign_in"
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    flipped = ("B" if sealed[-8] == "A" else "A").join([sealed[:-8], sealed[-7:]])
    with pytest.raises(ValueDamagedError):
        adapter.decrypt(flipped)


def test_passkey_is_told_a_name_and_never_the_fingerprint() -> None:
    person = User(pk=4711, name="Some One", email=EMAIL, email_fingerprint=email_fingerprint(EMAIL))

    entity = SecondFactorAdapter().get_public_key_credential_user_entity(person)

    assert url_str_to_user_pk(entity.pop("id").decode()) == 4711, "allauth finds the person again by it"
    assert entity == {"display_name": "Some One", "name": EMAIL}


def test_nobody_signs_up() -> None:
    assert AccountAdapter().is_open_for_signup(RequestFactory().get("/")) is False


def test_form_passes_on_the_fingerprint_and_not_the_address() -> None:
    request = RequestFactory().post("/")
    form = SignInForm(request=request)
    form.cleaned_data = {"login": EMAIL, "password": "p"}

    assert form.user_credentials() == {"username": email_fingerprint(EMAIL), "password": "p"}
    assert list(form.fields)[:2] == ["login", "password"]


def test_authority_answers_for_itself_and_for_its_organisations() -> None:
    council = Organisation(pk=1, kind=OrganisationKind.AUTHORITY)
    school = Organisation(pk=2, kind=OrganisationKind.SCHOOL, responsible_authority=council)

    assert council.authority_id == 1
    assert school.authority_id == 1


def test_user_prints_no_personal_value() -> None:
    person = User(pk=7, name="Some One", email=EMAIL)

    assert str(person) == repr(person) == "<User 7>"
    assert f"{person.name} {person.email}" == "<sealed> <sealed>"


def test_passwords_are_hashed_with_argon2id_in_production() -> None:
    hasher = base.PASSWORD_HASHERS[0].rpartition(".")[2]
    assert hasher == "Argon2PasswordHasher"

    hashed = make_password("a password", hasher="argon2")

    assert hashed.startswith("argon2$argon2id$")
    assert check_password("a password", hashed)
