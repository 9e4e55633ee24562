"""Terraform's types: those that values have, and the one that several can all become.

Source: the Terraform documentation, "Type Constraints" and "Types and Values"; the rules of
unification are those of cty's ``convert`` package, compared with ``terraform console`` in the
tests.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...symbolic.records import dataclass
from ...symbolic.values import Entries, Items, Known, Reference, Text, Value


@dataclass(frozen=True)
class Type:
    """``kind`` is string, number, bool, any, list, set, map, tuple or object.

    ``of`` holds the element type, or the member types of a tuple or of an object's ``names``.
    ``optional`` holds the names an object may lack, with the value that then takes their place.
    """

    kind: str
    of: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()
    optional: tuple[tuple[str, Value], ...] = ()

    @property
    def element(self) -> Type:
        """Of a list, set or map, the type of its elements."""
        return self.of[0]

    def members(self) -> dict[str, Type]:
        """Of an object, the types of its attributes."""
        return dict(zip(self.names, self.of, strict=True))


ANY, STRING, NUMBER, BOOL = Type("any"), Type("string"), Type("number"), Type("bool")
PRIMITIVES = (STRING, NUMBER, BOOL)


def list_of(element: Type) -> Type:
    """``list(element)``."""
    return Type("list", (element,))


def set_of(element: Type) -> Type:
    """``set(element)``."""
    return Type("set", (element,))


def map_of(element: Type) -> Type:
    """``map(element)``."""
    return Type("map", (element,))


def object_of(members: dict[str, Type], optional: dict[str, Value] | None = None) -> Type:
    """``object({...})``, the ``optional`` ones with their defaults."""
    names = tuple(sorted(members))
    return Type(
        "object", tuple(members[name] for name in names), names, tuple((optional or {}).items())
    )


def type_of(value: Value) -> Type:
    """The type of a value; ``any`` where it is not known."""
    if isinstance(value, Known):
        if value.value is None:
            return ANY
        if isinstance(value.value, bool):
            return BOOL
        return STRING if isinstance(value.value, str) else NUMBER
    if isinstance(value, Text) or (isinstance(value, Reference) and value.text is not None):
        return STRING
    if isinstance(value, Items):
        types = tuple(type_of(item) for item in value.items)
        if value.is_set or value.uniform:
            return Type("set" if value.is_set else "list", (_common(types),))
        return Type("tuple", types) if value.remainder is None else ANY
    if isinstance(value, Entries):
        pairs = sorted(value.entries, key=lambda pair: pair[0])
        types = tuple(type_of(item) for _, item in pairs)
        if value.uniform:
            return map_of(_common(types))
        return (
            Type("object", types, tuple(key for key, _ in pairs))
            if value.remainder is None
            else ANY
        )
    return ANY


def _common(types: Iterable[Type]) -> Type:
    """The element type of a collection whose elements are converted already."""
    return unify([one for one in dict.fromkeys(types) if one != ANY]) or ANY


# -- unification -----------------------------------------------------------------------------------


def unify(types: list[Type]) -> Type | None:
    """The one type that values of all these types convert to; None when there is none."""
    distinct = list(dict.fromkeys(types))
    if not distinct:
        return ANY
    if len(distinct) == 1:
        return distinct[0]
    kinds = {one.kind for one in distinct}
    if "any" in kinds and not kinds <= {"any", "string", "number", "bool"}:
        return ANY
    if kinds in ({"map"}, {"list"}, {"set"}):
        return _wrapped(kinds.pop(), [one.element for one in distinct])
    if kinds == {"map", "object"}:
        return _wrapped("map", [kind for one in distinct for kind in one.of])
    if kinds == {"list", "tuple"}:
        return _wrapped("list", [kind for one in distinct for kind in one.of])
    if kinds == {"object"}:
        return _unify_objects(distinct)
    if kinds == {"tuple"}:
        return _unify_tuples(distinct)
    return next(
        (
            wanted
            for wanted in sorted(distinct, key=_preference)
            if all(convertible(one, wanted) for one in distinct)
        ),
        None,
    )


def _wrapped(kind: str, elements: list[Type]) -> Type | None:
    element = unify(elements)
    return None if element is None else Type(kind, (element,))


def _unify_objects(types: list[Type]) -> Type | None:
    if len({one.names for one in types}) > 1:
        return _wrapped("map", [kind for one in types for kind in one.of])
    members = [unify(list(column)) for column in zip(*(one.of for one in types), strict=True)]
    if any(member is None for member in members):
        return None
    return Type("object", tuple(member for member in members if member), types[0].names)


def _unify_tuples(types: list[Type]) -> Type | None:
    if len({len(one.of) for one in types}) > 1:
        return _wrapped("list", [kind for one in types for kind in one.of])
    members = [unify(list(column)) for column in zip(*(one.of for one in types), strict=True)]
    if any(member is None for member in members):
        return None
    return Type("tuple", tuple(member for member in members if member))


_PREFERENCE = ("string", "list", "set", "map", "number", "bool", "object", "tuple", "any")


def _preference(kind: Type) -> int:
    return _PREFERENCE.index(kind.kind)


def convertible(given: Type, wanted: Type) -> bool:
    """Is there a conversion, for some values at least?"""
    if given == wanted or "any" in (given.kind, wanted.kind):
        return True
    if given in PRIMITIVES or wanted in PRIMITIVES:
        return given in PRIMITIVES and wanted in PRIMITIVES and STRING in (given, wanted)
    if wanted.kind in ("list", "set") and given.kind in ("list", "set", "tuple"):
        return all(convertible(one, wanted.element) for one in given.of)
    if wanted.kind == "map" and given.kind in ("map", "object"):
        return all(convertible(one, wanted.element) for one in given.of)
    if wanted.kind == "tuple" and given.kind == "tuple":
        return len(given.of) == len(wanted.of) and all(map(convertible, given.of, wanted.of))
    if wanted.kind == "object" and given.kind == "object":
        has, optional = given.members(), dict(wanted.optional)
        return all(
            convertible(has[name], kind) if name in has else name in optional
            for name, kind in wanted.members().items()
        )
    return wanted.kind == "object" and given.kind == "map"


def described(kind: Type) -> str:
    """The type as a fault's message names it."""
    return {"any": "a value", "object": "an object"}.get(kind.kind, f"a {kind.kind}")
