"""Findings and needs in the words of the Language Server Protocol.

Columns count code points here and UTF-16 units there, so each position needs the text of its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lsprotocol import types as lsp

from ..analysis.lines import Lines
from ..findings import escape
from ..findings.finding import Finding, Fix, Severity
from ..report.explain import MET, Row
from ..symbolic.source import Span

SOURCE = "ecs-preflight"
SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}


def uri_of(file: str) -> str:
    """The address of a file that is named from the working directory."""
    return Path(file).absolute().as_uri()


def range_of(span: Span, lines: Lines) -> lsp.Range:
    """The span in the protocol's terms: lines from 0, columns in UTF-16 units."""
    source = lines.of(span.file)
    start = _position(span.line, span.column, source)
    end = _position(span.end_line or span.line, span.end_column or span.column + 1, source)
    return lsp.Range(start, max(start, end, key=lambda at: (at.line, at.character)))


def _position(line: int, column: int, source: Sequence[str]) -> lsp.Position:
    text = source[line - 1] if 0 < line <= len(source) else ""
    before = text[: max(column - 1, 0)]
    return lsp.Position(max(line - 1, 0), len(before.encode("utf-16-le")) // 2)


def diagnostic(finding: Finding, lines: Lines) -> lsp.Diagnostic:
    """The finding in the protocol's terms."""
    parts = [finding.message]
    if finding.proviso:
        parts.append(finding.proviso)
    if finding.fails_with:
        parts.append(f"Fails with: {finding.fails_with}")
    if finding.fix is not None:
        parts.append(f"Fix: {finding.fix.summary}")
    return lsp.Diagnostic(
        range_of(finding.span, lines),
        "\n".join(map(escape.line, parts)),
        SEVERITIES[finding.severity],
        finding.rule,
        lsp.CodeDescription(finding.help),
        SOURCE,
        related_information=[
            lsp.DiagnosticRelatedInformation(
                lsp.Location(uri_of(e.span.file), range_of(e.span, lines)), escape.line(e.message)
            )
            for e in finding.related
            if e.span.file
        ],
    )


def quick_fix(finding: Finding, lines: Lines) -> lsp.CodeAction | None:
    """The finding's edits as one change, or None where it has none."""
    fix = finding.fix
    if fix is None or not fix.edits:
        return None
    return lsp.CodeAction(
        title=escape.line(fix.summary.rstrip(":.")),
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding, lines)],
        edit=lsp.WorkspaceEdit(changes=_changes(fix, lines)),
    )


def _changes(fix: Fix, lines: Lines) -> dict[str, list[lsp.TextEdit]]:
    changes: dict[str, list[lsp.TextEdit]] = {}
    for edit in fix.edits:
        made = lsp.TextEdit(range_of_edit(edit.span, lines), edit.text)
        changes.setdefault(uri_of(edit.span.file), []).append(made)
    return changes


def range_of_edit(span: Span, lines: Lines) -> lsp.Range:
    """Unlike a finding's, an edit's stretch may be empty."""
    source = lines.of(span.file)
    end_line, end_column = (
        (span.end_line, span.end_column) if span.end_line else (span.line, span.column)
    )
    return lsp.Range(
        _position(span.line, span.column, source), _position(end_line, end_column, source)
    )


def hover(rows: Iterable[Row]) -> str:
    """What hangs on the thing under the cursor, as Markdown."""
    return "\n".join(_hover_lines(list(dict.fromkeys(rows))))


def _hover_lines(rows: Sequence[Row]) -> Iterator[str]:
    met = sum(row.verdict == MET for row in rows)
    yield f"**{len(rows)} need{'' if len(rows) == 1 else 's'}**, {met} met"
    yield ""
    for row in rows:
        on = f" on {_listed(row.resources)}" if row.resources else ""
        allowed = (
            f"{row.principal} {_listed([row.role])} must be allowed {_listed(row.actions)}{on} to "
            if row.principal
            else ""
        )
        purpose = escape.markdown(row.purpose)
        yield f"- **{row.verdict}** [{row.rule}]({row.help}): {allowed}{purpose}"
        if row.why:
            yield f"  - {escape.markdown(row.why)}"
        for evidence in row.evidence:
            yield f"  - {escape.markdown(evidence.message)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(escape.markdown_code, names))


def here(
    rows: Iterable[Row], inside: Callable[[Span], bool], addresses: Iterable[str]
) -> list[Row]:
    """The rows that hang on a place: on a need's own value, or on a role or a resource there."""
    named = set(addresses)
    return [
        row for row in rows if inside(row.because) or row.role in named or named & set(row.targets)
    ]
