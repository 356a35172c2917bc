"""How many are left unverified, day by day, in characters."""

from collections.abc import Sequence

WIDTH = 60
HEIGHT = 5
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ASCII = " ...:::##"
_LABEL_WIDTH = 8


def plot(title: str, left: Sequence[int], days: int, *, ascii_only: bool = False) -> list[str]:
    """Return the lines of a chart with a column for each day, or for several where there are more days than columns.

    Args:
        title: what is counted.
        left: how many there are at the end of each day so far, the first being the state before; not empty.
        days: how many days there will be.
        ascii_only: whether the terminal shows no blocks.

    """
    blocks = _ASCII if ascii_only else _EIGHTHS
    columns = min(days + 1, WIDTH)
    shown = [left[day] for column in range(columns) if (day := column * days // max(columns - 1, 1)) < len(left)]
    most = max(left[0], 1)
    # What is not nothing is seen: it has an eighth of a row at least.
    eighths = [max(value * HEIGHT * 8 // most, value > 0) for value in shown]
    lines = [f"{title}: {left[-1]:>{len(str(left[0]))}} of {left[0]} not verified"]
    for row in reversed(range(HEIGHT)):
        label = str(left[0]) if row == HEIGHT - 1 else "0" if row == 0 else ""
        cells = "".join(blocks[min(max(value - row * 8, 0), 8)] for value in eighths)
        lines.append(f"{label:>{_LABEL_WIDTH}} {'|' if ascii_only else '│'}{cells}")
    return lines
