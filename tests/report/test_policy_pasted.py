"""The policy that is printed, pasted beside the role in every form, leaves no need of it unmet."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from mending import copied
from sampling import Sample, samples

from ecs_preflight.analysis.examine import examine
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings.finding import Finding, Severity
from ecs_preflight.findings.sources import Sources
from ecs_preflight.model import Principal, Role
from ecs_preflight.report import policy
from ecs_preflight.rules import RULES

#: A fast share; the rest is slow.
REPRESENTATIVE = ("ECS605", "ECS606", "ECS702")
NEEDS = {rule.id for rule in RULES if rule.needs is not None}
FORMS = {
    "terraform": ("hcl", "jsonencode", "tf-json", "json", "heredoc"),
    "cloudformation": ("yaml", "json"),
}
#: The role is another root's or template's, beside which the addresses of this one mean nothing.
ELSEWHERE = {
    "bad-role-of-another-state",
    "bad-role-in-parameter-store",
    "bad-role-of-a-variant",
    "bad-same-role-of-two-stacks",
    "bad-nested-export",
    "bad-role-of-another-root",
    "bad-role-of-another-template",
    "bad-role-of-a-local-state",
}
PASTED = [
    pytest.param(
        sample,
        form,
        id=f"{sample} {form}",
        marks=() if sample.rule in REPRESENTATIVE else pytest.mark.slow,
    )
    for sample in samples()
    if sample.rule in NEEDS and sample.name.startswith("bad") and sample.language in FORMS
    if sample.name not in ELSEWHERE
    for form in FORMS[sample.language]
]
#: What no statement of the role's own mends: a Deny, and what is against it elsewhere.
BEYOND = ("denies", "boundary", "Nor does", "The policy of")


@pytest.mark.parametrize(("sample", "form"), PASTED)
def test_a_pasted_policy_leaves_no_need_unmet(sample: Sample, form: str, tmp_path: Path) -> None:
    with copied(sample, tmp_path) as path:
        for number, (role, text) in enumerate(_policies(path, form)):
            _paste(Path(path), form, role, text, number)
        left = [finding for finding in scan([path], Options()).active if _is_need(finding)]
        assert [f"{f.rule} {f.message}" for f in left] == []


def _is_need(finding: Finding) -> bool:
    need = finding.need
    return (
        finding.rule in NEEDS
        and finding.severity is not Severity.NOTE
        and need is not None
        and need.principal in (Principal.EXECUTION, Principal.TASK)
        and not any(word in finding.message for word in BEYOND)
    )


def _policies(path: str, form: str) -> Iterator[tuple[Role, str]]:
    """The policy of every role of the sample, for every task that has it."""
    sources = Sources(lambda file: Path(file).read_text("utf-8"))
    for result in examine([Path(path)], Options(), RULES).judged:
        for task in result.stack.task_definitions:
            for principal in policy.ROLES.values():
                role = policy.role_of(result.stack, task, principal)
                found = policy.statements(result.stack, task, principal, RULES)
                if isinstance(role, Role) and found:
                    kind = "json" if form == "heredoc" else form
                    yield role, policy.render(result.stack, task, principal, found, kind, sources)


def _paste(path: Path, form: str, role: Role, text: str, number: int) -> None:
    if path.is_dir():
        _paste_terraform(path, form, role.address, text, number)
    elif path.suffix == ".json":
        _paste_json(path, role.address, text, number)
    else:
        document = text if form == "yaml" else json.dumps(json.loads(text))
        _paste_yaml(path, role.address, document, number)


def _paste_terraform(folder: Path, form: str, role: str, text: str, number: int) -> None:
    root, _, role = role.rpartition(":")
    folder /= root
    name = f"pasted_{number}"
    value = f"data.aws_iam_policy_document.{name}.json"
    if form == "hcl":
        (folder / f"{name}_document.tf").write_text(text.replace('"this"', f'"{name}"'))
    elif form == "tf-json":
        (folder / f"{name}_document.tf.json").write_text(text.replace('"this"', f'"{name}"'))
    elif form == "heredoc":
        value = f"<<EOF\n{text.rstrip()}\nEOF"
    elif form == "json":
        (folder / f"{name}.json").write_text(text)
        value = f'file("${{path.module}}/{name}.json")'
    else:
        value = text
    (folder / f"{name}.tf").write_text(
        f'resource "aws_iam_role_policy" "{name}" {{\n  role   = {role}.id\n  policy = {value}\n}}\n'
    )


def _paste_json(template: Path, role: str, text: str, number: int) -> None:
    written = json.loads(template.read_text("utf-8"))
    written["Resources"][f"Pasted{number}"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": f"pasted-{number}",
            "Roles": [{"Ref": role}],
            "PolicyDocument": json.loads(text),
        },
    }
    template.write_text(json.dumps(written))


def _paste_yaml(template: Path, role: str, document: str, number: int) -> None:
    lines: Sequence[str] = (
        f"  Pasted{number}:",
        "    Type: AWS::IAM::Policy",
        "    Properties:",
        f"      PolicyName: pasted-{number}",
        f"      Roles: [!Ref {role}]",
        "      PolicyDocument:",
        textwrap.indent(document, "        "),
    )
    text = template.read_text("utf-8")
    template.write_text(text.replace("\nResources:\n", "\nResources:\n" + "\n".join(lines) + "\n"))


#: A function whose role, which AWS SAM makes, the task has too.
SERVERLESS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: [lambda.amazonaws.com, ecs-tasks.amazonaws.com]
            Action: sts:AssumeRole
      Policies: []
  Key:
    Type: AWS::SecretsManager::Secret
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: worker
      ExecutionRoleArn: !GetAtt WorkerRole.Arn
      ContainerDefinitions:
        - Name: worker
          Image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/worker:1.0.0
          Memory: 128
          Secrets:
            - Name: KEY
              ValueFrom: !Ref Key
"""


@pytest.mark.parametrize("form", FORMS["cloudformation"])
def test_a_policy_pasted_into_a_function_of_sam(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = Path("template.yaml")
    template.write_text(SERVERLESS)
    assert {f.rule for f in scan([template], Options()).active} == {"ECS605"}
    (text,) = [text for _, text in _policies(template.name, form)]
    document = text if form == "yaml" else json.dumps(json.loads(text))
    item = textwrap.indent(document, " " * 10).replace(" " * 10, "        - ", 1)
    template.write_text(SERVERLESS.replace(" []\n", f"\n{item.rstrip()}\n"))
    assert scan([template], Options()).active == ()
