"""`LocalServer`: a WSGI application on a port of 127.0.0.1, served by threads of this process."""

import socket
from io import BytesIO
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from local.web.bodies import BodyRefused, read_body
from local.web.open_connections import Connections

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
HEADERS = "local.headers"
"""Where the environment of a request has its headers as they came: pairs of name and value."""

_POLL_SECONDS = 0.02


class LocalServer:
    """A running server; a context manager, which starts it and stops it.

    Args:
        app: what is served.
        port: where it listens; 0 picks a free port.
        max_body_bytes: how large a body may be that is read at all; a larger one is answered 413.
        takes_chunks: whether a body may come in chunks; if not, one that does is answered 411.

    Attributes:
        url: `http://127.0.0.1:PORT`, once it was started.

    Raises:
        OSError: on entry, the port is occupied.

    """

    def __init__(
        self, app: "WSGIApplication", *, port: int = 0, max_body_bytes: int = 1024 * 1024, takes_chunks: bool = False
    ) -> None:
        self.url = ""
        self._app = app
        self._port = port
        self._max_body_bytes = max_body_bytes
        self._takes_chunks = takes_chunks

    def __enter__(self) -> "LocalServer":
        # Werkzeug ends the process if it finds the port occupied, so it gets a socket that is bound already.
        with socket.create_server((HOST, self._port), backlog=128) as listener:
            self._server = _Server(listener, self._app, self._max_body_bytes, takes_chunks=self._takes_chunks)
        self.url = f"http://{HOST}:{self._server.port}"
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.connections.close()

    def close_idle_connections(self) -> None:
        """Cut the connections on which no request is being answered, as a server does with what is idle for long."""
        self._server.connections.close_idle()


class _Handler(WSGIRequestHandler):
    """Serves requests of one connection, quietly.

    Werkzeug's own `run_wsgi` closes the connection after each answer. This one keeps it open, so that clients with
    a connection pool can be tested.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def run_wsgi(self) -> None:
        with self.server.connections.busy(self.connection):
            self._answer()

    def _answer(self) -> None:
        try:
            body = self._body()
            environ = self.make_environ()
        except BodyRefused as refused:
            self.send_error(refused.status)
            return
        except ValueError:  # of the target, where it is not a URL
            self.send_error(400)
            return
        self.environ = {**environ, "wsgi.input": BytesIO(body), HEADERS: tuple(self.headers.items())}
        chunks, status, headers = run_wsgi_app(self.server.app, self.environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            for chunk in chunks if self.command != "HEAD" else ():
                self.wfile.write(chunk)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 the parent's name
        """Log nothing: a request line has phone numbers in it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing; the parent's takes the target apart, which may not be a URL."""

    def _body(self) -> bytes:
        server = self.server
        return read_body(self.headers, self.rfile, max_bytes=server.max_body_bytes, allow_chunked=server.takes_chunks)


class _Server(ThreadedWSGIServer):
    """A thread for each connection, and an end to all of them."""

    def __init__(
        self, listener: socket.socket, app: "WSGIApplication", max_body_bytes: int, *, takes_chunks: bool
    ) -> None:
        self.max_body_bytes = max_body_bytes
        self.takes_chunks = takes_chunks
        self.connections = Connections()
        super().__init__(HOST, listener.getsockname()[1], app, _Handler, fd=listener.fileno())

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self.connections.add(request, thread)
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.connections.remove(request)
