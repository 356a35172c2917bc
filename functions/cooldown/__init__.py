"""Cooldown: one number of one contact is not texted twice within a window, however many callers ask.

A sender claims the pair of contact and number first, and records the outcome afterwards; see `cooldown.ledger`. Each
pair has one record in a store: the memory of this instance (`cooldown.memory`), or a Redis or Tair that all instances
share (`cooldown.redis_store`).
"""
