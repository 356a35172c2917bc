"""Invokes a handler the way Function Compute does: in a process of its own, bytes in, bytes out."""
