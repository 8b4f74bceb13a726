from django.apps import AppConfig

from audit import vouching
from audit.events import EventKind
from audit.vouching import Shown, Vouchers

# Which functions of the database (sql/functions/) take what people and their software did. In the very statement that
# records it a session becomes somebody's, an invitation is used up, and a system is given a token or gives it back.
OF_SESSIONS = Vouchers(
    usual="audit_record", of_kind={EventKind.SIGNED_IN: "access_sign_in"}, shows_tickets="access_show_ticket"
)
OF_TOKENS = Vouchers(
    usual="audit_record_token",
    of_kind={
        EventKind.USER_JOINED: "access_invitation_accept",
        EventKind.USER_SIGN_IN_RENEWED: "access_invitation_accept",
        EventKind.SYSTEM_TOKEN_GIVEN: "access_token_give",
        EventKind.SYSTEM_TOKEN_ENDED: "access_token_end",
    },
)


class AccessConfig(AppConfig):
    name = "access"

    def ready(self) -> None:
        vouching.register(Shown.SESSION, OF_SESSIONS)
        vouching.register(Shown.TOKEN, OF_TOKENS)

        # Receivers connect when imported.
        from access.sign_in import events as sign_in_events  # noqa: F401
