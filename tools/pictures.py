"""Makes the pictures of the documentation: ``python tools/pictures.py``.

``finding.svg`` is what the command prints, drawn letter for letter; a test compares it.
``explain.png`` is the page of ``explain --format html``, photographed in chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ecs_preflight.analysis.examine import examine  # noqa: E402
from ecs_preflight.analysis.options import Options  # noqa: E402
from ecs_preflight.analysis.scan import scan  # noqa: E402
from ecs_preflight.report import explain, text  # noqa: E402
from ecs_preflight.report.terminal import Line, columns  # noqa: E402
from ecs_preflight.rules import RULES  # noqa: E402

IMAGES = ROOT / "docs" / "images"
FINDING = "samples/terraform/ECS605-secret-not-readable/bad"
EXPLAINED = "samples/terraform/platform/faulty"
#: What a letter of 14 pixels takes in most fonts of even width.
LETTER, ROW, MARGIN = 8.43, 20, 20
#: SVG joins ordinary blanks to one.
BLANK = "\N{NO-BREAK SPACE}"
COLOURS = {
    "red": "#ff7b72",
    "green": "#7ee787",
    "yellow": "#e3b341",
    "blue": "#79c0ff",
    "cyan": "#76e3ea",
    "dim": "#8b949e",
}


def finding() -> str:
    """The picture of the report on a sample, as SVG."""
    lines = text.render(scan([FINDING]), width=92)
    return terminal([(("dim", "$ "), ("bold", f"ecs-preflight {FINDING}")), *lines])


def terminal(lines: Iterable[Line]) -> str:
    """Lines as a terminal shows them."""
    rows = list(lines)
    width = max(columns("".join(part for _, part in row)) for row in rows) * LETTER + 2 * MARGIN
    height = len(rows) * ROW + 2 * MARGIN
    drawn = "\n".join(_row(row, MARGIN + ROW * (n + 0.75)) for n, row in enumerate(rows) if row)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n'
        '<g fill="#e6edf3" font-size="14" font-family="ui-monospace, SFMono-Regular, Menlo, '
        "Consolas, 'DejaVu Sans Mono', monospace\">\n"
        f"{drawn}\n</g>\n</svg>\n"
    )


def _row(row: Line, y: float) -> str:
    """Each piece where its first letter stands, whatever the font."""
    pieces, at = [], 0
    for style, part in row:
        if part.strip():
            lead = len(part) - len(part.lstrip(" "))
            x, length = MARGIN + (at + lead) * LETTER, columns(part.strip(" ")) * LETTER
            pieces.append(
                f'<tspan x="{x:.1f}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
                f"{_style(style)}>{escape(part.strip(' ')).replace(' ', BLANK)}</tspan>"
            )
        at += columns(part)
    return f'<text y="{y:g}">{"".join(pieces)}</text>'


def _style(style: str) -> str:
    words = style.split()
    colour = next((COLOURS[word] for word in words if word in COLOURS), "")
    return (f' fill="{colour}"' if colour else "") + (
        ' font-weight="bold"' if "bold" in words else ""
    )


def photograph(page: str, file: Path) -> None:
    """The upper part of a page, in chromium."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        place = Path(folder) / "page.html"
        place.write_text(page, encoding="utf-8")
        started = running.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        opened = started.new_page(viewport={"width": 1440, "height": 900})
        opened.goto(place.as_uri())
        opened.screenshot(path=str(file))
        started.close()


def main() -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / "finding.svg").write_text(finding(), encoding="utf-8")
    judged = examine([EXPLAINED], Options(), RULES).judged
    photograph(explain.page.render(explain.explained(judged, RULES)), IMAGES / "explain.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
