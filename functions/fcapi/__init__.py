"""Shim over the Function Compute Python runtime: context, credentials, events, replies, logs, redaction.

It knows what Function Compute passes to a handler and expects back, and nothing of what the handler does.
"""
