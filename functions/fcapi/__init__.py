"""Shim over the Function Compute Python runtime: context, credentials, trigger envelopes, replies, logs, redaction.

It knows what Function Compute gives a handler and expects back, and nothing of what the handler does.
"""
