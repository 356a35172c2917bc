"""The rotation: which targets go first among those with equally many messages.

Each target has a fixed place on a circle, by a hash, and each run begins at another point of it and goes around. So
every target's turn comes without a record of earlier runs and without a count of all targets, and when a target is
added or verified, the others keep their places.

Successive starts are a step apart for each minute between them. The step decides how evenly they are spread (Knuth, The
Art of Computer Programming, volume 3, section 6.4). This one was searched for, so that they are spread at every usual
pace, from a minute to a week: as a part of the circle, none of its multiples by so many minutes has a term above 12 in
its continued fraction before the denominators reach 20,000.
"""

from datetime import datetime
from hashlib import sha256

CIRCLE = 2**32
_STEP = 3_825_029_383


def place_of(contact_id: str, target: str) -> int:
    """Return the place of a target on the circle."""
    digest = sha256(f"{contact_id} {target}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big")


def start_of(due: datetime) -> int:
    """Return the point at which a run begins that was due in a minute."""
    return int(due.timestamp()) // 60 * _STEP % CIRCLE
