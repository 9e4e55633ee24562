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

from ecs_preflight.hosts.collecting import uncollected  # noqa: E402

with uncollected():
    from ecs_preflight.hosts.cfn_lint import CLASSES

globals().update(CLASSES)
