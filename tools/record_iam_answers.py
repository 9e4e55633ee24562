"""Writes tests/data/iam_answers.json.gz: calls, and what an independent simulator of IAM answers.

Run ``python tools/record_iam_answers.py DIRECTORY`` where DIRECTORY is one in which
``npm install @cloud-copilot/iam-simulate`` was run. The calls are made up, always the same; the
simulator is only run, nothing of it is kept but its answers.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "tests" / "data" / "iam_answers.json.gz"
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/exec"
CALLS = 2_000

SIMULATE = """
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const require = createRequire(process.cwd() + '/')
const { runSimulation } = require('@cloud-copilot/iam-simulate')
const answers = []
for (const simulation of JSON.parse(readFileSync(0, 'utf8'))) {
  const ran = await runSimulation(simulation, {})
  const refused = ran.resultType === 'error'
  answers.push(refused ? `error: ${JSON.stringify(ran.errors)}` : ran.overallResult)
}
console.log(JSON.stringify(answers))
"""

RESOURCES = {
    "s3:GetObject": ["arn:aws:s3:::data/app.env", "arn:aws:s3:::data/red/key"],
    "s3:PutObject": ["arn:aws:s3:::data/app.env"],
    "s3:ListBucket": ["arn:aws:s3:::data"],
    "ssm:GetParameters": [f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/app/db"],
    "secretsmanager:GetSecretValue": [
        f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:app-AbCdEf"
    ],
    "kms:Decrypt": [f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    "logs:PutLogEvents": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/ecs/app:log-stream:a/b/c"],
    "ecr:GetAuthorizationToken": ["*"],
}
PATTERNS = {
    "s3": [
        "*",
        "arn:aws:s3:::data",
        "arn:aws:s3:::data/*",
        "arn:aws:s3:::d?ta/*",
        "arn:aws:s3:::Data/*",
        "arn:aws:s3:::data/${aws:PrincipalTag/team}/*",
        "arn:*:s3:::*/app.env",
        "arn:aws:s3:::data/app.en?",
    ],
    "ssm": [
        "*",
        "arn:aws:ssm:*:*:parameter/app/*",
        "arn:aws:ssm:*:*:parameter//app/*",
        "arn:aws:ssm:us-east-1:*:parameter/*",
        "arn:aws:ssm:*:*:*",
    ],
    "secretsmanager": [
        "*",
        "arn:aws:secretsmanager:*:*:secret:app",
        "arn:aws:secretsmanager:*:*:secret:app-??????",
        "arn:aws:secretsmanager:*:*:secret:app*",
    ],
    "kms": ["*", "arn:aws:kms:*:*:key/*", "arn:aws:kms:*:*:alias/*"],
    "logs": [
        "*",
        "arn:aws:logs:*:*:log-group:/ecs/app",
        "arn:aws:logs:*:*:log-group:/ecs/app:*",
        "arn:aws:logs:*:*:*",
    ],
    "ecr": ["*", "arn:aws:ecr:*:*:repository/*"],
}
CONTEXTS: dict[str, list[Any]] = {
    "aws:PrincipalTag/team": ["red", "Blue", None],
    "aws:SourceIp": ["10.1.2.3", "192.168.4.5", None],
    "aws:CurrentTime": ["2026-05-01T00:00:00Z"],
    "aws:MultiFactorAuthAge": ["100", None],
    "aws:SecureTransport": ["true", "false"],
    "aws:TagKeys": [["a", "b"], ["a"], None],
    "aws:SourceArn": ["arn:aws:ecs:eu-west-1:111122223333:task/c/1", None],
}
OPERATORS: dict[str, list[tuple[str, Any]]] = {
    "aws:PrincipalTag/team": [
        ("StringEquals", "red"),
        ("StringNotEquals", ["red", "green"]),
        ("StringLike", "B*"),
        ("StringNotLike", "?ed"),
        ("StringEqualsIgnoreCase", "BLUE"),
        ("StringNotEqualsIgnoreCase", "BLUE"),
        ("StringEqualsIfExists", "red"),
        ("StringEquals", "${aws:PrincipalTag/team}"),
        ("Null", "true"),
        ("Null", "false"),
        ("StringNotLikeIfExists", "r*"),
    ],
    "aws:SourceIp": [
        ("IpAddress", "10.0.0.0/8"),
        ("NotIpAddress", ["10.0.0.0/8", "172.16.0.0/12"]),
        ("IpAddressIfExists", "192.168.0.0/16"),
    ],
    "aws:CurrentTime": [
        ("DateGreaterThan", "2026-01-01T00:00:00Z"),
        ("DateLessThanEquals", "2026-04-30T00:00:00Z"),
        ("DateEquals", "2026-05-01T00:00:00Z"),
        ("DateNotEquals", "2026-05-01T00:00:00Z"),
    ],
    "aws:MultiFactorAuthAge": [
        ("NumericLessThan", "300"),
        ("NumericGreaterThanEquals", "100"),
        ("NumericEqualsIfExists", "5"),
        ("NumericNotEquals", "5"),
    ],
    "aws:SecureTransport": [("Bool", "true"), ("Bool", "false")],
    "aws:TagKeys": [
        ("ForAllValues:StringEquals", ["a", "c"]),
        ("ForAnyValue:StringEquals", ["b", "c"]),
        ("ForAnyValue:StringLike", "a*"),
        ("ForAllValues:StringNotEquals", "c"),
    ],
    "aws:SourceArn": [
        ("ArnLike", "arn:aws:ecs:*:111122223333:*"),
        ("ArnEquals", "arn:aws:ecs:us-east-1:*:task/*"),
        ("ArnNotLike", "arn:aws:ecs:*:*:task/*"),
        ("ArnLikeIfExists", "arn:aws:s3:::*"),
        ("StringLike", "arn:aws:ecs:*task/*"),
        ("ArnNotEquals", "arn:aws:s3:::*"),
    ],
}


def main(directory: str) -> None:
    chance = random.Random(20_261_122)
    calls = [call(chance) for _ in range(CALLS)]
    ran = subprocess.run(
        ["node", "--input-type=module", "--eval", SIMULATE],
        cwd=directory,
        check=True,
        input=json.dumps([simulation(c) for c in calls]),
        capture_output=True,
        text=True,
    )
    answers = json.loads(ran.stdout)
    for made, answer in zip(calls, answers, strict=True):
        made["answer"] = answer
    errors = [a for a in answers if a.startswith("error")]
    print(f"{len(calls)} calls, {len(errors)} refused by the simulator; {errors[:1]}")
    kept = [made for made in calls if not made["answer"].startswith("error")]
    TARGET.parent.mkdir(exist_ok=True)
    package = Path(directory, "node_modules/@cloud-copilot/iam-simulate/package.json")
    version = json.loads(package.read_text())["version"]
    data = {
        "simulator": f"@cloud-copilot/iam-simulate {version}",
        "account": ACCOUNT,
        "role": ROLE,
        "calls": kept,
    }
    TARGET.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


def call(chance: random.Random) -> dict[str, Any]:
    """A call with its policies; every context key is given or known to be absent."""
    action = chance.choice(list(RESOURCES))
    context = {key: chance.choice(values) for key, values in CONTEXTS.items()}
    made: dict[str, Any] = {
        "action": action,
        "resource": chance.choice(RESOURCES[action]),
        "context": context,
        "policies": [policy(chance, action) for _ in range(chance.choice([1, 1, 2]))],
    }
    if chance.random() < 0.25:
        made["boundary"] = policy(chance, action)
    if chance.random() < 0.2:
        made["session"] = policy(chance, action)
    has_one = action.startswith(("s3:", "secretsmanager:")) and chance.random() < 0.35
    if action.startswith("kms:") or has_one:
        made["resource_policy"] = policy(chance, action, principals=True)
    return made


def policy(chance: random.Random, action: str, principals: bool = False) -> dict[str, Any]:
    version = "2012-10-17" if chance.random() < 0.9 else "2008-10-17"
    count = chance.choice([1, 1, 2, 3])
    made = [statement(chance, action, principals) for _ in range(count)]
    return {"Version": version, "Statement": made}


def statement(chance: random.Random, action: str, principals: bool) -> dict[str, Any]:
    service, name = action.split(":")
    made: dict[str, Any] = {"Effect": "Allow" if chance.random() < 0.75 else "Deny"}
    if principals:
        made["Principal"] = chance.choice(
            [
                "*",
                {"AWS": "*"},
                {"AWS": ROLE},
                {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                {"AWS": ACCOUNT},
                {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/other", ROLE]},
                {"Service": "ecs-tasks.amazonaws.com"},
            ]
        )
    element = "Action" if chance.random() < 0.85 else "NotAction"
    made[element] = chance.sample(
        [
            "*",
            action,
            f"{service}:*",
            f"{service}:{name[:3]}*",
            action.lower(),
            f"{service}:{name[:-1]}?",
            "iam:*",
            "ec2:Describe*",
        ],
        chance.choice([1, 2]),
    )
    element = "Resource" if chance.random() < 0.85 else "NotResource"
    patterns = PATTERNS[service]
    made[element] = chance.sample(patterns, min(len(patterns), chance.choice([1, 2])))
    if chance.random() < 0.4:
        key = chance.choice(list(OPERATORS))
        operator, values = chance.choice(OPERATORS[key])
        made["Condition"] = {operator: {key: values}}
    return made


def simulation(made: dict[str, Any]) -> dict[str, Any]:
    """The call as the simulator takes it."""
    request = {
        "request": {
            "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/exec/session",
            "action": made["action"],
            "resource": {"resource": made["resource"], "accountId": ACCOUNT},
            "contextVariables": {
                key: value for key, value in made["context"].items() if value is not None
            },
        },
        "identityPolicies": [
            {"name": f"p{n}", "policy": p} for n, p in enumerate(made["policies"])
        ],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if "boundary" in made:
        request["permissionBoundaryPolicies"] = [{"name": "boundary", "policy": made["boundary"]}]
    if "session" in made:
        request["sessionPolicy"] = made["session"]
    if "resource_policy" in made:
        request["resourcePolicy"] = made["resource_policy"]
    return request


if __name__ == "__main__":
    main(sys.argv[1])
