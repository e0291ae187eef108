"""What can go wrong between the bridge and Kitsu.

An error's docstring is its message: a sentence for the person who reads it on a page.
"""

from __future__ import annotations

from typing import Any

from kitsu_bridge.masking import masked_text

MAYBE = "What was sent may have been written all the same."


class KitsuError(Exception):
    """Kitsu did not do what was asked."""

    def __init__(self, detail: str = "", *, answer: object = None) -> None:
        """`detail`: what Kitsu said or what was seen, bounded; it follows the sentence. `answer`: Kitsu's own JSON."""
        self.detail, self.answer = masked_text(detail[:500]), answer
        self.done: list[Any] = []
        """Of a call that writes many: what it would have returned of those written before it failed."""
        super().__init__(f"{self.__doc__} {self.detail}".strip())


class KitsuUnavailable(KitsuError):
    """Kitsu cannot be asked at the moment. What was asked may be asked again later."""

    def __init__(self, detail: str = "", *, answer: object = None, may_be_written: bool = False) -> None:
        """`may_be_written`: it was about a change, which may have reached Kitsu; look before trying again."""
        self.may_be_written = may_be_written
        super().__init__(f"{detail} {MAYBE}".strip() if may_be_written else detail, answer=answer)


class KitsuUnreachable(KitsuUnavailable):
    """Kitsu cannot be reached: no connection to its server."""


class KitsuSlow(KitsuUnavailable):
    """Kitsu did not answer in time."""


class KitsuBusy(KitsuUnavailable):
    """Kitsu is overloaded or in maintenance (429, 502, 503 or 504)."""


class KitsuBroken(KitsuUnavailable):
    """Kitsu answered with an error of its own (500)."""


class NotKitsu(KitsuUnavailable):
    """The answer did not come from Kitsu's API: it is not the JSON that Kitsu sends."""


class TokenRejected(KitsuError):
    """Kitsu does not accept this session any more: it expired, was revoked or was never valid."""


class SignInRefused(KitsuError):
    """Kitsu did not accept this e-mail and password."""


class SecondFactorNeeded(KitsuError):
    """This account has two-factor authentication: the code is needed as well."""


class KitsuForbids(KitsuError):
    """Kitsu does not allow this (403)."""


class NotInKitsu(KitsuError):
    """Kitsu knows nothing by this id (404)."""


class KitsuRefuses(KitsuError):
    """Kitsu did not accept what was sent (400)."""


class FileUnreadable(KitsuError):
    """The file that was to be sent to Kitsu cannot be read."""


class TooLarge(KitsuError):
    """The file is larger than what is taken."""
