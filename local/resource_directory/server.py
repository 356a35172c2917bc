"""The emulator on a port of 127.0.0.1, served by a thread of this process."""

import socket
from contextlib import suppress
from io import BytesIO
from random import SystemRandom
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from local.resource_directory.app import create_app
from local.resource_directory.clock import Clock, time_of_day
from local.resource_directory.directory import Directory, Site
from local.resource_directory.faults import Faults
from local.resource_directory.nonces import NonceMemory
from local.resource_directory.verifier import KeyPair, Verifier

HOST = "127.0.0.1"
KEY_PAIR = KeyPair("LTAIlocal", "local-secret", "local-token")
MAX_BODY_BYTES = 1024 * 1024
_POLL_SECONDS = 0.02


class Emulator:
    """A running emulator; a context manager, which starts it and stops it.

    Args:
        port: where it listens; 0 picks a free port.
        site: which phone numbers the directory can text.
        daily_limit: how many texts the account may send in a day of UTC+8.

    Attributes:
        url: `http://127.0.0.1:PORT`, once it was started.
        directory: its state.

    Raises:
        OSError: on entry, the port is occupied.

    """

    def __init__(self, *, port: int = 0, site: Site = "china", daily_limit: int = 100) -> None:
        self.url = ""
        self.directory = Directory(
            site=site, daily_limit=daily_limit, clock=Clock(time_of_day), randomness=SystemRandom()
        )
        self._port = port
        self._stopping = Event()
        self._app = create_app(
            directory=self.directory,
            verifier=Verifier(KEY_PAIR, now=time_of_day, nonces=NonceMemory()),
            faults=Faults(),
            new_request_id=lambda: str(uuid4()).upper(),
            pause=self._stopping.wait,
        )

    def __enter__(self) -> "Emulator":
        self._stopping.clear()
        # Werkzeug ends the process if it finds the port occupied, so it gets a socket that is bound already.
        with socket.create_server((HOST, self._port), backlog=128) as listener:
            self._server = _Server(listener, self._app)
        self.url = f"http://{HOST}:{self._server.port}"
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()


class _Handler(WSGIRequestHandler):
    """Serves requests of one connection, quietly.

    Werkzeug's own `run_wsgi` closes the connection after each answer; this one keeps it, which clients that pool
    connections are to be tried with.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        body = self._read_body()
        if body is None:
            return
        self.environ = {**self.make_environ(), "wsgi.input": BytesIO(body)}
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

    def _read_body(self) -> bytes | None:
        """Return the body; None if there was none to read and the caller has been told why."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self.send_error(411)
        elif not (length.isascii() and length.isdigit()):
            self.send_error(400)
        elif int(length) > MAX_BODY_BYTES:
            self.send_error(413)
        else:
            return self.rfile.read(int(length))
        return None


class _Server(ThreadedWSGIServer):
    """A thread for each connection, and an end to all of them."""

    def __init__(self, listener: socket.socket, app: Flask) -> None:
        self._open: dict[socket.socket, Thread] = {}
        self._open_lock = Lock()
        port = listener.getsockname()[1]
        super().__init__(HOST, port, app, _Handler, fd=listener.fileno())

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._open_lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._open_lock:
            self._open.pop(request, None)

    def close_connections(self) -> None:
        """Cut the connections that clients keep, and wait for their threads."""
        with self._open_lock:
            still_open = list(self._open.items())
        for connection, thread in still_open:
            with suppress(OSError):  # The other side may have been faster.
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
