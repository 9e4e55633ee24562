"""What SARIF 2.1.0 says of the parts that we and checkov write, as a JSON schema.

Every object is closed, as in the standard's own schema: one key too many makes GitHub refuse the
file.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def _several(items: dict[str, Any], unique: bool = False) -> dict[str, Any]:
    return {"type": "array", "items": items, "uniqueItems": unique}


_BAG = {"type": "object", "properties": {"tags": _several(_TEXT, unique=True)}}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_INDEX = {"type": "integer", "minimum": -1}
_FROM_ONE = {"type": "integer", "minimum": 1}
_MESSAGE = {
    **_object(text=_TEXT, markdown=_TEXT, id=_TEXT, arguments=_several(_TEXT), properties=_BAG),
    "anyOf": [{"required": ["text"]}, {"required": ["id"]}],
}
_MULTIFORMAT = _object(("text",), text=_TEXT, markdown=_TEXT, properties=_BAG)
_ARTIFACT = _object(
    uri={"type": "string", "format": "uri-reference"},
    uriBaseId=_TEXT,
    index=_INDEX,
    description=_MESSAGE,
    properties=_BAG,
)
_REGION = _object(
    startLine=_FROM_ONE,
    startColumn=_FROM_ONE,
    endLine=_FROM_ONE,
    endColumn=_FROM_ONE,
    snippet=_object(text=_TEXT),
    properties=_BAG,
)
_LOCATION = _object(
    id=_INDEX,
    physicalLocation=_object(artifactLocation=_ARTIFACT, region=_REGION),
    message=_MESSAGE,
    logicalLocations=_several(
        _object(name=_TEXT, fullyQualifiedName=_TEXT, kind=_TEXT, index=_INDEX), unique=True
    ),
)
_RULE = _object(
    ("id",),
    id=_TEXT,
    name=_TEXT,
    shortDescription=_MULTIFORMAT,
    fullDescription=_MULTIFORMAT,
    help=_MULTIFORMAT,
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=_object(level=_LEVEL),
    properties=_BAG,
)
_RESULT = _object(
    ("message",),
    ruleId=_TEXT,
    ruleIndex=_INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations=_several(_LOCATION),
    relatedLocations=_several(_LOCATION, unique=True),
    properties=_BAG,
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    attachments=_several(
        _object(("artifactLocation",), artifactLocation=_ARTIFACT, description=_MESSAGE),
        unique=True,
    ),
    suppressions=_several(
        _object(
            ("kind",),
            kind={"enum": ["inSource", "external"]},
            justification=_TEXT,
            location=_LOCATION,
        ),
        unique=True,
    ),
)
_INVOCATION = _object(
    ("executionSuccessful",),
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=_several(_object(("message",), message=_MESSAGE, level=_LEVEL)),
)
_DRIVER = _object(
    ("name",),
    name=_TEXT,
    version=_TEXT,
    semanticVersion=_TEXT,
    organization=_TEXT,
    informationUri={"type": "string", "format": "uri"},
    rules=_several(_RULE, unique=True),
)
SCHEMA = _object(
    ("version", "runs"),
    version={"const": "2.1.0"},
    **{"$schema": {"type": "string", "format": "uri"}},
    runs=_several(
        _object(
            ("tool",),
            tool=_object(("driver",), driver=_DRIVER),
            results=_several(_RESULT),
            automationDetails=_object(id=_TEXT),
            originalUriBaseIds={"type": "object", "additionalProperties": _ARTIFACT},
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            invocations=_several(_INVOCATION),
        )
    ),
)
