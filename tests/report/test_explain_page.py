"""The page of ``explain --format html``, looked at in a real browser, and what it says without
one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sampling import ROOT

from ecs_preflight.analysis.examine import examine
from ecs_preflight.analysis.options import Options
from ecs_preflight.report import explain
from ecs_preflight.rules import RULES

FOLDER = ROOT / "terraform" / "platform" / "faulty"
NASTY = """\
resource "aws_iam_role" "x" {
  name = "<script>alert(1)</script>&\\"'"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole"
    Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
}
resource "aws_ecs_task_definition" "x" {
  family                = "</style><img src=x onerror=alert(1)>"
  execution_role_arn    = aws_iam_role.x.arn
  container_definitions = jsonencode([{
    name = "<b>'\\"", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
    secrets = [{
      name      = "</td><script>alert(2)</script>"
      valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:LONG-AbCdEf"
    }]
  }])
}
"""


def page_of(*folders: Path) -> str:
    judged = examine(list(folders), Options(), RULES).judged
    return explain.page.render(explain.explained(judged, RULES))


class _Tags(HTMLParser):
    """The tags of a page, and what they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.loaded += [str(found[name]) for name in ("src", "srcset") if name in found]
        if tag == "link":
            self.loaded.append(str(found.get("href")))


def read(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    return tags


def test_the_page_needs_nothing_beside_itself_and_takes_no_markup_from_the_code(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.tf").write_text(NASTY.replace("LONG", "x" * 400))
    tags = read(page_of(tmp_path))
    assert [address for address in tags.loaded if not address.startswith("data:")] == []
    assert tags.tags.count("script") == tags.tags.count("style") == 1
    assert "img" not in tags.tags


def test_what_is_sensitive_is_on_no_page(tmp_path: Path) -> None:
    secret = "team/db.primary"
    (tmp_path / "main.tf").write_text(
        NASTY.replace("123456789012:secret:LONG-AbCdEf", "123456789012:secret:${var.name}-AbCdEf")
        + 'variable "name" {\n  sensitive = true\n}\n'
    )
    (tmp_path / "terraform.tfvars").write_text(f'name = "{secret}"\n')
    page = page_of(tmp_path)
    assert "(sensitive)" in page
    assert secret not in page.replace("<wbr>", "")


def test_every_need_and_every_verdict_is_on_the_page() -> None:
    judged = examine([FOLDER], Options(), RULES).judged
    explanation = explain.explained(judged, RULES)
    page = explain.page.render(explanation)
    assert len(re.findall("<tr data-verdict", page)) == len(explanation.needs) > 20
    assert f"{explanation.coverage}." in page
    for stack in explanation.stacks:
        assert page.count('<g class="node') == len(stack.map.nodes)
        assert page.count('<path class="edge') == len(stack.map.edges)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium, as ``make`` installs it where it can."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with driver.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a page of explain at a width and in a scheme; no message in the console is allowed."""
    said: list[str] = []
    pages = []

    def open_page(html: str, width: int = 1440, scheme: str = "light") -> Any:
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda request: said.extend(
                [request.url] * ("file" not in request.url[:4] and "data:" not in request.url[:5])
            ),
        )
        page.goto((tmp_path / "page.html").as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(opened: Any, tmp_path: Path, width: int, scheme: str) -> None:
    (tmp_path / "nasty").mkdir()
    (tmp_path / "nasty" / "main.tf").write_text(NASTY.replace("LONG", "x" * 400))
    page = opened(page_of(FOLDER, tmp_path / "nasty"), width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = page.evaluate(
        """width => [...document.querySelectorAll("td > div, h2, h3, .tile, .chip, select")]
             .filter(e => e.getBoundingClientRect().right > width || e.scrollWidth > e.clientWidth + 1)
             .filter(e => getComputedStyle(e).display !== "inline" && !e.querySelector("pre"))
             .map(e => e.outerHTML.slice(0, 120))""",
        width,
    )
    assert beyond == []
    colours = page.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name])"
    )
    dark = [sum(map(int, re.findall(r"\d+", colour)[:3])) < 384 for colour in colours]
    assert dark == ([True, False] if scheme == "light" else [False, True])


def test_the_filters_work(opened: Any) -> None:
    page = opened(page_of(FOLDER))
    rows = page.locator("tbody tr")
    total = rows.count()
    shown = page.locator("tbody tr:visible")
    assert shown.count() == total
    unmet = page.locator('tbody tr[data-verdict="unmet"]').count()
    page.get_by_label("met", exact=False).locator("visible=true").last.uncheck()
    assert shown.count() == unmet
    assert page.locator("#shown").inner_text() == f"{unmet} of {total} needs"
    assert page.locator(".node.dim").count() > 0
    page.locator("#role").select_option("aws_iam_role.worker")
    assert set(shown.evaluate_all("rows => rows.map(row => row.dataset.role)")) == {
        "aws_iam_role.worker"
    }
    page.get_by_role("button", name="Reset").click()
    page.locator("#shown", has_text=re.compile(f"^{total} needs$")).wait_for()
    page.locator("#task").select_option("aws_ecs_task_definition.worker")
    assert 0 < shown.count() < total
    page.get_by_role("button", name="Reset").click()
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("firehose")
    assert shown.count() == 1
    page.keyboard.type("zzz")
    assert page.locator("#none").is_visible()
    page.keyboard.press("Escape")
    assert shown.count() == total


def test_the_keyboard_reaches_everything_and_print_shows_all(opened: Any) -> None:
    page = opened(page_of(FOLDER))
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"text", "task", "role", "INPUT", "BUTTON", "SUMMARY"} <= set(reached)
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert page.locator("tbody tr:visible").count() == page.locator("tbody tr").count()
