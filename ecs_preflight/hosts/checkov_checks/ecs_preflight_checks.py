"""Registers ecs-preflight's rules with checkov: ``checkov -d DIR --external-checks-dir checks``.

checkov runs this file once for each framework, and passes over what it raises.
"""

import sys
from pathlib import Path


def _register() -> None:
    try:
        # Where the package is not installed, the engine stands beside this file's folder.
        for folder in Path(__file__).resolve().parents:
            if (folder / "ecs_preflight" / "scan.py").is_file():
                sys.path.append(str(folder))
                break
        from ecs_preflight.hosts.checkov import register

        register()
    except Exception as error:
        if not hasattr(sys, "_ecs_preflight_told"):
            sys._ecs_preflight_told = True
            print(f"ecs-preflight: no CKV_ECS check is loaded: {type(error).__name__}: {error}", file=sys.stderr)


_register()
