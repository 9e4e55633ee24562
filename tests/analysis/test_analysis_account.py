"""The account's files: pages, gzip, what is cut off, what is hostile."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ecs_preflight import iam
from ecs_preflight.analysis import account
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.model import Language, Principal, Stack
from ecs_preflight.symbolic.answers import Answer, No, Yes
from ecs_preflight.symbolic.arns import ANY_TARGET, hole
from ecs_preflight.symbolic.values import Known, Unknown, join

POLICY = "arn:aws:iam::111122223333:policy/reads"
STACK = Stack("app", Language.TERRAFORM, ANY_TARGET)


def arn(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def document(action: str) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def role(name: str, **more: Any) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Path": "/",
        "Arn": arn(name),
        "AssumeRolePolicyDocument": document("sts:AssumeRole"),
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def inline(action: str) -> dict[str, Any]:
    return {"RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document(action)}]}


def page(*roles: dict[str, Any], policies: tuple[dict[str, Any], ...] = (), **more: Any) -> str:
    content = {"RoleDetailList": list(roles), "Policies": list(policies), **more}
    return json.dumps(content, indent=1)


ATTACHED = {"AttachedManagedPolicies": [{"PolicyName": "reads", "PolicyArn": POLICY}]}
READS = {
    "Arn": POLICY,
    "PolicyVersionList": [
        {"VersionId": "v2", "IsDefaultVersion": False, "Document": document("s3:*")},
        {"VersionId": "v1", "IsDefaultVersion": True, "Document": document("sqs:*")},
    ],
}


def written(folder: Path, *contents: str | bytes) -> list[Path]:
    paths = [folder / f"account{number}.json" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths


def may(found: account.Account, name: str, action: str) -> Answer:
    known = found.role(Known(arn(name)))
    assert known is not None
    return iam.authorize(STACK, known, action, Known("*"), Principal.TASK)


def test_inline_and_managed_policies_in_their_default_version(tmp_path: Path) -> None:
    text = page(role("a", **inline("sns:*")), role("b", **ATTACHED), policies=(READS,))
    found, faults = account.read(written(tmp_path, text))
    assert faults == ()
    assert isinstance(may(found, "a", "sns:ListTopics"), Yes)
    assert isinstance(may(found, "b", "sqs:ListQueues"), Yes)
    assert isinstance(may(found, "b", "s3:ListAllMyBuckets"), No)
    named = found.role(Known(arn("b")))
    assert named is not None
    assert text.split("\n")[named.span.line - 1].strip() == f'"Arn": "{arn("b")}",'


@pytest.mark.parametrize("form", ["one after another", "a list", "files", "gzip"])
def test_several_pages(tmp_path: Path, form: str) -> None:
    first, second = page(role("b", **ATTACHED), IsTruncated=True), page(policies=(READS,))
    contents: dict[str, tuple[str | bytes, ...]] = {
        "one after another": (first + "\n" + second,),
        "a list": (f"[{first}, {second}]",),
        "files": (first, second),
        "gzip": (gzip.compress((first + second).encode()),),
    }
    found, faults = account.read(written(tmp_path, *contents[form]))
    assert faults == ()
    assert isinstance(may(found, "b", "sqs:ListQueues"), Yes)


def test_a_page_that_is_missing_leaves_it_open(tmp_path: Path) -> None:
    found, _ = account.read(written(tmp_path, page(role("b", **ATTACHED), IsTruncated=True)))
    assert isinstance(may(found, "b", "sqs:ListQueues"), Unknown)


def test_documents_as_the_api_gives_them(tmp_path: Path) -> None:
    quoted = quote(json.dumps(document("sns:*")))
    raw = role("a", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": quoted}])
    found, _ = account.read(written(tmp_path, page(raw)))
    assert isinstance(may(found, "a", "sns:ListTopics"), Yes)


def test_a_boundary_limits(tmp_path: Path) -> None:
    limit = {"PermissionsBoundary": {"PermissionsBoundaryArn": POLICY}}
    text = page(role("a", **inline("*"), **limit), policies=(READS,))
    found, _ = account.read(written(tmp_path, text))
    assert isinstance(may(found, "a", "sqs:ListQueues"), Yes)
    assert isinstance(may(found, "a", "sns:ListTopics"), No)


def test_a_role_by_name_where_the_account_is_open(tmp_path: Path) -> None:
    found, _ = account.read(written(tmp_path, page(role("a"))))
    assert found.role(join("arn:aws:iam::", ANY_TARGET.account, ":role/a")) is not None
    assert found.role(join("arn:aws:iam::", ANY_TARGET.account, ":role", hole("x", "path"), "a"))
    assert found.role(Known("a")) is not None
    assert found.role(Known("arn:aws:iam::999999999999:role/a")) is None
    assert found.role(Known("b")) is None


BIG = page(*(role(f"r{number}") for number in range(40)))


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("", "is not the output of", 1),
        ("{}", "is not the output of", 1),
        ('{"Role": {"RoleName": "x"}}', "is not the output of", 1),
        ("not json", "is not JSON", 1),
        ('{"RoleDetailList": [\n{"Arn": }]}', "is not JSON", 2),
        ("[" * 100_000, "is nested too deeply", 1),
        ('{"RoleDetailList": ' + "[" * 100_000, "is nested too deeply", 1),
        (b"\xff\xfe{}", "is not UTF-8", 1),
        (gzip.compress(b"{}", mtime=0)[:-12] + b"garbage garbage", "is not valid gzip", 1),
        (gzip.compress(b"0" * (account.MAX_UNPACKED + 1), mtime=0), "is larger than", 1),
    ],
    ids=range(10),
)
def test_what_cannot_be_read_is_told_and_the_rest_is_read(
    tmp_path: Path, content: str | bytes, reason: str, line: int
) -> None:
    good, bad = written(tmp_path, page(role("a")), content)
    found, faults = account.read([bad, good])
    assert [fault.reason.startswith(reason) for fault in faults] == [True]
    assert faults[0].span.line == line
    assert found.role(Known(arn("a"))) is not None


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_cut_off_keeps_what_came_before(tmp_path: Path, share: float, packed: bool) -> None:
    data = BIG.encode()[: int(len(BIG) * share)]
    (path,) = written(tmp_path, gzip.compress(data, mtime=0) if packed else data)
    found, faults = account.read([path])
    assert len(faults) == 1
    assert found.role(Known(arn("r0"))) is not None
    assert found.role(Known(arn("r39"))) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"Arn": arn("a")},
        {"Arn": arn("a"), "RolePolicyList": 3, "AttachedManagedPolicies": [None, {}, 4]},
        {**role("a"), "AssumeRolePolicyDocument": "%%%", "PermissionsBoundary": []},
        {**role("a"), "RolePolicyList": [{"PolicyName": 1, "PolicyDocument": [[]]}]},
    ],
)
def test_an_odd_role_is_not_known_to_lack_anything(tmp_path: Path, raw: dict[str, Any]) -> None:
    found, faults = account.read(written(tmp_path, page(raw)))
    assert faults == ()
    known = found.role(Known(arn("a")))
    assert known is not None
    assert known.name == Known("a")
    assert not isinstance(may(found, "a", "sns:ListTopics"), Yes)


def test_a_scan_goes_on_without_the_file(tmp_path: Path) -> None:
    (tmp_path / "task.json").write_text(
        json.dumps(
            {
                "family": "app",
                "executionRoleArn": arn("a"),
                "memory": "512",
                "containerDefinitions": [
                    {"name": "a", "image": "x", "secrets": [{"name": "S", "valueFrom": "/p"}]}
                ],
            }
        )
    )
    (bad,) = written(tmp_path, "{")
    report = scan([tmp_path / "task.json"], Options(known_roles=(bad,)))
    assert [finding.rule for finding in report.findings] == ["ECS001"]
    assert [outcome.rule for outcome in report.undecided] == ["ECS606"]


@pytest.mark.parametrize("boundary", ["sqs:*", "secretsmanager:*"])
@pytest.mark.parametrize(
    "account_id", ["111122223333", "${data.aws_caller_identity.me.account_id}"], ids=["id", "open"]
)
def test_policies_of_the_account_complete_roles_of_the_code(
    tmp_path: Path, boundary: str, account_id: str
) -> None:
    arn = f"arn:aws:iam::{account_id}:policy/"
    (tmp_path / "main.tf").write_text(f"""
