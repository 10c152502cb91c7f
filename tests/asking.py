"""Asking a WSGI application as a server does: for what the test client puts right by itself."""

import gzip
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

import brotli

Application = Callable[..., Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """What came back: the bytes as they were sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def __getitem__(self, name: str) -> str:
        """The value of a header that must be there once."""
        (value,) = [value for key, value in self.headers if key == name]
        return value

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _value in self.headers)

    @property
    def text(self) -> str:
        """The content as a reader's browser sees it."""
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        coding = dict(self.headers).get("Content-Encoding", "")
        return unpack.get(coding, bytes)(self.content).decode()


def ask(application: Application, address: str, *, method: str = "GET", **headers: str) -> Answer:
    """Ask for an address; ``headers`` as in ``if_none_match='"x"'``.

    ``remote_addr`` says whose request it is.
    """
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": headers.pop("remote_addr", "127.0.0.1"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    started: list[tuple[int, tuple[tuple[str, str], ...]]] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        started.append((int(status.split()[0]), tuple(headers)))

    answered = application(environ, start_response)
    try:
        content = b"".join(answered)
    finally:
        if hasattr(answered, "close"):
            answered.close()
    (begun,) = started
    return Answer(*begun, content)
