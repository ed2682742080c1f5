"""The figure of the page: how much of the frontier strategies have found for their money, space by space. Plain SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 190, 46, 34, 22
COLOURS = ("#111111", "#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b")

Curve = Sequence[tuple[float, float]]
"""Shares of the price and of the area."""


def chart(panels: Mapping[str, Mapping[str, Curve]]) -> str:
    """One panel for each space, with a line for each strategy; the price is drawn on a logarithmic scale."""
    names = list(dict.fromkeys(name for lines in panels.values() for name in lines))
    colours = dict(zip(names, COLOURS, strict=False))
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    width, height = LEFT + columns * (WIDTH + GAP + 14), TOP + rows * (HEIGHT + 62) + 20 * -(-len(names) // 3)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        'font-size="11"><rect width="100%" height="100%" fill="white"/>'
    ]
    for place, (title, lines) in enumerate(panels.items()):
        x, y = LEFT + place % columns * (WIDTH + GAP + 14), TOP + place // columns * (HEIGHT + 62)
        parts.append(_panel(title, lines, colours, x, y))
    parts.append(_legend(colours, TOP + rows * (HEIGHT + 62)))
    return "\n".join([*parts, "</svg>\n"])


def _panel(title: str, lines: Mapping[str, Curve], colours: Mapping[str, str], x: int, y: int) -> str:
    parts = [
        f'<text x="{x}" y="{y - 8}" font-size="12" font-weight="bold">{title}</text>',
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        f'<text x="{x + WIDTH / 2}" y="{y + HEIGHT + 32}" text-anchor="middle">share of the price of everything</text>',
    ]
    for share in (0.01, 0.03, 0.1, 0.3, 1.0):
        at = x + _along(share)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y}" y2="{y + HEIGHT}" stroke="#eee"/>')
        parts.append(f'<text x="{at:.1f}" y="{y + HEIGHT + 15}" text-anchor="middle">{share:.0%}</text>')
    parts += [
        f'<text x="{x - 5}" y="{y + _down(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0, 0.5, 1)
    ]
    for name, curve in lines.items():
        points = " ".join(f"{x + _along(price):.1f},{y + _down(area):.1f}" for price, area in curve)
        thick = 2.5 if name == "frontier" else 1.3
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colours[name]}" stroke-width="{thick}"/>')
    return "\n".join(parts)


def _legend(colours: Mapping[str, str], y: int) -> str:
    parts = []
    for place, (name, colour) in enumerate(colours.items()):
        x, at = LEFT + place % 3 * (WIDTH + GAP), y + 12 + 20 * (place // 3)
        parts.append(f'<line x1="{x}" x2="{x + 24}" y1="{at}" y2="{at}" stroke="{colour}" stroke-width="2.5"/>')
        parts.append(f'<text x="{x + 30}" y="{at + 4}">{name}</text>')
    return "\n".join(parts)


def _along(share: float) -> float:
    return WIDTH * (1 + math.log10(max(share, 0.01)) / 2)


def _down(share: float) -> float:
    return HEIGHT * (1 - share)
