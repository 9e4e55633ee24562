"""Registers ecs-preflight's rules with checkov: ``checkov -d DIR --external-checks-dir checks``.

checkov runs this file once for each framework, and passes over what it raises. Where the rules
cannot be loaded, a check fails for each task definition, so that the run does not look like health.
"""

import os
import sys
from pathlib import Path

#: Set once a failure is told, in the processes that checkov starts too.
TOLD = "_ECS_PREFLIGHT_TOLD"


def _register() -> None:
    try:
        # Where the package is not installed, the engine stands beside this file's folder.
        for folder in Path(__file__).resolve().parents:
            if (folder / "ecs_preflight" / "analysis" / "scan.py").is_file():
                sys.path.append(str(folder))
                break
        from ecs_preflight.hosts.loading import into_checkov

        into_checkov()
    except Exception as error:  # noqa: BLE001 -- checkov would pass over it in silence
        message = f"no CKV_ECS check is loaded: {type(error).__name__}: {error}"
        if TOLD not in os.environ:
            os.environ[TOLD] = "1"
            print(f"ecs-preflight: {message}", file=sys.stderr)
        _fail(message)


def _fail(message: str) -> None:
    """Registers CKV_ECS_002 as a check that fails."""
    from checkov.cloudformation.checks.resource import base_resource_check as cloudformation
    from checkov.common.models.enums import CheckCategories, CheckResult
    from checkov.terraform.checks.resource import base_resource_check as terraform

    for base, kind in (
        (terraform.BaseResourceCheck, "aws_ecs_task_definition"),
        (cloudformation.BaseResourceCheck, "AWS::ECS::TaskDefinition"),
    ):
        check = type(
            "NotJudged", (base,), {"scan_resource_conf": lambda self, conf: CheckResult.FAILED}
        )
        check(f"ecs-preflight: {message}", "CKV_ECS_002", [CheckCategories.IAM], [kind])


_register()
