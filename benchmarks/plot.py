"""A plot of how time and memory grow with the size of an estate, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 320, 60, 40


def growth(points: Sequence[tuple[int, float, float]]) -> str:
    """(services, seconds, MB) as two lines, each on a scale of its own, beside the straight line
    that goes through the first point: what linear growth would be."""
    most = max(size for size, _, _ in points)
    panels = [
        _panel([(size, seconds) for size, seconds, _ in points], most, 0, "processor time (s)"),
        _panel([(size, memory) for size, _, memory in points], most, _WIDTH, "memory (MB)"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="13">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{"".join(panels)}</svg>\n'
    )


def _panel(points: Sequence[tuple[int, float]], most: int, shift: int, title: str) -> str:
    highest = max(value for _, value in points) * 1.1

    def place(size: float, value: float) -> tuple[float, float]:
        x = shift + _LEFT + size / most * (_WIDTH - _LEFT - 20)
        y = _HEIGHT - _BOTTOM - value / highest * (_HEIGHT - _BOTTOM - 30)
        return round(x, 1), round(y, 1)

    (first, start), (last, end) = points[0], points[-1]
    slope = (end - start) / (last - first) if last > first else 0.0
    line = " ".join(f"{x},{y}" for x, y in (place(*point) for point in points))
    (x1, y1), (x2, y2) = place(0, start - slope * first), place(most, end)
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="3" fill="#06c"/>'
        f'<text x="{x}" y="{y - 8}" text-anchor="end">{value:.4g}</text>'
        f'<text x="{x}" y="{_HEIGHT - 20}" text-anchor="middle">{size}</text>\n'
        for size, value in points
        for x, y in [place(size, value)]
    )
    return (
        f'<text x="{shift + _LEFT}" y="18">{title} by services</text>\n'
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#bbb" stroke-dasharray="4"/>\n'
        f'<polyline points="{line}" fill="none" stroke="#06c"/>\n{marks}'
    )
