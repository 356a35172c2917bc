"""Cooldown: one number of one contact is not texted twice within a window, whoever asks and however often.

Whoever is about to send claims the pair first, and says afterwards what became of it; see `cooldown.ledger`. What is
known of a pair is one record in a store: of this instance's memory (`cooldown.memory`), or of a Redis or Tair that all
instances share (`cooldown.redis_store`).
"""
