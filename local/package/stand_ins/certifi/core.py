"""Stands in for the module of certifi that says where its certificates are, which are in this package as they came.

The real one would also work in a zip file, which a package is not where it runs; for that it imports
`importlib.resources`, with it zipfile, tempfile and inspect.
"""

from os import path

_CERTIFICATES = path.join(path.dirname(__file__), "cacert.pem")  # noqa: PTH118, PTH120 -- pathlib would be imported for it


def where() -> str:
    """Return the path of the certificates."""
    return _CERTIFICATES


def contents() -> str:
    """Return the certificates."""
    with open(_CERTIFICATES, encoding="ascii") as certificates:  # noqa: PTH123 -- as above
        return certificates.read()
