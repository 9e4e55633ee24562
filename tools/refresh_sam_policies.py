"""Writes ecs_preflight/cloudformation/data/sam_policies.json from SAM's translator.

Run ``python tools/refresh_sam_policies.py`` in an environment with the newest
``aws-sam-translator``. For each policy template of SAM's (SAM Developer Guide, "AWS SAM policy
templates"): the names of its parameters and the statements that it makes, in which ``Ref`` names a
parameter. The translator is published under the Apache License 2.0.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "ecs_preflight" / "cloudformation" / "data" / "sam_policies.json"


def main() -> None:
    source = files("samtranslator") / "policy_templates_data" / "policy_templates.json"
    templates = json.loads(source.read_text("utf-8"))["Templates"]
    rows = {
        name: [sorted(template["Parameters"]), template["Definition"]["Statement"]]
        for name, template in sorted(templates.items())
    }
    head = json.dumps({"source": f"aws-sam-translator {version('aws-sam-translator')}"})[1:-1]
    body = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}"
        for name, row in rows.items()
    )
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(f'{{{head}, "templates": {{\n{body}\n}}}}\n', encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} templates, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
