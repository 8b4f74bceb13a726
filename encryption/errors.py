"""What can go wrong with a key or a sealed value. No message ever holds a key or a value."""


class EncryptionError(Exception):
    """Base of all errors raised here."""


class KeyMissingError(EncryptionError):
    """The key is not in the keyring: never made, not handed to this process, or destroyed with its cohort."""


class KeyWrongError(EncryptionError):
    """A wrapped key does not unwrap, or unwraps to another key than the one that was wrapped."""


class ValueDamagedError(EncryptionError):
    """A sealed value does not open here: altered, truncated, put back, or moved from another row or column."""


class SealedMisuseError(EncryptionError):
    """Code treated a sealed value as if it were clear: compared, filtered, iterated or serialised it."""


class StaleRowError(EncryptionError):
    """The row changed in the database after it was read; nothing was written."""
