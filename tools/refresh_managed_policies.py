"""Writes ecs_preflight/iam/data/managed_policies.gz from moto's copy of the AWS managed policies.

Run ``python tools/refresh_managed_policies.py`` in an environment with the newest ``moto``. Each
line of the data is one policy: its path and name, version, date of that version, and its document.
The first line says what the data was made from.
"""

from __future__ import annotations

import gzip
import json
from importlib.metadata import version
from pathlib import Path

from moto.iam.aws_managed_policies import aws_managed_policies_data

TARGET = (
    Path(__file__).resolve().parent.parent
    / "ecs_preflight"
    / "iam"
    / "data"
    / "managed_policies.gz"
)


def main() -> None:
    policies = json.loads(aws_managed_policies_data)
    lines = sorted(
        "\t".join(
            (
                policy["Path"].lstrip("/") + name,
                policy["DefaultVersionId"],
                policy["UpdateDate"][:10],
                json.dumps(policy["Document"], separators=(",", ":")),
            )
        )
        for name, policy in policies.items()
    )
    newest = max(policy["UpdateDate"] for policy in policies.values())[:10]
    header = f"#\tmoto {version('moto')}\t{newest}\t{len(lines)}"
    data = "\n".join((header, *lines)) + "\n"
    TARGET.write_bytes(gzip.compress(data.encode(), compresslevel=9, mtime=0))
    print(f"{TARGET.name}: {len(lines)} policies up to {newest}, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
