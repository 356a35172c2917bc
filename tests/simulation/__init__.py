"""A simulation of the whole: both handlers, several instances, the store, the API and the platform, in virtual time.

One thread runs it all. Whatever waits (a command of the store, a call of the API, a sleep) hands over to the scheduler
in `world`, and there a schedule may let something go wrong. A schedule is a scenario, which says what arrives when, and
a list of deviations from the default, in which the earliest step comes first and nothing fails. The same schedule
always runs the same way, so a finding can be replayed and shrunk.
"""
