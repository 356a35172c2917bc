"""Draws panels of points next to each other, as SVG."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.scale import Curve

WIDTH, HEIGHT = 320, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 34, 44
COLOURS = ("#1f6feb", "#d1570a")


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves over one another: sizes go right, seconds times `unit` go up from 0."""

    title: str
    x_label: str
    y_label: str
    curves: Sequence[Curve]
    unit: float = 1000
    logarithmic: bool = False


def draw(panels: Sequence[Panel]) -> str:
    """Return the panels as an SVG document; each curve is its points, their quartiles, and its straight line."""
    drawn = "".join(
        f'<g transform="translate({index * WIDTH} 0)">{_draw_panel(panel)}</g>' for index, panel in enumerate(panels)
    )
    width = WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        f'font-family="sans-serif" font-size="11" fill="#24292f"><rect width="{width}" height="{HEIGHT}" fill="#fff"/>'
        f"{drawn}</svg>\n"
    )


def _draw_panel(panel: Panel) -> str:
    sizes = sorted({point.size for curve in panel.curves for point in curve.points})
    tops = [step * 10.0**power for power in range(-3, 7) for step in (1, 2, 4, 5, 8)]
    highest = max(point.high * panel.unit for curve in panel.curves for point in curve.points)
    top = next(each for each in tops if each >= highest)

    def x(size: float) -> float:
        part = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0]) if panel.logarithmic else size / sizes[-1]
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    shown = sizes if panel.logarithmic else [size for size in sizes if size >= sizes[-1] / 10]
    parts = [
        _text(WIDTH / 2, 18, panel.title, "middle", weight="bold"),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, panel.x_label, "middle"),
        _text(6, TOP - 6, panel.y_label, "start"),
        *(_text(x(size), HEIGHT - BOTTOM + 15, f"{size:,}", "middle") for size in shown),
    ]
    for part in range(5):
        value = top * part / 4
        parts += [
            f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="#d0d7de"/>',
            _text(LEFT - 5, y(value) + 4, f"{value:g}", "end"),
        ]
    for index, curve in enumerate(panel.curves):
        parts += _draw_curve(curve, COLOURS[index], panel.unit, x, y)
        if len(panel.curves) > 1:
            parts.append(_text(LEFT + 8, TOP + 14 + index * 14, curve.name, "start", fill=COLOURS[index]))
    return "".join(parts)


def _draw_curve(
    curve: Curve, colour: str, unit: float, x: Callable[[float], float], y: Callable[[float], float]
) -> list[str]:
    fixed, each = curve.line
    first, last = curve.points[0].size, curve.points[-1].size
    sizes = [first * (last / first) ** (step / 40) for step in range(41)]  # on a logarithmic axis, a line bends
    line = " ".join(f"{x(size):.1f},{y((fixed + each * size) * unit):.1f}" for size in sizes)
    drawn = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-dasharray="4 3"/>']
    for point in curve.points:
        at = x(point.size)
        drawn += [
            f'<path d="M{at:.1f} {y(point.low * unit):.1f}V{y(point.high * unit):.1f}" stroke="{colour}"/>',
            f'<circle cx="{at:.1f}" cy="{y(point.middle * unit):.1f}" r="3" fill="{colour}"/>',
        ]
    return drawn


def _text(x: float, y: float, text: str, anchor: str, **attributes: str) -> str:
    names = {"weight": "font-weight"}
    extra = "".join(f' {names.get(name, name)}="{value}"' for name, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(text)}</text>'
