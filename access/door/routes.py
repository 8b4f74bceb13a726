"""What each route asks of the person who calls it. A route that says nothing does not exist for anybody.

Our own views say it with a decorator; the routes of allauth are listed here by name. Routes of allauth that are
not listed (sign-up, e-mail management, password reset by e-mail) are not found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from access.rules.roles import Permission

# Admits a request, or answers why not.
Admission = Callable[[HttpRequest], HttpResponse | None]
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """What a route asks: a person, their second factor, current vetting, a permission. Each includes the one before.

    `admission`: software that shows a token, which that function admits: an organisation's, for no person at all, or a
    system in a person's name, of whom that function asks what else stands here. Cookies count for nothing there.
    `enrolment`: a password is enough only while the person has no second factor to ask for. `active`: somebody who is
    still joining is not let in. `confirmed`: the second factor was shown within the last five minutes; where a first
    one is set up, only if there is one. `proof` says what software shows that comes in nobody's name.
    """

    signed_in: bool = False
    enrolment: bool = False
    second_factor: bool = False
    vetted: bool = False
    permission: Permission | None = None
    admission: Admission | None = None
    active: bool = False
    confirmed: bool = False
    proof: str = ""


PUBLIC = RoutePolicy()
SIGNED_IN = RoutePolicy(signed_in=True)
ENROLMENT = RoutePolicy(signed_in=True, enrolment=True, confirmed=True)
SECOND_FACTOR = RoutePolicy(signed_in=True, second_factor=True)
# What shows second factors or adds one, also while somebody is joining.
SECOND_FACTOR_AGAIN = RoutePolicy(signed_in=True, second_factor=True, confirmed=True)
# What a person may do to their own ways in once they are in, beyond setting up the first ones.
OWN_SECURITY = RoutePolicy(signed_in=True, second_factor=True, active=True, confirmed=True)
VETTED = RoutePolicy(signed_in=True, second_factor=True, vetted=True)
# Where the routes are that software calls, which proves itself, and no others: known before the route is.
TOKEN_PATHS = ("/api/", "/scim/", "/feeds/", "/oauth/revoke", "/oauth/token")
# Where a page asks until when its session lasts, which by itself makes it last no longer.
ASKING_PATH = "/session/"
# Where the routes are that the process which signs people in serves; all others the web process does (serving.py).
SIGN_IN_PATHS = (
    *("/.well-known/oauth-authorization-server", "/account/", "/join/", "/oauth/", "/read-out/", "/security/"),
)
# But these, which each of the two answers for itself.
EVERYWHERE_PATHS = ("/account/logout/", ASKING_PATH, "/health/")

_ATTRIBUTE = "route_policy"
_CONFIRMED = "recently_confirmed"

ALLAUTH_ROUTES: dict[str, RoutePolicy] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "mfa_authenticate": PUBLIC,  # between the password and the code nobody is signed in yet
    "mfa_login_webauthn": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_activate_totp": ENROLMENT,
    "account_change_password": OWN_SECURITY,
    "mfa_index": SECOND_FACTOR,
    "mfa_deactivate_totp": OWN_SECURITY,
    "mfa_view_recovery_codes": SECOND_FACTOR_AGAIN,
    "mfa_generate_recovery_codes": OWN_SECURITY,
    "mfa_download_recovery_codes": SECOND_FACTOR_AGAIN,
    "mfa_list_webauthn": SECOND_FACTOR,
    "mfa_add_webauthn": SECOND_FACTOR_AGAIN,
    "mfa_edit_webauthn": OWN_SECURITY,
    "mfa_remove_webauthn": OWN_SECURITY,
}


def public(view: View) -> View:
    """Anybody may call it."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody who has signed in may call it, with whatever they showed."""
    return _declare(view, SIGNED_IN)


def enrolled(view: View) -> View:
    """Any signed-in person with two factors may call it, also while something in their vetting is missing."""
    return _declare(view, SECOND_FACTOR)


def vetted(view: View) -> View:
    """Any signed-in person with two factors and current vetting may call it."""
    return _declare(view, VETTED)


def requires(permission: Permission) -> Callable[[View], View]:
    """A vetted person whose role has `permission` may call it."""
    policy = RoutePolicy(signed_in=True, second_factor=True, vetted=True, permission=permission)
    return lambda view: _declare(view, policy)


def admitted_by(
    admission: Admission, *, vetted: bool = False, permission: Permission | None = None, proof: str = ""
) -> Callable[[View], View]:
    """Software that `admission` admits may call it. Its address begins as one of TOKEN_PATHS.

    `vetted` and `permission` say what `admission` asks of the person in whose name it comes, if it comes in anybody's;
    else `proof` says what is shown.
    """

    def decorate(view: View) -> View:
        view.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie counts, so that none can be misused
        return _declare(view, RoutePolicy(admission=admission, vetted=vetted, permission=permission, proof=proof))

    return decorate


def recently_confirmed(view: View) -> View:
    """A dangerous step: whoever may call it is asked for their second factor again, unless it was within five minutes.

    Stands beside the decorator that says who may call it. What a POST sent is kept while the person confirms, and fills
    the page's form again (`confirming.typed`); no form of more than 8 KiB, nor one with a file.
    """
    setattr(view, _CONFIRMED, True)
    return view


def policy_of(view: Callable[..., object], name: str | None) -> RoutePolicy | None:
    """The policy declared for the route of that name, or None."""
    return declared_policy(view) or ALLAUTH_ROUTES.get(name or "")


def declared_policy(view: Callable[..., object]) -> RoutePolicy | None:
    """The policy that one of our own views says by its decorator, or None."""
    declared: RoutePolicy | None = getattr(view, _ATTRIBUTE, None)
    return replace(declared, confirmed=True) if declared and getattr(view, _CONFIRMED, False) else declared


def _declare(view: View, policy: RoutePolicy) -> View:
    setattr(view, _ATTRIBUTE, policy)
    return view
