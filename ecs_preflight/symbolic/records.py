"""Frozen dataclasses that cost little to define and to make.

What stands here is what the package uses of ``dataclasses``, under the same names and with the same
meaning. The standard library writes and compiles six methods for each class, which for some 260
classes took more than a scan of a small tree; here ``__init__`` alone is made, when the first
instance is, from code that is compiled once for all classes of so many plain fields, and the others
are shared. Nothing watches at run time that instances stay as they
are: the type checker does, for which these are the originals.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING

__all__ = ["dataclass", "field", "fields", "is_dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, is_dataclass, replace
else:
    _MISSING = object()
    _FIELDS, _REPLACED = "__record_fields__", "__record_replaced__"

    class _Field:
        __slots__ = ("compare", "default", "factory", "init", "kw_only", "name", "repr", "type")

        def __init__(self, default, factory, init, repr, compare):
            self.default, self.factory = default, factory
            self.init, self.repr, self.compare = init, repr, compare

        def parameter(self):
            has_default = self.default is not _MISSING or self.factory is not _MISSING
            return f"{self.name}=_default_{self.name}" if has_default else self.name

        def assignment(self):
            value = self.name if self.init else f"_default_{self.name}"
            if self.factory is not _MISSING:
                made = f"_factory_{self.name}()"
                value = f"{made} if {value} is _MISSING else {value}"
            return f"  self.{self.name} = {value}\n"

    def field(*, default=_MISSING, default_factory=_MISSING, init=True, repr=True, compare=True):
        return _Field(default, default_factory, init, repr, compare)

    def dataclass(cls=None, *, frozen=False, eq=True, order=False, slots=False, kw_only=False):
        def made(cls):
            own = _own_fields(cls, kw_only)
            inherited = {}
            for base in cls.__mro__[-1:0:-1]:
                inherited.update(base.__dict__.get(_FIELDS, {}))
            if slots:
                cls = _with_slots(cls, [name for name in own if name not in inherited])
            all_fields = inherited | own
            setattr(cls, _FIELDS, all_fields)
            setattr(cls, _REPLACED, _replaced_when_called(cls, all_fields.values()))
            _add(cls, "__init__", _compiled_when_called(cls, all_fields.values()))
            _add(cls, "__repr__", _repr)
            _add(cls, "__match_args__", tuple(n for n, f in all_fields.items() if not f.kw_only))
            if eq:
                _add_comparisons(cls, frozen, order)
            if slots and all(f.init and not f.kw_only for f in all_fields.values()):
                _add(cls, "__reduce__", _reduced(all_fields))
            elif any("__reduce__" in base.__dict__ for base in cls.__mro__[1:-1]):
                _add(cls, "__reduce__", object.__reduce__)  # a base's would lose what it adds
            return cls

        return made if cls is None else made(cls)

    def fields(of):
        return tuple(getattr(of, _FIELDS).values())

    def is_dataclass(of):
        return hasattr(of, _FIELDS)

    def replace(of, /, **changes):
        return of.__record_replaced__(**changes)

    def _own_fields(cls, kw_only):
        found = {}
        for name, annotation in cls.__annotations__.items():
            if annotation.startswith("ClassVar"):
                continue
            given = cls.__dict__.get(name, _MISSING)
            each = given if isinstance(given, _Field) else field(default=given)
            each.name, each.kw_only, each.type = name, kw_only, annotation
            found[name] = each
            if each is given and each.default is _MISSING:
                delattr(cls, name)
            elif each is given:
                setattr(cls, name, each.default)
        return found

    def _with_slots(cls, names):
        held = {name: value for name, value in cls.__dict__.items() if name not in names}
        held.pop("__dict__", None)
        held.pop("__weakref__", None)
        again = type(cls)(cls.__name__, cls.__bases__, held | {"__slots__": tuple(names)})
        again.__qualname__ = cls.__qualname__
        return again

    def _add(cls, name, value):
        if name not in cls.__dict__:
            setattr(cls, name, value)

    def _compiled_when_called(cls, all_fields):
        """``__init__``, which most of the classes are never asked for."""

        def __init__(self, *given, **named):
            cls.__init__ = _init(cls, all_fields)
            cls.__init__(self, *given, **named)

        return __init__

    def _replaced_when_called(cls, all_fields):
        """What ``replace`` asks for: the same, but for what is given."""

        def __record_replaced__(self, **changes):
            setattr(cls, _REPLACED, _replaced([each for each in all_fields if each.init]))
            return getattr(self, _REPLACED)(**changes)

        return __record_replaced__

    def _replaced(given):
        names = [each.name for each in given]
        parameters = "".join(f", {name}=_MISSING" for name in names)
        values = (
            f"{f'{each.name}=' if each.kw_only else ''}"
            f"self.{each.name} if {each.name} is _MISSING else {each.name}"
            for each in sorted(given, key=lambda each: each.kw_only)
        )
        body = f"  return self.__class__({', '.join(values)})"
        return _compiled(_REPLACED, f"self{', *' if names else ''}{parameters}", body, {})

    def _compiled(name, parameters, body, names):
        names["_MISSING"] = _MISSING
        exec(f"def {name}({parameters}):\n{body}", names)
        return names[name]

    @cache
    def _assigning(count):
        """The code of an ``__init__`` that does nothing but assign so many fields."""
        names = [f"field{number}" for number in range(count)]
        body = "".join(f"  self.{name} = {name}\n" for name in names)
        return _compiled("__init__", ", ".join(("self", *names)), body, {}).__code__

    def _init(cls, all_fields):
        is_plain = all(f.init and not f.kw_only and f.factory is _MISSING for f in all_fields)
        if is_plain and all_fields and not hasattr(cls, "__post_init__"):
            names = tuple(each.name for each in all_fields)
            code = _assigning(len(names)).replace(co_names=names, co_varnames=("self", *names))
            defaults = tuple(each.default for each in all_fields if each.default is not _MISSING)
            return FunctionType(code, {}, "__init__", defaults)
        return _compiled_init(cls, all_fields)

    def _compiled_init(cls, all_fields):
        given = [each for each in all_fields if each.init]
        named = [each.parameter() for each in given if each.kw_only]
        parameters = [
            "self",
            *(each.parameter() for each in given if not each.kw_only),
            *(["*", *named] if named else ()),
        ]
        body = "".join(each.assignment() for each in all_fields)
        if hasattr(cls, "__post_init__"):
            body += "  self.__post_init__()\n"
        names = {}
        for each in all_fields:
            names[f"_default_{each.name}"] = each.default
            names[f"_factory_{each.name}"] = each.factory
        return _compiled("__init__", ", ".join(parameters), body or "  pass", names)

    def _reduced(names):
        """Packed as what it is made of: what slots hold takes twice as long by its names."""
        values = attrgetter(*names) if len(names) > 1 else lambda self: (getattr(self, *names),)
        return lambda self: (self.__class__, values(self))

    def _repr(self):
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _add_comparisons(cls, frozen, order):
        names = [each.name for each in fields(cls) if each.compare]
        key = attrgetter(*names) if names else lambda self: ()

        def __eq__(self, other):
            if self is other:
                return True
            if other.__class__ is not self.__class__:
                return NotImplemented
            return key(self) == key(other)

        _add(cls, "__eq__", __eq__)
        if not frozen:
            cls.__hash__ = None
        elif cls.__dict__.get("__hash__") is None:
            cls.__hash__ = lambda self: hash(key(self))
        if order:
            cls.__lt__ = lambda self, other: key(self) < key(other)
            cls.__le__ = lambda self, other: key(self) <= key(other)
            cls.__gt__ = lambda self, other: key(self) > key(other)
            cls.__ge__ = lambda self, other: key(self) >= key(other)
