"""Stands in for the switch of urllib3 to HTTP/2, which the functions never turn.

urllib3 imports the package at each start, for the module `probe` in it; the real one imports `importlib.metadata`, with
it zipfile, email and csv, to be able to look up a version.
"""
