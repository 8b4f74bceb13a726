"""Addresses of pages about people and their access."""

from django.urls import path

from access.views import authorities, calls, people, second_factors, signed_in

urlpatterns = [
    path("people/", people.people, name="people"),
    path("call/", calls.asking_page, name="asking"),
    path("call/people/", calls.askers_page, name="askers"),
    path("call/end/", calls.end_page, name="end_call"),
    path("call/<str:reference>/", calls.read_out_page, name="read_out"),
    path("my-access/", people.my_access, name="my_access"),
    path("security/signed-in/", signed_in.signed_in, name="signed_in"),
    path("account/authority/", authorities.authority_sign_in, name="authority_sign_in"),
    # allauth finds the address that it gives the provider by this name.
    path("account/authority/<slug:provider_id>/back/", authorities.authority_back, name="openid_connect_callback"),
    # Before allauth's own, which take their turn with nobody.
    path("security/totp/deactivate/", second_factors.remove_authenticator_app, name="mfa_deactivate_totp"),
    path("security/webauthn/keys/<int:pk>/remove/", second_factors.remove_passkey, name="mfa_remove_webauthn"),
]
