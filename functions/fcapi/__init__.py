"""Shim over the Function Compute Python runtime: context, credentials, events, replies, logs, redaction.

It knows what Function Compute passes to a handler and expects back. It knows nothing about the work of a handler.
"""
