"""Serves the console: one page, its style and its scripts, all of this folder and nothing from elsewhere."""

from pathlib import Path

from flask import Blueprint, Response, abort

from local.web.control_routes import guard

_FILES = Path(__file__).parent
_SCRIPTS = b"<!-- modules -->"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    # The page runs no code but these files', loads nothing from elsewhere, and is shown in no other page.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def create_console() -> Blueprint:
    """Return the routes of the page: `/`, and `/_console/` for what it loads."""
    console = Blueprint("console", __name__)
    guard(console)

    @console.get("/")
    def page() -> Response:
        # Named here, the scripts are loaded side by side, and not only once another one turns out to need them.
        scripts = sorted(path.name for path in _FILES.glob("*.js"))
        links = "".join(f'<link rel="modulepreload" href="/_console/{name}">' for name in scripts)
        return _answer("index.html", (_FILES / "index.html").read_bytes().replace(_SCRIPTS, links.encode()))

    @console.get("/_console/<name>")
    def part(name: str) -> Response:
        # Only what lies in the folder by that very name: no path of a request ever reaches the file system.
        if name not in {path.name for path in _FILES.iterdir() if path.suffix in _TYPES}:
            abort(404)
        return _answer(name, (_FILES / name).read_bytes())

    return console


def _answer(name: str, content: bytes) -> Response:
    return Response(content, content_type=f"{_TYPES[Path(name).suffix]}; charset=utf-8", headers=_HEADERS)
