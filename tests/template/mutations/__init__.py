"""Proof that the checks of the template notice: each breaks in one place, and the message names that place."""
