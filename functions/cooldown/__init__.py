"""Cooldown: one (contact, number) is not texted twice within a window.

Whoever is about to send claims the pair first, and says afterwards what became of it.
"""

from typing import Protocol


class Claim(Protocol):
    """The right to text one (contact, number), to be settled in one of three ways."""

    def sent(self, request_id: str) -> None:
        """Record that the API accepted the text, under this RequestId."""

    def unknown(self) -> None:
        """Record that nobody knows whether a text went out."""

    def release(self) -> None:
        """Give the claim back: surely nothing was sent."""


class Cooldown(Protocol):
    """Grants claims."""

    def claim(self, contact_id: str, phone_number: str) -> Claim:
        """Return a claim on texting this number of this contact."""


class NoCooldown:
    """A window of no length: every claim is granted, nothing is remembered. Safe for many threads."""

    def claim(self, contact_id: str, phone_number: str) -> Claim:  # noqa: ARG002 -- nothing is told apart here
        """Return a claim, whatever came before."""
        return _Unrecorded()


class _Unrecorded:
    def sent(self, request_id: str) -> None:
        pass

    def unknown(self) -> None:
        pass

    def release(self) -> None:
        pass
