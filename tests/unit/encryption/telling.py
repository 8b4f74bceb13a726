"""What an exception would tell whoever reads the log."""

import base64
import traceback


def assert_tells_nothing(error: BaseException, *secrets: bytes) -> None:
    """Neither the text, the repr nor the printed traceback of `error` holds any of `secrets`, in any spelling."""
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)
    for secret in secrets:
        for spelling in _spellings(secret):
            assert spelling not in told, f"a {type(error).__name__} tells a secret"


def _spellings(secret: bytes) -> set[str]:
    return {
        secret.decode("latin-1"),
        secret.decode("utf-8", "replace"),
        secret.hex(),
        base64.b64encode(secret).decode(),
        base64.urlsafe_b64encode(secret).decode(),
        repr(secret)[2:-1],
        str(list(secret)),
    }
