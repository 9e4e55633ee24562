"""The language server, spoken to by a client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hostile_texts import harmless, written

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'ecs-preflight[lsp]'")

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from ecs_preflight.lsp import translate
from ecs_preflight.lsp.workspace import look

CODE = """\
resource "aws_iam_role" "execution" {
  name = "execution"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_secretsmanager_secret" "db" {
  name = "db"
}

resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.execution.arn
  container_definitions = jsonencode([{
    name    = "app", image = "nginx", memory = 128
    secrets = [{ name = "𝄞", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}
"""
POLICY = """\
resource "aws_iam_role_policy" "execution" {
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.db.arn]
      },
    ]
  })
}
"""
SECONDS = 60


class Editor:
    """An editor with one folder open, which remembers what it was told last of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("editor", "1")
        self.told: dict[str, list[lsp.Diagnostic]] = {}
        self.versions: dict[str, int] = {}
        self._news = asyncio.Condition()

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def published(params: lsp.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.told[params.uri] = list(params.diagnostics)
                self._news.notify_all()

    async def start(self) -> None:
        await self.client.start_io(sys.executable, "-m", "ecs_preflight", "lsp")
        uri = self.folder.as_uri()
        await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=lsp.ClientCapabilities(),
                root_uri=uri,
                workspace_folders=[lsp.WorkspaceFolder(uri, "infra")],
            )
        )
        self.client.initialized(lsp.InitializedParams())

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        item = lsp.TextDocumentItem(self.uri(name), "terraform", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        self.versions[name] = self.versions.get(name, 1) + 1
        document = lsp.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [whole]))

    def save(self, name: str) -> None:
        document = lsp.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))

    async def sees(self, name: str, codes: list[str]) -> list[lsp.Diagnostic]:
        """Waits until these are the rules that the file is marked with."""

        def agrees() -> bool:
            found = self.told.get(self.uri(name))
            return found is not None and [d.code for d in found] == codes

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(agrees), SECONDS)
        return self.told[self.uri(name)]


def run(folder: Path, talk: Callable[[Editor], Awaitable[None]]) -> None:
    """The conversation of an editor with the server."""

    async def whole() -> None:
        editor = Editor(folder)
        await editor.start()
        try:
            await talk(editor)
        finally:
            await editor.client.shutdown_async(None)
            editor.client.exit(None)
            await editor.client.stop()

    asyncio.run(whole())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.tf").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_open_change_and_save(folder: Path) -> None:
    async def talk(editor: Editor) -> None:
        editor.open("main.tf")
        (marked,) = await editor.sees("main.tf", ["ECS605"])
        line = CODE.splitlines()[marked.range.start.line]
        # Columns are UTF-16 units: the clef is two of them.
        units = line.encode("utf-16-le")
        start, end = marked.range.start.character * 2, marked.range.end.character * 2
        assert units[start:end].decode("utf-16-le") == "aws_secretsmanager_secret.db.arn"
        assert marked.severity == lsp.DiagnosticSeverity.Error
        assert marked.code_description is not None
        assert marked.code_description.href.endswith("/rules/ECS605/")
        # What is typed counts before it is saved, over the whole stack.
        (folder / "policy.tf").write_text("")
        editor.open("policy.tf")
        editor.change("policy.tf", POLICY)
        await editor.sees("main.tf", [])
        editor.change("policy.tf", POLICY.replace("GetSecretValue", "DescribeSecret"))
        await editor.sees("main.tf", ["ECS605"])
        (folder / "policy.tf").write_text(POLICY)
        editor.change("policy.tf", POLICY)
        editor.save("policy.tf")
        await editor.sees("main.tf", [])
        # While it is being typed, a file may be broken: that is told where it is, and passes.
        editor.change("policy.tf", POLICY[:-4])
        await editor.sees("policy.tf", ["ECS001"])
        editor.change("policy.tf", POLICY)
        await editor.sees("policy.tf", [])

    run(folder, talk)


def _position(text: str) -> lsp.Position:
    line = next(n for n, row in enumerate(CODE.splitlines()) if text in row)
    return lsp.Position(line, 4)


def test_hover_tells_the_needs_of_a_role_a_secret_and_a_value(folder: Path) -> None:
    async def talk(editor: Editor) -> None:
        editor.open("main.tf")
        await editor.sees("main.tf", ["ECS605"])
        for place in ('"aws_iam_role"', '"aws_secretsmanager_secret"', "valueFrom"):
            found = await editor.client.text_document_hover_async(
                lsp.HoverParams(lsp.TextDocumentIdentifier(editor.uri("main.tf")), _position(place))
            )
            assert found is not None, place
            assert isinstance(found.contents, lsp.MarkupContent)
            assert "secretsmanager:GetSecretValue" in found.contents.value
            assert "**unmet**" in found.contents.value
        nothing = await editor.client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier(editor.uri("main.tf")), lsp.Position(10, 0))
        )
        assert nothing is None

    run(folder, talk)


def _edited(text: str, edits: list[Any]) -> str:
    """The text with LSP's edits, the last of them first."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(
        edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True
    ):
        first = starts[edit.range.start.line] + edit.range.start.character
        last = starts[edit.range.end.line] + edit.range.end.character
        text = text[:first] + edit.new_text + text[last:]
    return text


def test_a_quick_fix_mends_what_it_is_for(folder: Path) -> None:
    wrong = POLICY.replace("GetSecretValue", "DescribeSecret")
    (folder / "policy.tf").write_text(wrong)

    async def talk(editor: Editor) -> None:
        editor.open("main.tf")
        editor.open("policy.tf")
        (marked,) = await editor.sees("main.tf", ["ECS605"])
        actions = await editor.client.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(editor.uri("main.tf")),
                marked.range,
                lsp.CodeActionContext([marked]),
            )
        )
        (action,) = actions or []
        assert isinstance(action, lsp.CodeAction)
        assert action.kind == lsp.CodeActionKind.QuickFix
        assert action.edit is not None
        changes = action.edit.changes or {}
        assert set(changes) == {editor.uri("policy.tf")}
        editor.change("policy.tf", _edited(wrong, list(changes[editor.uri("policy.tf")])))
        await editor.sees("main.tf", [])

    run(folder, talk)


def test_of_what_lies_outside_the_workspace_the_open_file_alone_is_scanned(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("one", "other"):
        (elsewhere / name).mkdir()
        (elsewhere / name / "main.tf").write_text(CODE, encoding="utf-8")

    async def talk(editor: Editor) -> None:
        editor.folder = elsewhere
        editor.open("one/main.tf")
        await editor.sees("one/main.tf", ["ECS605"])
        assert editor.uri("other/main.tf") not in editor.told

    run(folder, talk)


def test_no_text_of_a_strangers_speaks_in_an_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above all not in what is shown under the cursor, which is Markdown."""
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    seen = look([tmp_path], {})
    findings = seen.report.active
    assert len({finding.rule for finding in findings}) > 10
    for finding in findings:
        told = translate.diagnostic(finding, seen.lines)
        for text in (told.message, *(each.message for each in told.related_information or ())):
            harmless(text, "editor")
        action = translate.quick_fix(finding, seen.lines)
        if action is not None:
            harmless(action.title, "editor")
    assert seen.needs
    harmless(translate.hover(seen.needs), "markdown")
