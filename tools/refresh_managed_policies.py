"""Writes ecs_preflight/iam/data/managed_policies.* from moto's copy of the AWS managed policies.

Run ``python tools/refresh_managed_policies.py`` in an environment with the newest ``moto``. Each
line of the index is one policy: its path and name, version, date of that version, and where its
document stands in the other file, which holds each compressed by itself. The first line says what
the data was made from.
"""

from __future__ import annotations

import json
import zlib
from importlib.metadata import version
from pathlib import Path

from moto.iam.aws_managed_policies import aws_managed_policies_data

DATA = Path(__file__).resolve().parent.parent / "ecs_preflight" / "iam" / "data"


def main() -> None:
    policies = json.loads(aws_managed_policies_data)
    lines: list[str] = []
    packed = b""
    for path, policy in sorted((p["Path"].lstrip("/") + name, p) for name, p in policies.items()):
        content = json.dumps(policy["Document"], separators=(",", ":")).encode()
        member = zlib.compress(content, 9)
        date = policy["UpdateDate"][:10]
        lines.append(f"{path}\t{policy['DefaultVersionId']}\t{date}\t{len(packed)}\t{len(member)}")
        packed += member
    newest = max(policy["UpdateDate"] for policy in policies.values())[:10]
    header = f"#\tmoto {version('moto')}\t{newest}\t{len(lines)}"
    (DATA / "managed_policies.tsv").write_text("\n".join((header, *lines)) + "\n", "utf-8")
    (DATA / "managed_policies.bin").write_bytes(packed)
    print(f"{len(lines)} policies up to {newest}, {len(packed)} bytes")


if __name__ == "__main__":
    main()
