"""checkov's signed external checks: the shim runs when it is signed, and not when it is changed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "ecs_preflight" / "hosts" / "faulty_stack"
CHECKOV = Path(sys.executable).parent / "checkov"

pytestmark = pytest.mark.skipif(
    not CHECKOV.exists()
    or importlib.util.find_spec("checkov.common.external_checks.verification") is None,
    reason="checkov 3.3.30 or later is not beside this interpreter",
)


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A folder with ``checks``, signed as docs/hosts.md says, and the key's public half."""
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key.pem").write_bytes(public)
    (tmp_path / "checks").mkdir()
    for file in (ROOT / "checks").glob("*.py"):
        code = file.read_bytes()
        signature = key.sign(code, ec.ECDSA(hashes.SHA256())).hex()
        trailer = f"# checkov-digest: {signature}\n".encode()
        (tmp_path / "checks" / file.name).write_bytes(code + trailer)
    return tmp_path


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    options = ["--external-checks-dir", "checks", "--external-checks-public-key", "key.pem"]
    return subprocess.run(
        [CHECKOV, "-d", STACK, *options, "--check", "CKV_ECS_*", "-o", "json", "--skip-download"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_signed_checks_run(signed: Path) -> None:
    done = run(signed)
    assert done.returncode == 1, done.stderr
    reports = json.loads(done.stdout)
    failed = [
        record["check_id"]
        for report in (reports if isinstance(reports, list) else [reports])
        for record in report["results"]["failed_checks"]
    ]
    assert "CKV_ECS_502" in failed


@pytest.mark.parametrize("change", ["edited", "unsigned"])
def test_changed_checks_do_not(signed: Path, change: str) -> None:
    shim = signed / "checks" / "ecs_preflight_checks.py"
    code = shim.read_text()
    whole, _, _ = code.rpartition("# checkov-digest")
    shim.write_text(code.replace("import os\n", "import os \n", 1) if change == "edited" else whole)
    done = run(signed)
    assert done.returncode == 2
    assert "CKV_ECS" not in done.stdout
