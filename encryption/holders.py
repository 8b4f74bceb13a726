"""Who may hold which keys. Each process has a keyring of its own, with the keys that stand here under its name.

One more process is one more entry; `make_keys` then makes its keyring, and takes away what another one lost (ADR 27).
"""

from collections.abc import Mapping

from encryption.errors import KeyMissingError
from encryption.keys import Purpose

# process -> purpose of the keys that it may hold -> what it does with them
HOLDERS: Mapping[str, Mapping[Purpose, str]] = {
    "web": {
        Purpose.CHILD: "shows records, and seals what is added to them",
        Purpose.USER: "shows people, and seals what they give of themselves",
        Purpose.AUDIT: "seals what somebody searched for",
        Purpose.TAG: "tags its events",
        Purpose.SESSION: "seals and opens sessions",
        Purpose.REFERENCE: "seals the links of a page, and opens those that come back",
        Purpose.TOKEN: "finds sessions, people and children",
        Purpose.IDENTITY_LOCK: "seals what a child is to be called, for the worker alone",
        Purpose.FEED_LOCK: "seals what a supplier sends, for the worker alone, from the first byte",
        Purpose.KEY_ID: "seals and opens at all",
    },
    "sign_in": {
        Purpose.SIGN_IN: "checks second factors, and keeps how far somebody has got with signing in",
        Purpose.USER: "shows people their names, and a mediator a colleague's",
        Purpose.TAG: "tags its events",
        Purpose.SESSION: "begins sessions",
        Purpose.REFERENCE: "opens the links to a colleague who reads out a code",
        Purpose.TOKEN: "finds sessions and people",
        Purpose.KEY_ID: "seals and opens at all",
    },
    "worker": {
        Purpose.CHILD: "opens each child to file them in the index, and loads children",
        Purpose.USER: "writes to people, and loads them",
        Purpose.TRAIT: "seals what can be compared of children and users",
        Purpose.TAG: "tags its events",
        Purpose.TOKEN: "files children, and makes the links of invitations",
        Purpose.IDENTITY: "makes the record under the new name",
        Purpose.IDENTITY_LOCK: "seals the new name anew, apart from the old record, until it has made the new one",
        Purpose.FEED: "reads what suppliers send",
        Purpose.FEED_LOCK: "seals what comes by a command rather than a page",
        Purpose.ESCROW_LOCK: "seals which two records are one child's, and cannot read it again",
        Purpose.TELLING: "signs what systems are told",
        Purpose.KEY_ID: "seals and opens at all",
    },
    "sequencer": {
        Purpose.TAG: "checks the tag of each event, and tags its alerts",
        Purpose.CHECKPOINT: "signs the log",
        Purpose.ESCROW: "takes the outer seal off which two records are one child's, when two people ask",
    },
    # It compares and names nobody: without the key of tokens it makes no fingerprint, and one key opens all it reads.
    "examiner": {
        Purpose.TRAIT: "compares whoever looks with those who are looked at",
        Purpose.TAG: "tags its events",
    },
}


def held_by(process: str) -> frozenset[Purpose]:
    """The purposes of the keys that `process` may hold. Raises KeyMissingError where it may hold none."""
    try:
        return frozenset(HOLDERS[process])
    except KeyError:
        raise KeyMissingError(
            f"No keys are made for the process {process}; encryption/holders.py says who holds which."
        ) from None
