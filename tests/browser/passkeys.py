"""A fingerprint reader in the browser's computer, with a finger always on it."""

from playwright.sync_api import Page, expect

READER = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}


def put_reader_into(page: Page, *, finger: bool = True) -> None:
    """Give the computer a reader. Without `finger` it knows nobody."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {**READER, "isUserVerified": finger, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add(page: Page, *, place: str = "This computer", alone: bool = True) -> None:
    """On the page that adds a passkey: add one; `alone` to sign in without a password. It comes with recovery codes."""
    page.get_by_label(place).check()
    if alone:
        page.get_by_label("Let me sign in with this passkey alone").check()
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
