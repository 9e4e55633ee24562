"""What the server knows of the folders that are open: one scan, as the editor's texts have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..analysis import config
from ..analysis.examine import examine
from ..analysis.lines import Lines
from ..analysis.options import Options
from ..analysis.scan import Report, report_of
from ..report.explain import Row, rows
from ..rules import RULES
from ..symbolic.records import dataclass
from ..symbolic.source import Span, edited


@dataclass(frozen=True)
class Seen:
    """A scan: its report, the needs behind it, the place of every resource by its address, and the
    lines as they were when it was made."""

    report: Report
    needs: tuple[Row, ...]
    places: tuple[tuple[str, Span], ...]
    lines: Lines

    def needs_at(self, file: str, line: int) -> list[Row]:
        """The needs that hang on what stands there: on a value that makes one necessary, else on
        the role or the resource around it."""

        def inside(span: Span) -> bool:
            return span.file == file and span.line <= line <= max(span.end_line, span.line)

        own = [row for row in self.needs if inside(row.because)]
        if own:
            return own
        named = {address for address, span in self.places if inside(span)}
        return [row for row in self.needs if row.role in named or named & set(row.targets)]


def look(paths: Sequence[Path], texts: Mapping[Path, str]) -> Seen:
    """Scan the paths with ``texts`` in place of what the files hold. Raises config.Malformed."""
    found = config.find(paths[0]) if paths else None
    options = Options(config=config.load(found) if found else config.Config())
    with edited(texts):
        examined = examine(paths, options, RULES)
        report = report_of(examined, options, RULES)
        lines = Lines(examined.boundaries)
        for file in examined.named:
            lines.of(file)
        needs = tuple(rows(examined.judged, RULES))
    places = {r.address: r.span for j in examined.judged for r in j.stack.resources}
    return Seen(report, needs, tuple(places.items()), lines)
