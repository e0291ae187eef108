"""How much may be uploaded, judged before the first byte is kept; and only where somebody is asked for files."""

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
        """Raises `RequestDataTooBig` for more than LARGEST_UPLOAD, or than LARGEST_BODY where no file is asked for."""
        match = getattr(self.request, "resolver_match", None)
        asked = match is not None and match.url_name in TAKE_FILES
        if content_length > (settings.LARGEST_UPLOAD if asked else settings.LARGEST_BODY):
            raise RequestDataTooBig("More was sent than is taken here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
