"""Addresses of pages about people and their access."""

from django.urls import include, path

from access.calls import views as calls
from access.organisations.views import organisations, stops
from access.people.views import joining, my_access, new_sign_in, overriding, people, person
from access.sign_in.views import authorities, second_factors, session, signed_in

urlpatterns = [
    path("", include("access.software.urls")),
    path("", include("access.systems.urls")),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite_person, name="invite_person"),
    path("people/approvals/", people.approvals, name="approvals"),
    path("people/expiring/", people.expiring, name="expiring"),
    path("people/<str:reference>/", person.person, name="person"),
    *(path(f"people/<str:reference>/{step}/", page, name=f"{step}_person") for step, page in person.step_pages.items()),
    path("people/<str:reference>/invite-again/", person.invite_again, name="invite_again"),
    path("people/<str:reference>/role/", person.ask_role, name="ask_role"),
    path("people/<str:reference>/role/decide/", person.decide_role, name="decide_role"),
    path("people/<str:reference>/sign-in/", new_sign_in.ask_new_sign_in, name="ask_new_sign_in"),
    path("people/<str:reference>/sign-in/decide/", new_sign_in.decide_new_sign_in, name="decide_new_sign_in"),
    path("people/<str:reference>/emergency/", overriding.ask_override, name="ask_override"),
    path("people/<str:reference>/emergency/decide/", overriding.decide_override, name="decide_override"),
    path("people/<str:reference>/emergency/take/", overriding.take_override, name="take_override"),
    path("people/<str:reference>/evidence/<str:kind>/", person.evidence, name="evidence"),
    path("join/new-sign-in/<str:secret>/", joining.new_sign_in, name="new_sign_in"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("my-access/", my_access.my_access, name="my_access"),
    path("my-access/agreement/", my_access.agreement, name="agreement"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<str:reference>/", organisations.organisation, name="organisation"),
    path("organisations/<str:reference>/accredit/", organisations.accredit, name="accredit"),
    path("organisations/<str:reference>/site/", organisations.add_site, name="add_site"),
    path("organisations/<str:reference>/delegate/", organisations.delegate, name="delegate"),
    path("organisations/<str:reference>/take-back/", organisations.take_back, name="take_back"),
    path("organisations/<str:reference>/stop/", stops.stop_organisation, name="stop_organisation"),
    path("organisations/<str:reference>/lift/", stops.lift_organisation, name="lift_organisation"),
    path("people/<str:reference>/stop/", stops.stop_person, name="stop_person"),
    path("people/<str:reference>/lift/", stops.lift_person, name="lift_person"),
    path("stops/", stops.stops, name="stops"),
    path("stops/service/stop/", stops.stop_service, name="stop_service"),
    path("stops/service/lift/", stops.lift_service, name="lift_service"),
    path("call/", calls.asking_page, name="asking"),
    path("call/people/", calls.askers_page, name="askers"),
    path("call/end/", calls.end_page, name="end_call"),
    path("read-out/<str:reference>/", calls.read_out_page, name="read_out"),
    path("session/", session.session, name="session"),
    path("security/signed-in/", signed_in.signed_in, name="signed_in"),
    path("account/authority/", authorities.authority_sign_in, name="authority_sign_in"),
    # allauth finds the address that it gives the provider by this name.
    path("account/authority/<slug:provider_id>/back/", authorities.authority_back, name="openid_connect_callback"),
    path("security/confirm/", second_factors.confirm, name="confirm"),
    # Before allauth's own, which take their turn with nobody, and record nothing in the transaction of the change.
    path("account/password/change/", second_factors.change_password, name="account_change_password"),
    path("security/totp/activate/", second_factors.add_authenticator_app, name="mfa_activate_totp"),
    path("security/totp/deactivate/", second_factors.remove_authenticator_app, name="mfa_deactivate_totp"),
    path("security/recovery-codes/generate/", second_factors.renew_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/webauthn/add/", second_factors.add_passkey, name="mfa_add_webauthn"),
    path("security/webauthn/keys/<int:pk>/remove/", second_factors.remove_passkey, name="mfa_remove_webauthn"),
]
