"""How much may be uploaded, judged before the first byte is kept: where somebody is asked for files, by whoever is known."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

TAKE_FILES = frozenset({"invocation_parameters", "actions_action_import"})
"""Names of the URLs whose forms have files."""


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers and keeps nothing itself."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raises `RequestDataTooBig` for more than LARGEST_UPLOAD; of a stranger, or where no file is asked for, LARGEST_BODY."""
        match = getattr(self.request, "resolver_match", None)
        asked = match is not None and match.url_name in TAKE_FILES
        fits = content_length <= settings.LARGEST_BODY
        if not fits and (content_length > settings.LARGEST_UPLOAD or not asked or not _known(self.request)):
            raise RequestDataTooBig("More was sent than is taken here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


def _known(request: Any) -> bool:
    """Whether somebody is signed in. The form is read before its view, and so before it is known whether it is theirs."""
    return request.identity.person is not None or request.user.is_authenticated
