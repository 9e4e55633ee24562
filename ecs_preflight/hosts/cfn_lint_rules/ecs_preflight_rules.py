"""Gives ecs-preflight's rules to cfn-lint: ``cfn-lint TEMPLATE --append-rules plugins``.

cfn-lint takes each class that it finds in this file's namespace.
"""

import sys
from pathlib import Path

# Where the package is not installed, the engine stands beside this file's folder.
for _folder in Path(__file__).resolve().parents:
    if (_folder / "ecs_preflight" / "analysis" / "scan.py").is_file():
        sys.path.append(str(_folder))
        break

from ecs_preflight.hosts.loading import cfn_lint_classes  # noqa: E402

globals().update(cfn_lint_classes())
