"""The errors that a caller can mend."""

from __future__ import annotations


class ConnoteError(ValueError):
    """Something given to connote is not as it should be.

    The message says what was expected, what was found and what to do; the command shows it
    as one line. Every other exception is a fault of connote itself.
    """


class UsageError(ConnoteError):
    """A call names something that cannot be done."""
