"""What is handed to somebody out of sight is told of the resources that it names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.adapters.escapes import Escaped, handed
from ecs_preflight.model import Index, NamedRole, Resource, Role
from ecs_preflight.symbolic.source import NOWHERE
from ecs_preflight.symbolic.terms import Name, operation
from ecs_preflight.symbolic.values import Items, Known, Reference, Unknown, Value, join

ADDRESSES = ("aws_iam_role.a", "aws_iam_role.ab", "aws_iam_role.b[0]", "data.aws_iam_role.c")
NAMES = ("one", "two")


def role(address: str, name: str) -> Role:
    return Role(address=address, type="", span=NOWHERE, name=Known(name), arn=Known(f"arn:{name}"))


def looked_up(address: str, name: str) -> NamedRole:
    return NamedRole(address=address, type="", span=NOWHERE, name=Known(name))


addresses = st.sampled_from(ADDRESSES)
names = st.sampled_from(NAMES)
literals = st.sampled_from([Known(f"{head}{name}") for head in ("", "arn:") for name in NAMES])
references = st.builds(Reference, addresses, st.just("arn"), st.none() | literals)
paths = st.builds(
    lambda a, rest: Name(a + rest), addresses, st.sampled_from(["", ".arn", "b", "["])
)
unknowns = st.builds(
    lambda one, other: Unknown("?", operation("?", Name("var.x"), one, other)), paths, paths
)
parts = references | unknowns
values = st.one_of(
    literals,
    parts,
    st.builds(lambda part: join(part, "-x"), parts),
    st.builds(lambda one, other: Items((one, other)), parts, parts),
)
resources = st.lists(
    st.builds(role, addresses, names) | st.builds(looked_up, addresses, names), max_size=4
)


def named(value: Value, among: list[Resource]) -> set[str]:
    """The addresses of those that the value names, asked of each of its parts."""
    if isinstance(value, Items):
        return {address for item in value for address in named(item, among)}
    if isinstance(value, Unknown):
        seen = [str(term) for term in getattr(value.symbol, "operands", ())]
        return {
            r.address
            for r in among
            for path in seen
            if path == r.address or path.startswith((f"{r.address}.", f"{r.address}["))
        }
    if not isinstance(value, (Reference, Known)):
        return {a for p in value.parts if not isinstance(p, str) for a in named(p, among)}
    return {found.address for found in Index(among).all(Resource, value)}


@given(st.lists(values, max_size=5), resources)
def test_what_is_named_is_what_an_index_finds(found: list[Value], among: list[Resource]) -> None:
    escapes = [(value, Unknown(str(number))) for number, value in enumerate(found)]
    at = frozenset(resource.address for resource in among)
    source = Escaped(escapes)
    wanted = [named(value, among) for value in found]
    assert handed(among, [source]) == set().union(*wanted)
    for address in at:
        told = [
            reason
            for resource in among
            if resource.address == address
            for reason in source.reasons(resource, at)
        ]
        expected = {
            reason for (_, reason), its in zip(escapes, wanted, strict=True) if address in its
        }
        assert set(told) == expected


def test_the_reasons_come_in_the_order_of_the_values() -> None:
    first, second = Unknown("first"), Unknown("second")
    source = Escaped([(Known("one"), first), (Reference(ADDRESSES[0], "arn"), second)])
    assert source.reasons(role(ADDRESSES[0], "one"), {ADDRESSES[0]}) == [first, second]
