"""Tests of several parts together, over real sockets on 127.0.0.1."""