terraform {{
  backend "s3" {{}}
}}
data "aws_caller_identity" "me" {{}}
resource "aws_iam_role" "exec" {{
  name                 = "exec"
  permissions_boundary = "{arn}limit"
  assume_role_policy   = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
  }}] }})
}}
resource "aws_iam_role_policy_attachment" "reads" {{
  role       = aws_iam_role.exec.name
  policy_arn = "{arn}reads"
}}
resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  memory                = 512
  execution_role_arn    = aws_iam_role.exec.arn
  container_definitions = jsonencode([{{
    name    = "app"
    image   = "public.ecr.aws/x/y"
    secrets = [{{ name = "S", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf" }}]
  }}])
}}
""")
    own = "arn:aws:iam::111122223333:policy/"
    policies = (
        {**READS, "Arn": f"{own}reads", "PolicyVersionList": [version("secretsmanager:*")]},
        {**READS, "Arn": f"{own}limit", "PolicyVersionList": [version(boundary)]},
    )
    known = written(tmp_path, page(policies=policies))
    open_report = scan([tmp_path / "main.tf"], Options())
    assert [outcome.rule for outcome in open_report.undecided] == ["ECS605"]
    report = scan([tmp_path / "main.tf"], Options(known_roles=tuple(known)))
    expected = ["ECS605"] if boundary == "sqs:*" else []
    assert [f.rule for f in report.findings if f.severity.value == "error"] == expected
    assert {Path(f.span.file).name for f in report.findings} == {"main.tf"}
    assert report.stats.undecided == 0


def version(action: str) -> dict[str, Any]:
    return {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(action)}


def test_a_large_account_is_read_once_and_only_what_is_asked_for_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [role(f"r{number}", **inline("sns:*"), **ATTACHED) for number in range(5_000)]
    (path,) = written(tmp_path, page(*many, policies=(READS,)))
    read, made = list[Path](), list[str]()
    whole, one = account._file, account.Account._made

    def reading(path: Path) -> Any:
        read.append(path)
        return whole(path)

    def making(self: account.Account, file: account.AccountFile, arn: str) -> Any:
        made.append(arn)
        return one(self, file, arn)

    monkeypatch.setattr(account, "_file", reading)
    monkeypatch.setattr(account.Account, "_made", making)
    found, faults = account.read([path])
    assert faults == ()
    assert isinstance(may(found, "r4999", "sns:ListTopics"), Yes)
    assert isinstance(may(found, "r17", "sqs:ListQueues"), Yes)
    assert read == [path]
    assert made == [arn("r4999"), arn("r17")]
