"""What a team settles in a file: rules, severities, paths, roles elsewhere, and a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Run
from toys import TOY, ToyUnit, front_end, thing, unit

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis import baseline, config
from ecs_preflight.analysis.config import Config, ExternalBoundary, ExternalRole, Malformed
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.cli.arguments import parser
from ecs_preflight.cli.options import reading
from ecs_preflight.findings.finding import Finding, Met, Severity, Undecided
from ecs_preflight.report.coverage import coverage

FULL = """\
select = ["ECS6"]
ignore = ["ecs624"]
[severity]
ECS605 = "note"
[per-path-ignores]
"legacy/**" = ["ECS605", "ECS7"]
[[roles]]
name = "platform-execution"
allows = ["secretsmanager:GetSecretValue"]
on = ["arn:aws:secretsmanager:*:*:secret:app-*"]
trusts = ["ecs-tasks.amazonaws.com"]
complete = true
because = "managed in acme/platform"
[[roles]]
arn = "arn:aws:iam::*:role/ci-*"
"""

SAME = """\
[metadata]
name = x
[tool:ecs-preflight]
select = ECS6
ignore = ecs624
severity =
    ECS605: note
per-path-ignores =
    legacy/**: ECS605, ECS7
[tool:ecs-preflight:role platform-execution]
allows = secretsmanager:GetSecretValue
on = arn:aws:secretsmanager:*:*:secret:app-*
trusts = ecs-tasks.amazonaws.com
complete = true
because = managed in acme/platform
[tool:ecs-preflight:role arn:aws:iam::*:role/ci-*]
"""


def test_both_notations_mean_the_same(tmp_path: Path) -> None:
    (tmp_path / "ecs-preflight.toml").write_text(FULL)
    (tmp_path / "setup.cfg").write_text(SAME)
    read = config.load(tmp_path / "ecs-preflight.toml")
    assert read == config.load(tmp_path / "setup.cfg")
    assert read == Config(
        ("ECS6",),
        ("ECS624",),
        {"ECS605": Severity.NOTE},
        (("legacy/**", ("ECS605", "ECS7")),),
        (
            ExternalRole(
                "platform-execution",
                ("secretsmanager:GetSecretValue",),
                ("arn:aws:secretsmanager:*:*:secret:app-*",),
                ("ecs-tasks.amazonaws.com",),
                True,
                "managed in acme/platform",
            ),
            ExternalRole("arn:aws:iam::*:role/ci-*"),
        ),
        tmp_path,
    )


@pytest.mark.parametrize(
    "text",
    [
        "select = 1",
        "select = ['605']",
        "ignore = ['CKV_ECS_605']",
        "selct = []",
        "severity = 1",
        "[severity]\nECS605 = 'x'",
        "[severity]\nE605 = 'note'",
        "roles = 1",
        "roles = [1]",
        "[[roles]]",
        "[[roles]]\nname = 'a'\narn = 'b'",
        "[[roles]]\nname = 'a'\nallows = [1]",
        "[[roles]]\nname = 'a'\ncomplete = 'yes'",
        "[[roles]]\nname = 'a'\nalows = []",
        "[[boundaries]]\nname = 'a'",
        "account = 111122223333",
        "account = '1111'",
        "[[boundaries]]\nname = 'a'\nallows = ['s3']",
        "[[boundaries]]\nname = 'a'\nallows = []\ntrusts = []",
        "[[boundaries]]\nallows = ['s3:*']",
        "[per-path-ignores]\na = 'ECS605'",
        "= broken",
        "select = ['ECS999']",
        "[severity]\nECS999 = 'note'",
        "[[roles]]\nname = 'a'\nallows = ['s3']",
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ecs-preflight.toml"
    file.write_text(text)
    with pytest.raises(Malformed, match=r"ecs-preflight\.toml"):
        config.load(file)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("ecs-preflight.toml", "# ECS999\nselect = [\n  'ECS6',\n  'ECS999',\n]", 4),
        ("ecs-preflight.toml", "ignore = []\n[[roles]]\nname = 'a'\nalows = ['s3:*']", 4),
        ("setup.cfg", "[tool:ecs-preflight]\nselect = ECS6\nignor = ECS7", 3),
        ("setup.cfg", "[tool:ecs-preflight]\n[tool:ecs-preflight:rolle a]\nallows = s3:*", 2),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(Malformed, match=rf"{name}:{line}: "):
        config.load(tmp_path / name)


def test_the_nearest_file_counts_up_to_the_repositorys_root(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "infra" / "prod"
    inner.mkdir(parents=True)
    (tmp_path / "ecs-preflight.toml").touch()
    (tmp_path / "repo" / ".git").mkdir()
    assert config.find(inner) is None
    (tmp_path / "repo" / "setup.cfg").write_text("[metadata]\n")
    assert config.find(inner) is None
    (tmp_path / "repo" / "setup.cfg").write_text(SAME)
    assert config.find(inner) == tmp_path / "repo" / "setup.cfg"
    (tmp_path / "repo" / "infra" / "ecs-preflight.toml").touch()
    assert config.find(inner) == tmp_path / "repo" / "infra" / "ecs-preflight.toml"


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    monkeypatch.chdir(tmp_path)

    def call(
        *units: ToyUnit, options: Options = Options(), code: str = "x\n" * 9, **fields: object
    ) -> Report:
        (tmp_path / "main.tf").write_text(code)
        return scan(["."], options, rules=[TOY], front_ends=[front_end(*units, **fields)])

    return call


def test_select_and_ignore_and_the_command_line_before_them(scanned: Callable[..., Report]) -> None:
    faulty = unit(thing(verdict="note"))
    assert len(scanned(faulty, options=Options(config=Config(select=("ECS6",)))).findings) == 1
    assert scanned(unit(thing()), options=Options(config=Config(ignore=("ECS605",)))).findings == ()
    assert scanned(unit(thing()), options=Options(config=Config(select=("ECS7",)))).findings == ()
    assert (
        len(
            scanned(
                unit(thing()), options=Options(select=("ECS6",), config=Config(select=("ECS7",)))
            ).findings
        )
        == 1
    )


def test_severities(scanned: Callable[..., Report]) -> None:
    milder = Options(config=Config(severity={"ECS605": Severity.WARNING}))
    assert [f.severity for f in scanned(unit(thing()), options=milder).findings] == [
        Severity.WARNING
    ]
    off = Options(config=Config(severity={"ECS605": Severity.NOTE}))
    assert scanned(unit(thing()), options=off).findings == ()


def test_ignores_by_path(scanned: Callable[..., Report], tmp_path: Path) -> None:
    for pattern, silenced in (
        ("main.tf", True),
        ("*.tf", True),
        ("/other/**", False),
        ("infra/", False),
    ):
        options = Options(config=Config(paths=((pattern, ("ECS6",)),), folder=tmp_path))
        (finding,) = scanned(unit(thing()), options=options).findings
        assert (finding.suppressed is not None) is silenced
    ignores = Config(paths=(("legacy/", ("ECS605",)),), folder=tmp_path)
    assert ignores.ignored_by("ECS605", tmp_path / "legacy" / "a" / "main.tf") == "legacy/"
    assert ignores.ignored_by("ECS606", tmp_path / "legacy" / "a" / "main.tf") is None
    assert ignores.ignored_by("ECS605", tmp_path.parent / "legacy" / "main.tf") is None


def test_a_silenced_doubt_is_no_doubt(scanned: Callable[..., Report]) -> None:
    code = "\n\n{\n# ecs-preflight:ignore ECS605 granted by hand\n}\n"
    assert scanned(unit(thing(verdict="undecided")), code=code).undecided == ()
    assert len(scanned(unit(thing(verdict="undecided"))).undecided) == 1


def test_comments_that_silence_nothing_are_noted(scanned: Callable[..., Report]) -> None:
    comments = (
        ("main.tf", 4, "ecs-preflight:ignore ECS605 known"),
        ("main.tf", 8, "ecs-preflight:ignore ECS605 old"),
        ("main.tf", 9, "ecs-preflight:ignore"),
        ("main.tf", 9, "ecs-preflight: hello"),
        ("main.tf", 9, "ecs-preflight:ignore ECS999"),
    )
    code = (
        "\n\n{\n# ecs-preflight:ignore ECS605 known\n}\n\n\n# ecs-preflight:ignore ECS605 old\n\n"
    )
    report = scanned(unit(thing()), code=code, comments=comments, options=Options(notes=True))
    assert [(str(r.span), r.message) for r in report.remarks] == [
        ("main.tf:8:1", "'ecs-preflight:ignore ECS605' silences nothing."),
        (
            "main.tf:9:1",
            "'ecs-preflight:ignore' names no rule (ecs-preflight:ignore ECS605 reason).",
        ),
        ("main.tf:9:1", "'ECS999' is no rule's id, and silences nothing."),
    ]
    quiet = scanned(unit(thing()), code=code, comments=comments)
    assert [r.span.line for r in quiet.remarks] == [9, 9], "a note may be what is silenced"


def test_entries_of_metadata_that_silence_nothing_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(
        """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Metadata:
      ecs-preflight:
        ignore:
          - {id: ECS501, reason: long gone}
          - E9605
          - id: ECS999
    Properties:
      Family: app
"""
    )
    report = scan(["."], Options(ignore=("ECS605",)))
    assert [(r.span.line, r.message) for r in report.remarks] == [
        (7, "'ecs-preflight:ignore ECS501' silences nothing."),
        (9, "'ECS999' is no rule's id, and silences nothing."),
    ]


# -- the baseline ----------------------------------------------------------------------------------


def test_a_baseline_holds_when_lines_move(scanned: Callable[..., Report]) -> None:
    before = scanned(unit(thing(line=3, end_line=5), thing("aws_thing.b")))
    known = baseline.read(baseline.written(before.active))
    after = scanned(
        unit(thing(line=6, end_line=8), thing("aws_thing.b"), thing("aws_thing.new")),
        options=Options(baseline=known),
    )
    assert [f.owner.address for f in after.active] == ["aws_thing.new"]
    assert {f.suppressed.by for f in after.findings if f.suppressed} == {"baseline"}
    mended = scanned(unit(thing("aws_thing.b")), options=Options(baseline=known))
    assert [r.message for r in mended.remarks] == [
        "1 entry of the baseline does not occur any more."
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1}', '{"version": 1, "findings": [1]}']
)
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        baseline.read(text)


def test_write_then_use_a_baseline_on_the_command_line(run: Run, tmp_path: Path) -> None:
    assert run("--write-baseline", "known.json", things=(thing(),))[:2] == (0, "")
    assert len(json.loads((tmp_path / "known.json").read_text())["findings"]) == 1
    assert run("--baseline", "known.json", things=(thing(),))[0] == 0
    assert run("--baseline", "known.json", things=(thing(), thing("b")))[0] == 1
    assert run("--baseline", "none.json", things=(thing(),))[0] == 2
    code, _, err = run(
        "--baseline", "known.json", "--write-baseline", "known.json", things=(thing(), thing("b"))
    )
    assert (code, err) == (0, "ecs-preflight: wrote 2 findings to 'known.json'\n"), "none is lost"
    assert run("--baseline", "known.json", things=(thing(), thing("b")))[0] == 0
    assert run("--write-baseline", "no/such/dir", things=(thing(),))[0] == 2
    code, _, err = run(".", "nowhere", "--write-baseline", "known.json", things=(thing(),))
    assert code == 3 and "nowhere" in err


def test_the_configuration_file_on_the_command_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ecs-preflight.toml").write_text('ignore = ["ECS605"]')
    (tmp_path / "other.toml").write_text("")
    assert run(things=(thing(),))[0] == 0
    assert run("--config", "other.toml", things=(thing(),))[0] == 1
    assert run("--config", "none.toml", things=(thing(),))[0] == 2
    (tmp_path / "other.toml").write_text("what = 1")
    code, out, err = run("--config", "other.toml", things=(thing(),))
    assert (code, out) == (2, "")
    assert err == (
        "ecs-preflight: error: other.toml:1: the configuration has no 'what'; "
        "it has select, ignore, severity, per-path-ignores, roles, boundaries, known-roles, scps, account\n"
    )


# -- roles elsewhere -------------------------------------------------------------------------------

TASK = """\
data "aws_iam_role" "execution" {{
  name = "platform-execution"
}}
resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  execution_role_arn    = {role}
  container_definitions = jsonencode([{{
    name    = "app", image = "public.ecr.aws/nginx/nginx:1", memory = 128
    secrets = [{{ name = "DB", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/db" }}]
  }}])
}}
"""


@pytest.mark.parametrize(
    "role",
    ["data.aws_iam_role.execution.arn", '"arn:aws:iam::123456789012:role/platform-execution"'],
)
@pytest.mark.parametrize(
    ("asserted", "outcome"),
    [
        (ExternalRole("platform-execution", ("ssm:GetParameters",)), Met),
        (ExternalRole("arn:aws:iam::*:role/platform-*", ("ssm:Get*",)), Met),
        (ExternalRole("platform-*", ("secretsmanager:*",), complete=True), Finding),
        (
            ExternalRole(
                "platform-execution",
                ("ssm:GetParameters",),
                ("arn:aws:ssm:*:*:parameter/other",),
                complete=True,
            ),
            Finding,
        ),
        (ExternalRole("platform-execution", ("secretsmanager:*",)), Undecided),
        (ExternalRole("somebody-else", ("ssm:GetParameters",)), Undecided),
    ],
)
def test_assertions_close_needs(
    tmp_path: Path, role: str, asserted: ExternalRole, outcome: type
) -> None:
    (tmp_path / "main.tf").write_text(TASK.format(role=role))
    report = scan([tmp_path], Options(config=Config(roles=(asserted,))))
    about = [o for o in report.outcomes if o.rule == "ECS606"]
    assert [type(o) for o in about] == [outcome]
    assert all(o.owner.address == "aws_ecs_task_definition.app" for o in report.outcomes)


def test_such_roles_are_looked_up_not_judged(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TASK.format(role="data.aws_iam_role.execution.arn"))
    asserted = ExternalRole(
        "platform-execution", ("*",), trusts=("ec2.amazonaws.com",), complete=True
    )
    report = scan([tmp_path], Options(config=Config(roles=(asserted,)), notes=True))
    assert not report.faults
    assert {o.owner.address for o in report.outcomes} == {"aws_ecs_task_definition.app"}
    assert report.stats.roles == 0


# -- boundaries elsewhere --------------------------------------------------------------------------

BOUNDED = """\
data "aws_iam_policy" "boundary" {{
  name = "developer-boundary"
}}
resource "aws_iam_role" "execution" {{
  name                 = "execution"
  permissions_boundary = {boundary}
  assume_role_policy   = jsonencode({{ Statement = [] }})
  inline_policy {{
    name   = "parameters"
    policy = jsonencode({{ Statement = [{{
      Effect = "Allow", Action = "ssm:GetParameters", Resource = "*"
    }}] }})
  }}
}}
resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  execution_role_arn    = aws_iam_role.execution.arn
  container_definitions = jsonencode([{{
    name    = "app", image = "public.ecr.aws/nginx/nginx:1", memory = 128
    secrets = [{{ name = "DB", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/db" }}]
  }}])
}}
"""
LITERAL = '"arn:aws:iam::123456789012:policy/developer-boundary"'


@pytest.mark.parametrize(
    ("boundary", "asserted", "outcome", "within"),
    [
        (LITERAL, None, Met, True),
        ("data.aws_iam_policy.boundary.arn", None, Met, True),
        (LITERAL, ExternalBoundary("developer-boundary", ("ssm:*",)), Met, False),
        (LITERAL, ExternalBoundary("arn:aws:iam::*:policy/dev*", ("ssm:*",)), Met, False),
        (LITERAL, ExternalBoundary("developer-*", ("logs:*",)), Finding, False),
        (LITERAL, ExternalBoundary("another", ("logs:*",)), Met, True),
    ],
)
def test_a_boundary_out_of_sight_leaves_it_to_the_role(
    tmp_path: Path,
    boundary: str,
    asserted: ExternalBoundary | None,
    outcome: type,
    within: bool,
) -> None:
    (tmp_path / "main.tf").write_text(BOUNDED.format(boundary=boundary))
    known = Config(boundaries=(asserted,) if asserted else ())
    report = scan([tmp_path], Options(config=known))
    (about,) = (o for o in report.outcomes if o.rule == "ECS606")
    assert isinstance(about, outcome)
    assert (isinstance(about, Met) and about.within is not None) is within
    assert report.stats.within_boundary == len(report.boundaries) == int(within)
    assert ("1 met (1 within a permissions boundary" in coverage(report)) is within


def test_boundaries_in_both_notations(tmp_path: Path) -> None:
    (tmp_path / "ecs-preflight.toml").write_text(
        "[[boundaries]]\nname = 'developer'\nallows = ['ecr:*', 'logs:*']\non = ['*']\n"
    )
    (tmp_path / "setup.cfg").write_text(
        "[tool:ecs-preflight:boundary developer]\nallows = ecr:*, logs:*\non = *\n"
    )
    read = [config.load(tmp_path / name) for name in ("ecs-preflight.toml", "setup.cfg")]
    expected = (ExternalBoundary("developer", ("ecr:*", "logs:*")),)
    assert [each.boundaries for each in read] == [expected, expected]


# -- the account -----------------------------------------------------------------------------------

TRUSTING = """
data "aws_caller_identity" "current" {{}}
{provider}
resource "aws_iam_role" "task" {{
  name               = "task"
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole"
    Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
    Condition = {{ StringEquals = {{ "aws:SourceAccount" = "111122223333" }} }}
  }}] }})
}}
resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{{ name = "app", image = "nginx", memory = 128 }}])
}}
"""


@pytest.mark.parametrize(
    ("provider", "account", "outcome"),
    [
        ("", None, Undecided),
        ("", "111122223333", Met),
        ("", "444455556666", Finding),
        ('provider "aws" { allowed_account_ids = ["111122223333"] }', "444455556666", Met),
        (
            'provider "aws" { assume_role { role_arn = "arn:aws:iam::111122223333:role/ci" } }',
            None,
            Met,
        ),
        (
            'provider "aws" { assume_role { role_arn = "arn:aws:iam::444455556666:role/ci" } }',
            None,
            Finding,
        ),
        ('provider "aws" { assume_role { role_arn = var.role } }', None, Undecided),
    ],
)
def test_a_literal_account_is_decided_where_the_account_is_known(
    tmp_path: Path, provider: str, account: str | None, outcome: type
) -> None:
    (tmp_path / "main.tf").write_text(TRUSTING.format(provider=provider))
    report = scan([tmp_path], Options(Inputs(account=account)))
    assert [type(o) for o in report.outcomes if o.rule == "ECS501"] == [outcome]


@pytest.mark.parametrize(
    ("account", "rule"), [("111122223333", ""), ("444455556666", "ECS501"), (None, "")]
)
def test_a_template_is_of_the_account_that_the_user_names(
    tmp_path: Path, account: str | None, rule: str
) -> None:
    (tmp_path / "t.yaml").write_text("""
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: ecs-tasks.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: '111122223333'}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: app, Image: nginx, Memory: 128}]
""")
    report = scan([tmp_path], Options(Inputs(account=account)))
    assert [f.rule for f in report.findings] == ([rule] if rule else [])


def test_the_account_on_the_command_line_is_twelve_digits(run: Run) -> None:
    code, _, err = run("--account", "1", things=(thing(),))
    assert (code, err) == (2, "ecs-preflight: error: --account takes twelve digits: '1'\n")


def test_the_account_of_the_command_line_comes_before_the_file_s(tmp_path: Path) -> None:
    file = tmp_path / "ecs-preflight.toml"
    file.write_text('account = "444455556666"\n')
    for given, account in ((), "444455556666"), (("--account", "111122223333"), "111122223333"):
        arguments = parser().parse_args(["scan", "--config", str(file), *given])
        assert reading(arguments).inputs.account == account
