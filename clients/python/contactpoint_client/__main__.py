"""`python -m contactpoint_client FILE ADDRESS`: a token for software, for scripts that know no other way.

FILE is JSON with its `client_id`, its private `key` (a JSON Web Key) and the `algorithm` by which that signs: keep it
as a password is kept. ADDRESS is where people sign in.
"""

import json
import sys
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from contactpoint_client.problems import NotSignedInError, ProblemError, UnreachableError
from contactpoint_client.proving import Key
from contactpoint_client.software import Software

USAGE = 2


def main(arguments: list[str]) -> str:
    """The token. Raises SystemExit where there is none."""
    if len(arguments) != USAGE:
        raise SystemExit(__doc__)
    file, address = arguments
    try:
        told = json.loads(Path(file).read_text())
        key: Key = JWKRegistry.import_key(told["key"])  # type: ignore[assignment]  # no secret signs here
        software = Software(told["client_id"], key, told["algorithm"], address)
    except (OSError, ValueError, TypeError, KeyError, JoseError) as problem:
        raise SystemExit(f"{file} does not say what software has to know: {problem}") from None
    try:
        return software.fetch().token
    except JoseError as problem:
        raise SystemExit(f"The key of {file} does not sign by its algorithm: {problem}") from None
    except ValueError as problem:
        raise SystemExit(f"{address} is no address: {problem}") from None
    except (NotSignedInError, ProblemError, UnreachableError) as problem:
        raise SystemExit(str(problem)) from None


if __name__ == "__main__":
    print(main(sys.argv[1:]))  # noqa: T201 - what it is for
