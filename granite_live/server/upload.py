"""Read a multipart form: its fields into memory, its file to the disk."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from granite_live.server.guard import ApiError, too_large

READ_S = 30.0
"""A client that sends nothing for so long is given up."""
_MAX_FIELDS = 64
_MAX_FIELD_BYTES = 64_000
_MAX_HEADER_BYTES = 8_000


class Upload:
    """A received form. `file` has no name in any folder, so nothing of it outlives the program."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.fields: dict[str, list[str]] = {}
        self.file: BinaryIO | None = None
        self.file_name = ""
        self._folder, self._max_bytes = folder, max_bytes
        self._header_name = self._header_value = b""
        self._headers: dict[bytes, bytes] = {}
        self._name, self._is_file = "", False
        self._value = bytearray()
        self._parts = 0
        self.is_complete = False
        self.is_streaming = False
        """Whether the file is closed by another one than its reader."""

    def close(self) -> None:
        """Remove the file."""
        if self.file is not None:
            self.file.close()

    def field(self, name: str) -> str | None:
        """Return the last value of a field, None if it is not there."""
        values = self.fields.get(name)
        return values[-1] if values else None

    async def read(self, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        """Read the form.

        Raises:
            ApiError: It is no form, too long, cut or too slow.
        """
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise _bad_form("The body must be a multipart form with a boundary.")
        parser = MultipartParser(boundary, self._callbacks())
        received = 0
        try:
            while True:
                chunk = await asyncio.wait_for(anext(chunks, None), READ_S)
                if chunk is None:
                    break
                received += len(chunk)
                if received > self._max_bytes:
                    raise too_large(self._max_bytes)
                parser.write(chunk)
        except TimeoutError as error:
            raise ApiError(408, "The body did not arrive in time.", code="timeout") from error
        except FormParserError as error:
            raise _bad_form("The body is not a valid multipart form.") from error
        except OSError as error:
            raise ApiError(507, "The disk cannot take the file.", code="disk_full") from error
        if not self.is_complete:
            raise _bad_form("The body ends before the form does.")
        if self.file is not None:
            self.file.seek(0)

    def _callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_header_name,
            "on_header_value": self._add_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > _MAX_FIELDS:
            raise _bad_form(f"The form has more than {_MAX_FIELDS} fields.")
        self._headers, self._value = {}, bytearray()
        self._header_name = self._header_value = b""

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]
        self._check_header()

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]
        self._check_header()

    def _check_header(self) -> None:
        if len(self._header_name) + len(self._header_value) > _MAX_HEADER_BYTES:
            raise _bad_form("A header of the form is too long.")

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _end_headers(self) -> None:
        _kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if not self._is_file:
            return
        if self._name != "file" or self.file is not None:
            raise _bad_form("The form must have one file, in the field 'file'.")
        self.file_name = options[b"filename"].decode("utf-8", "replace")
        self.file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            assert self.file is not None
            rest = memoryview(data)[start:end]
            while rest:
                rest = rest[self.file.write(rest) :]
            return
        self._value += data[start:end]
        if len(self._value) > _MAX_FIELD_BYTES:
            raise _bad_form(f"The field '{self._name[:40]}' is too long.")

    def _end_part(self) -> None:
        if not self._is_file:
            values = self.fields.setdefault(self._name, [])
            values.append(self._value.decode("utf-8", "replace"))

    def _end(self) -> None:
        self.is_complete = True


def _bad_form(message: str) -> ApiError:
    return ApiError(400, message, code="invalid_form")
