"""What ``cfn-init`` does on an instance, which stands in the metadata of a resource.

Source: CloudFormation User Guide, ``AWS::CloudFormation::Init``.
"""

from __future__ import annotations

from ...symbolic.documents.nodes import Entry, mapping
from ...symbolic.records import replace
from ...symbolic.values import Entries
from ..language.scope import Path, TemplateScope, value_of

INIT = "AWS::CloudFormation::Init"


def with_init(body: Entries, entry: Entry, path: Path, scope: TemplateScope) -> Entries:
    """The properties of a resource, and under INIT what its metadata have ``cfn-init`` do."""
    init = mapping(mapping(entry.value).get("Metadata")).get(INIT)
    if init is None:
        return body
    done = value_of(init, (*path, "Metadata", INIT), scope)
    return replace(body, entries=(*body.entries, (INIT, done)))
