"""Registers ecs-preflight's rules with checkov: ``checkov -d DIR --external-checks-dir checks``.

checkov runs this file once for each framework, and passes over what it raises.
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
        from ecs_preflight.hosts.checkov import register

        register()
    except Exception as error:  # noqa: BLE001 -- checkov would pass over it in silence
        if TOLD not in os.environ:
            os.environ[TOLD] = "1"
            message = f"no CKV_ECS check is loaded: {type(error).__name__}: {error}"
            print(f"ecs-preflight: {message}", file=sys.stderr)


_register()
