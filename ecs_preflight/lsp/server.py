"""The language server, over standard input and output.

An editor tells what it opens, changes and saves; the server scans the folders that are open, with
the editor's texts in place of the files', and publishes what it finds for all of them.
"""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from .. import __version__
from ..analysis import config
from ..findings import escape
from ..symbolic.faults import describe
from ..symbolic.source import real, shown
from . import translate
from .workspace import Seen, look

#: Seconds without a change before the code is scanned again.
PAUSE = 0.3


class _Session:
    """What the server remembers between messages."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._waiting: asyncio.Task[None] | None = None
        self._scanning = asyncio.Lock()
        self._told: set[str] = set()
        self.seen: Seen | None = None

    def changed(self, pause: float) -> None:
        """Scan when nothing has changed for a while."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().create_task(self._scan_after(pause))

    async def _scan_after(self, pause: float) -> None:
        await asyncio.sleep(pause)
        # Beyond this point a further change starts another scan, and does not stop this one.
        self._waiting = None
        async with self._scanning:
            await self._scan()

    async def _scan(self) -> None:
        texts = {
            real(path): document.source
            for document in self._server.workspace.text_documents.values()
            if (path := to_fs_path(document.uri)) is not None
        }
        paths = self._paths(texts)
        try:
            self.seen = await asyncio.to_thread(look, paths, texts)
        except config.Malformed as error:
            self._server.window_show_message(
                lsp.ShowMessageParams(lsp.MessageType.Error, escape.line(f"ecs-preflight: {error}"))
            )
            return
        except Exception as error:  # noqa: BLE001 -- the server outlives any one scan
            self._server.window_log_message(
                lsp.LogMessageParams(
                    lsp.MessageType.Error, escape.line(f"ecs-preflight: {describe(error)}")
                )
            )
            return
        self._publish(self.seen)

    def _paths(self, texts: Any) -> list[Path]:
        """The workspace's folders, and the files outside them: what lies beside such a file, as in
        a folder for everything, is not looked through."""
        opened = [
            Path(path)
            for folder in self._server.workspace.folders.values()
            if (path := to_fs_path(folder.uri)) is not None
        ]
        return [*opened, *(file for file in texts if not any(_is_in(file, f) for f in opened))]

    def _publish(self, seen: Seen) -> None:
        """Every file with findings, and those that had some before and are clean now."""
        found: dict[str, list[lsp.Diagnostic]] = {}
        for finding in seen.report.active:
            uri = translate.uri_of(finding.span.file)
            found.setdefault(uri, []).append(translate.diagnostic(finding, seen.lines))
        for document in self._server.workspace.text_documents.values():
            found.setdefault(document.uri, [])
        for uri in self._told - set(found):
            found[uri] = []
        for uri, diagnostics in found.items():
            self._server.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri, diagnostics)
            )
        self._told = set(found)


def serve() -> None:
    """Speak with the editor until it leaves."""
    gc.enable()  # which a process that ends soon goes without
    server().start_io()


def server() -> Any:
    """The server with what it does on each message."""
    made: Any = LanguageServer(
        "ecs-preflight", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full
    )
    session = _Session(made)

    async def touched(_: Any) -> None:
        session.changed(0)

    async def changed(_: Any) -> None:
        session.changed(PAUSE)

    for event in (lsp.INITIALIZED, lsp.TEXT_DOCUMENT_DID_OPEN, lsp.TEXT_DOCUMENT_DID_SAVE):
        made.feature(event)(touched)
    for event in (lsp.TEXT_DOCUMENT_DID_CHANGE, lsp.TEXT_DOCUMENT_DID_CLOSE):
        made.feature(event)(changed)

    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        file, line = _file(params.text_document.uri), params.position.line + 1
        needs = session.seen.needs_at(file, line) if session.seen else []
        if not needs:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, translate.hover(needs)))

    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        if session.seen is None:
            return []
        file, seen = _file(params.text_document.uri), session.seen
        wanted = range(params.range.start.line + 1, params.range.end.line + 2)
        made = (
            translate.quick_fix(finding, seen.lines)
            for finding in seen.report.active
            if finding.span.file == file and finding.span.line in wanted
        )
        return [action for action in made if action is not None]

    made.feature(lsp.TEXT_DOCUMENT_HOVER)(hover)
    made.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )(actions)
    return made


def _file(uri: str) -> str:
    return shown(to_fs_path(uri) or uri)


def _is_in(file: Path, folder: Path) -> bool:
    return file.is_relative_to(real(folder))
