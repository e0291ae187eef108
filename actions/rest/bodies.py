"""What may be sent: JSON, read strictly; and the registry's file as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import serializers as s
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer

from kitsu_bridge.kitsu.storable import storable

YAML = "application/yaml"


class StrictJSON(JSONParser):
    """JSON that can be kept: no NaN, no NUL, no half of a character, no endless nesting."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raises `ParseError`, which is 400."""
        try:
            found = super().parse(stream, media_type, parser_context)
            kept = storable(found)
        except RecursionError:
            raise ParseError("It is nested too deeply.") from None
        except UnicodeDecodeError:
            raise ParseError("It is not UTF-8.") from None
        if kept != found:
            raise ParseError("It holds a NUL, or half of a character.")
        return found


class Sent(s.Serializer):
    """What is sent. A field that there is not is refused: left out, a mistyped one would count for nothing."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises `ValidationError`."""
        if isinstance(data, Mapping) and (unknown := data.keys() - self.fields.keys()):
            raise s.ValidationError(dict.fromkeys(sorted(unknown), "There is no such field."))
        return super().to_internal_value(data)


class YamlText(BaseParser):
    """The registry's file, as the text that it is."""

    media_type = YAML

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> str:
        """Raises `ParseError`, which is 400."""
        try:
            return stream.read().decode()
        except UnicodeDecodeError:
            raise ParseError("It is not UTF-8.") from None


class YamlFile(BaseRenderer):
    """The registry's file; of a problem, its JSON."""

    media_type = YAML
    format = "yaml"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """As bytes."""
        if isinstance(data, Mapping):
            found: bytes = JSONRenderer().render(data)
            return found
        return str(data).encode()
