"""A file that is read part by part while it comes in, of a form or by itself: never whole in memory, in no other file.

Django's parser reads the whole of a form before anybody asks who sent it: the token against forgery is one of its
boxes. Here only the boxes before the file are read. So token and policy are asked before the first byte of the file is,
and who may not send one has sent it for nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import FIELD, FILE, ChunkIter, LazyStream, Parser
from django.utils.datastructures import MultiValueDict

View = TypeVar("View", bound=Callable[..., object])
PART_BYTES = 256 * 1024
LONGEST_BOX = 4096
MOST_BOXES = 10
_ATTRIBUTE = "streams_its_file"


class StreamError(Exception):
    """The file did not come in as it should. Its text says so, and what to do."""


class TooLargeError(StreamError):
    """More came than is taken."""


TOO_LARGE = "The file is too large: at most {} MB come in at once. Whoever runs the service can take in larger ones"
TOO_SLOW = "The file came in too slowly, and was not taken. Try again on a faster line, or send it in parts"
CUT_SHORT = "The file did not come in whole, and nothing of it was taken. Try again"


def streams_its_file(view: View) -> View:
    """The view's form ends with a file, which it reads part by part (`StreamedFile.parts`)."""
    setattr(view, _ATTRIBUTE, True)
    return view


class StreamedFile:
    """A file that lies on the line still. It can be read once."""

    def __init__(self, content: LazyStream, line: "_Line", length: int) -> None:
        self._content = content
        self._line = line
        self._length = length

    def parts(self) -> Iterator[bytes]:
        """What is in it. Raises StreamError where it is too large, too slow, or ends before it is whole: then nothing
        that came before is to be kept."""
        most, until = _limits()
        if self._length > most + LONGEST_BOX * MOST_BOXES:
            raise TooLargeError(TOO_LARGE.format(most // 1024**2))
        try:
            yield from _within_limits(self._content, most, until)
            # A line that breaks off ends as a file does: what was sent is whole once all of it was read.
            while self._line.read(PART_BYTES):
                pass
        except UnreadablePostError:
            raise StreamError(CUT_SHORT) from None
        if self._line.taken != self._length:
            raise StreamError(CUT_SHORT)

    def pass_over(self) -> None:
        """Read what is left, and keep nothing of it: a browser shows no answer before all of its form was taken."""
        until = time.monotonic() + settings.STREAMED_FILE_SECONDS
        with suppress(UnreadablePostError):
            while time.monotonic() < until and self._line.read(PART_BYTES):
                pass

    def close(self) -> None:
        """Called by Django with the files of a request at its end. Nothing is open."""


class StreamedBody:
    """A file that is all of a request, and lies on the line still. It can be read once."""

    def __init__(self, request: HttpRequest) -> None:
        self._line = _Line(request)
        self._length = int(request.headers.get("Content-Length") or 0)

    def parts(self) -> Iterator[bytes]:
        """As `StreamedFile.parts`."""
        most, until = _limits()
        if self._length > most:
            raise TooLargeError(TOO_LARGE.format(most // 1024**2))
        try:
            yield from _within_limits(iter(lambda: self._line.read(PART_BYTES), b""), most, until)
        except UnreadablePostError:
            raise StreamError(CUT_SHORT) from None
        if self._line.taken != self._length:
            raise StreamError(CUT_SHORT)


class StreamedUploadHandler(FileUploadHandler):
    """First of the upload handlers: takes the forms of views that stream their file, and leaves all others be."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,  # bytes, whatever the types of the library say
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        asked: HttpRequest | None = self.request
        match = asked.resolver_match if asked else None
        if match is None or not getattr(match.func, _ATTRIBUTE, False):
            return None
        return _begun(input_data, content_length, boundary)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _Line:
    """What comes in, and how much of it was taken."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.taken = 0

    def read(self, size: int) -> bytes:
        part: bytes = self._source.read(size)
        self.taken += len(part)
        return part


def _limits() -> tuple[int, float]:
    """How many bytes a file may have, and until when it has to be here."""
    return settings.STREAMED_FILE_MAX_BYTES, time.monotonic() + settings.STREAMED_FILE_SECONDS


def _within_limits(parts: Iterable[bytes], most: int, until: float) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise TooLargeError(TOO_LARGE.format(most // 1024**2))
        if time.monotonic() > until:
            raise StreamError(TOO_SLOW)
        yield part


def _begun(source: Any, length: int, boundary: bytes) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """The boxes up to the first file, and that file, of which nothing was read but what shared a part with them."""
    line = _Line(source)
    boxes, files = QueryDict(mutable=True), MultiValueDict[str, Any]()
    # A file ends the form: what comes after it is not looked at.
    stream = LazyStream(ChunkIter(line, PART_BYTES))  # type: ignore[arg-type]  # it is asked for nothing but `read`
    for number, (kind, about, content) in enumerate(Parser(stream, boundary)):
        name = _name_of(about)
        if kind == FILE:
            files.appendlist(name, StreamedFile(content, line, length))
            break
        if kind == FIELD:
            boxes.appendlist(name, _box(content))
        if number > MOST_BOXES:
            raise TooManyFieldsSent
    return boxes, files


def _name_of(about: Any) -> str:
    _kind, told = about.get("content-disposition", ("", {}))
    name: bytes = told.get("name", b"")
    return name.decode("utf-8", "replace").strip()


def _box(content: LazyStream) -> str:
    written = content.read(LONGEST_BOX + 1)
    if len(written) > LONGEST_BOX:
        raise RequestDataTooBig
    return written.decode("utf-8", "replace")
