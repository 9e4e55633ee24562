"""What a scan finds below the paths it is given, and what it leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecs_preflight.adapters.units import Tree
from ecs_preflight.analysis import discovery, git_index, gitignore
from ecs_preflight.analysis.discovery import Discovered, discover
from ecs_preflight.symbolic.source import Boundary


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def found(discovered: Discovered, root: Path) -> set[str]:
    return {file.relative_to(root).as_posix() for tree in discovered.trees for file in tree.files}


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_hidden_and_vendored_folders_are_left_out_unless_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        "main.tf",
        ".terraform/modules/a/main.tf",
        "node_modules/x/t.json",
        ".git/config",
        ".aws-sam/build/template.yaml",
        "infra/main.tf",
    )
    assert found(discover([tmp_path]), tmp_path) == {"main.tf", "infra/main.tf"}
    assert found(discover([tmp_path / ".aws-sam"]), tmp_path) == {".aws-sam/build/template.yaml"}


def test_nested_gitignore_files_and_negation(tmp_path: Path) -> None:
    write(
        tmp_path,
        ".git/HEAD",
        "cdk.out/a.json",
        "sub/cdk.out/b.json",
        "sub/keep.gen.tf",
        "sub/x.gen.tf",
        "only/here/z.tf",
        "sub/only/here/z.tf",
        "sub/deep/y.gen.tf",
    )
    (tmp_path / ".gitignore").write_text("# generated\ncdk.out/\n*.gen.tf\n/only/here\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.gen.tf\n!/deep/*.tf\n")
    expected = {
        ".gitignore",
        "sub/.gitignore",
        "sub/keep.gen.tf",
        "sub/only/here/z.tf",
        "sub/deep/y.gen.tf",
    }
    assert found(discover([tmp_path]), tmp_path) == expected
    below = {name for name in expected if name.startswith("sub/")}
    assert found(discover([tmp_path / "sub"]), tmp_path) == below


def test_a_named_path_is_scanned_though_git_ignores_it(tmp_path: Path) -> None:
    write(tmp_path, ".git/HEAD", "build/out/t.yaml")
    (tmp_path / ".gitignore").write_text("build/\n")
    assert found(discover([tmp_path / "build"]), tmp_path) == {"build/out/t.yaml"}
    assert found(discover([tmp_path / "build/out/t.yaml"]), tmp_path) == {"build/out/t.yaml"}


def test_exclude_cannot_be_undone_by_a_gitignore(tmp_path: Path) -> None:
    write(tmp_path, "legacy/a.tf", "new/a.tf", "new/b.tf")
    (tmp_path / "new/.gitignore").write_text("!b.tf\n")
    names = found(discover([tmp_path], exclude=["legacy/**", "b.tf"]), tmp_path)
    assert names == {"new/a.tf", "new/.gitignore"}


def test_links_neither_loop_nor_lead_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    write(tmp_path, "outside/secret.tf", "inside/shared/common.tf", "inside/app/main.tf")
    (inside / "app/loop").symlink_to(inside, target_is_directory=True)
    (inside / "app/out").symlink_to(outside, target_is_directory=True)
    (inside / "app/secret.tf").symlink_to(outside / "secret.tf")
    (inside / "app/common.tf").symlink_to(inside / "shared/common.tf")
    (inside / "app/self.tf").symlink_to("self.tf")
    assert found(discover([inside]), inside) == {"shared/common.tf", "app/main.tf", "app/common.tf"}


def test_the_boundary_is_the_repository_else_the_path_else_the_root(tmp_path: Path) -> None:
    write(tmp_path, "repo/.git/HEAD", "repo/infra/prod/main.tf", "loose/a/main.tf")
    trees = discover(["repo/infra/prod", "loose/a", "repo/infra/prod/main.tf"]).trees
    assert [tree.boundary.root for tree in trees] == [tmp_path / "repo", tmp_path / "loose/a"]
    assert trees[0].given == (tmp_path / "repo/infra/prod", tmp_path / "repo/infra/prod/main.tf")
    assert trees[0].files == (tmp_path / "repo/infra/prod/main.tf",)
    (rooted,) = discover(["loose/a"], root=tmp_path / "loose").trees
    assert rooted.boundary.root == tmp_path / "loose"


def test_what_cannot_be_read_is_told_and_the_rest_scanned(tmp_path: Path) -> None:
    write(tmp_path, "a/main.tf", "b/main.tf")
    result = discover(["a", "nowhere", "b/main.tf"], root=None)
    assert found(result, tmp_path) == {"a/main.tf", "b/main.tf"}
    assert [(m.path, m.reason) for m in result.missing] == [
        ("nowhere", "no such file or directory")
    ]
    (outside,) = discover(["b"], root=tmp_path / "a").missing
    assert outside.reason == "lies outside the root"


def test_a_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/main.tf", "locked/main.tf")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    result = discover([tmp_path])
    assert found(result, tmp_path) == {"a/main.tf"}
    assert [(u.path, u.reason) for u in result.unreadable] == [("locked", "permission denied")]
    assert [m.path for m in discover(["locked"]).missing] == ["locked"]


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("**/b", "b", True),
        ("**/b", "a/x/b", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/*", "a/b/c", False),
        ("/a", "x/a", False),
        ("a b", "a b", True),
        ("a ", "a", True),
        ("a\\ ", "a ", True),
        ("\\#a", "#a", True),
        ("\\!a", "!a", True),
        ("[^a]c", "bc", True),
        ("[!a]c", "ac", False),
        ("a?c", "abc", True),
        ("a\\*c", "a*c", True),
        ("a\\*c", "abc", False),
        ("*.tf", "A.TF", False),
    ],
)
def test_patterns(pattern: str, path: str, ignored: bool) -> None:
    assert (gitignore.parse(pattern).ignores(path.split("/"), False) is True) is ignored


def test_hostile_patterns_stay_cheap() -> None:
    patterns = gitignore.parse("*a" * 60 + "b\n" + "**/a/" * 60 + "b\n[z-a]\n[\n\\\n/\n!\n")
    assert not patterns.ignores(["a" * 250, *["a"] * 500], False)


NAMES = st.sampled_from(["a", "b", "ab", "a.tf", "b.tf"])
PATTERNS = st.sampled_from(
    [
        "a",
        "b/",
        "*.tf",
        "!a.tf",
        "/a",
        "a/*",
        "!b",
        "**/b",
        "a/**",
        "a/**/b",
        "!*.tf",
        "[ab]",
        "?b",
        "/a/b",
        "!/a/a.tf",
        "",
        "# a",
    ]
)


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git itself")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.lists(NAMES, min_size=1, max_size=3), min_size=1, max_size=8),
    st.lists(PATTERNS, max_size=5),
    st.lists(PATTERNS, max_size=3),
)
def test_agrees_with_git(
    tmp_path_factory: pytest.TempPathFactory,
    paths: list[list[str]],
    patterns: list[str],
    inner: list[str],
) -> None:
    root = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for parts in paths:
        path = root.joinpath(*parts)
        if not path.is_dir() and not any(above.is_file() for above in path.parents):
            write(root, "/".join(parts))
    (root / ".gitignore").write_text("\n".join(patterns))
    if (root / "a").is_dir():
        (root / "a/.gitignore").write_text("\n".join(inner))
    listed = subprocess.run(
        [
            "git",
            "-C",
            str(root),
            "-c",
            "core.excludesFile=",
            "ls-files",
            "--others",
            "--exclude-standard",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert found(discover([root]), root) == set(listed)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(root), *arguments],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


def left_out(discovered: Discovered) -> set[tuple[str, str]]:
    return {(left.reason.name, left.path) for left in discovered.left_out}


NAMES = ("a.tf", "gen/b.tf", "gen/sub/c.tf", "gen/d.tf", ".hidden/e.tf", "node_modules/f.json")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("ids", ["sha1", "sha256"])
def test_what_git_tracks_is_looked_at_though_a_gitignore_names_it(
    tmp_path: Path, version: str, ids: str
) -> None:
    git(tmp_path, "init", "-q", f"--object-format={ids}")
    write(tmp_path, *NAMES)
    git(tmp_path, "add", *NAMES)
    git(tmp_path, "update-index", "--index-version", version)
    if version == "3":  # which git writes only where an entry has more flags
        git(tmp_path, "rm", "-q", "--cached", "a.tf")
        git(tmp_path, "add", "--intent-to-add", "a.tf")
        assert (tmp_path / ".git/index").read_bytes()[7] == 3
    write(tmp_path, "gen/sub/untracked.tf", ".venv/x.json", "new.gen.tf")
    (tmp_path / ".gitignore").write_text("gen/\n.venv/\n*.gen.tf\n")
    found_ = discover([tmp_path])
    assert found(found_, tmp_path) == {
        *("a.tf", "gen/b.tf", "gen/sub/c.tf", "gen/d.tf", ".gitignore")
    }
    assert left_out(found_) == {("HIDDEN", ".hidden"), ("VENDORED", "node_modules")}


def test_what_is_left_out_is_told_where_no_index_says_what_is_tracked(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path, "a.tf", "gen/b.tf", "old/c.tf", "old.txt", ".idea/x.json", "x.gen.tf", "y.gen.o"
    )
    (tmp_path / ".gitignore").write_text("gen/\n*.gen.*\n")
    (tmp_path / "out.tf").symlink_to("/etc/hostname")
    assert left_out(discover([tmp_path], exclude=["old*"])) == {
        ("EXCLUDED", "old"),
        ("HIDDEN", ".idea"),
        ("IGNORED", "gen"),
        ("IGNORED", "x.gen.tf"),
        ("OUTSIDE", "out.tf"),
    }


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_manifest_of_modules_that_is_committed_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, "infra/main.tf", "infra/.terraform/modules/modules.json")
    git(tmp_path, "add", "-f", ".")
    assert ("MANIFEST", "infra/.terraform/modules/modules.json") in left_out(discover([tmp_path]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"DIRC",
        b"DIRC\0\0\0\2\xff\xff\xff\xff",
        b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 200,
        b"DIRC\0\0\0\2\0\0\0\1" + b"\0" * 62,
        b"DIRC\0\0\0\x09\0\0\0\1" + b"\0" * 100,
    ],
)
def test_what_is_no_index_says_nothing(tmp_path: Path, data: bytes) -> None:
    assert git_index.tracked(data) is None
    write(tmp_path, "a.tf", ".git/HEAD", "gen/b.tf")
    (tmp_path / ".git/index").write_bytes(data)
    (tmp_path / ".gitignore").write_text("gen/\n")
    assert left_out(discover([tmp_path])) == {("IGNORED", "gen")}


def test_an_index_behind_a_link_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/index", "repo/a.tf")
    (tmp_path / "repo/.git").symlink_to(tmp_path / "elsewhere")
    assert Boundary.around(tmp_path / "repo").git_index() is None


def test_gitignore_files_that_cost_too_much_are_not_heeded_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "STEPS", 100)
    monkeypatch.setattr(discovery, "STEPS_EACH", 10)
    write(tmp_path, ".git/HEAD", "a/b/main.tf", "a/b/x.tf")
    (tmp_path / ".gitignore").write_text("x.tf\n" + "".join(f"**/?{n}*z\n" for n in range(500)))
    found_ = discover([tmp_path], exclude=["main.tf"])
    assert found(found_, tmp_path) == {".gitignore", "a/b/x.tf"}
    assert {reason for reason, _ in left_out(found_)} == {"UNHEEDED", "EXCLUDED"}


def test_the_folders_of_many_given_files_are_found_in_one_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Path] = []
    monkeypatch.setattr(Path, "is_relative_to", lambda self, other: compared.append(self) or False)
    files = tuple(tmp_path / f"{number}" / "main.tf" for number in range(200))
    top = tmp_path / "top"
    tree = Tree(Boundary(tmp_path), (*files, top / "a" / "b" / "main.tf"), (*files, top))
    assert tree.folders == (top, top / "a", top / "a" / "b")
    assert len(compared) < 10
