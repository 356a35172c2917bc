"""The rotation: which targets go first among those with equally many messages.

Each target has a fixed place on a circle, by a hash, and each run begins at another point of it and goes around. So
everyone's turn comes without a record of earlier runs and without a count of all targets, and a listing that changes
moves nobody else's place.

Successive starts are a golden section of the circle apart, by which they are spread as evenly as can be, however many
there were (Knuth, The Art of Computer Programming, volume 3, section 6.4).
"""

from datetime import datetime
from hashlib import sha256

CIRCLE = 2**32
_GOLDEN_SECTION = 2_654_435_769  # of the circle: it, divided by the golden ratio
_DAY = 24 * 60 * 60
_TEN_MINUTES = 10 * 60


def place_of(contact_id: str, target: str) -> int:
    """Return the place of a target on the circle."""
    digest = sha256(f"{contact_id} {target}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big")


def start_of(due: datetime) -> int:
    """Return the point at which a run begins that was due then.

    It is one step after that of the day before at the same time, and after that of ten minutes before: a sweep is run
    daily, or every ten minutes.
    """
    days, seconds = divmod(int(due.timestamp()), _DAY)
    return (days + seconds // _TEN_MINUTES) * _GOLDEN_SECTION % CIRCLE
