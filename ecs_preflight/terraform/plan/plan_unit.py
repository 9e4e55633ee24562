"""A plan as a unit: the source's own blocks where they are at hand, completed by what the plan
knows.

A plan knows the instances, the variables and what the providers answered, but neither lines nor the
structure of a string with an unknown part; the source beside it does. So where a plan lies beside
its root module, that is evaluated with the plan's knowledge; without it, the plan speaks alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property

from ...adapters.units import Declared, Neighbours, Surroundings
from ...model import Language, ModuleCall, Resource, Role, Stack, Target
from ...symbolic.arns import ANY_TARGET, REGION
from ...symbolic.depth import deeply
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import shown
from ...symbolic.terms import Name
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .. import resources
from ..configuration import providers
from ..configuration.consumers import Consumers
from ..configuration.contents import named_elsewhere
from ..configuration.evaluation import Foreknown
from ..configuration.resource_instance import attribute_of, completed
from ..configuration.unit import RootModule, evaluated, read_among
from .plan import Json, Plan, Planned, value
from .plan_references import References, call_addresses

#: What a reference alone cannot stand for: texts with something around it.
_DOCUMENTS = frozenset(
    {
        "assume_role_policy",
        "container_definitions",
        "definition",
        "policy",
        "json",
        "user_data",
        "inline_policy",
    }
)


@dataclass(frozen=True)
class PlanUnit:
    """``source`` is the root module that the plan was made of, where it is at hand; ``consumers``
    are those of the scan's roots that may add to what it makes."""

    plan: Plan
    source: RootModule | None = None
    reusable: bool = False
    consumers: Consumers = field(default=Consumers(), repr=False)

    @property
    def name(self) -> str:
        """The plan's path, as reports print it."""
        return shown(self.plan.path)

    @property
    def files(self) -> tuple[str, ...]:
        """The plan, and the files of its configuration where they stand beside it."""
        return (self.name, *(self.source.files if self.source else ()))

    @property
    def apart(self) -> None:
        """It is joined with whatever holds what it names."""

    def stack(self, path_condition: PathCondition) -> Stack:
        """What the plan will have made. A plan has but one world."""
        return deeply(lambda: self._stack(path_condition))

    def outputs(self) -> dict[str, Value]:
        """Implements units.Exporting: as they are written, else what the plan knows."""
        return self.source.outputs() if self.source else dict(self.plan.outputs)

    @property
    def label(self) -> str:
        """Implements units.Sharing."""
        return self.source.label if self.source else self.name

    def keeps(self) -> tuple[()]:
        """Implements units.Sharing: the code that it was made of speaks for it."""
        return ()

    def reads(self) -> frozenset[Hashable]:
        """Implements units.Sharing, as ``keeps``."""
        return frozenset()

    def exported(self) -> None:
        """Implements units.Sharing, as ``keeps``."""

    def beside(self, neighbours: Neighbours) -> PlanUnit:
        """Implements units.Sharing."""
        return replace(self, source=self.source and self.source.beside(neighbours))

    def _stack(self, path_condition: PathCondition) -> Stack:
        declared = tuple(self.declared.values())
        calls = dict(self._calls)
        surroundings = Surroundings(tuple(named_elsewhere(self.consumers)))
        files: tuple[str, ...] = (self.name,)
        secrets = self.plan.secrets
        if self.source is not None:
            written = evaluated(replace(self.source, foreknown=self._foreknown), path_condition)
            own = {resource.address: resource for resource in written.declared}
            declared = tuple(_merged(own.get(d.address), d) for d in declared)
            calls.update(
                (address, call) for address, call in written.calls.items() if address in calls
            )
            # The plan knows what downloaded modules hold: none of them is out of sight.
            unread = (u for u in written.surroundings.unread if u.why is Why.UNREADABLE)
            mentions = written.surroundings.mentions
            surroundings = Surroundings(written.consumed, tuple(unread), mentions=mentions)
            files += written.files
            secrets += written.secrets
        read, foreign = read_among(self.source, declared, surroundings, path_condition)
        return Stack(
            self.name,
            Language.TERRAFORM,
            self._place,
            self._as_recorded(read),
            files,
            calls,
            surroundings.unread,
            secrets=secrets,
            exclusive_attachments=resources.exclusive_attachments(declared),
            foreign=foreign,
        )

    def _as_recorded(self, read: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """A state lists what a role has, as its own and as attachments, and does not tell which of
        these claims to be all."""
        if not self.plan.is_state:
            return read
        return tuple(replace(r, exclusive=()) if isinstance(r, Role) else r for r in read)

    # -- the plan alone ------------------------------------------------------------------------

    @cached_property
    def declared(self) -> dict[str, Declared]:
        """The plan's resources that the readers know."""
        return {
            address: self._declared(planned)
            for address, planned in self.plan.resources.items()
            if planned.type in resources.TYPES
        }

    def _declared(self, planned: Planned) -> Declared:
        """With what is configured; an attribute that the provider computes is no argument."""
        configured = self._configuration(planned)
        written = configured.get("expressions")
        known = value(planned.values, self.plan.span)
        entries = dict(known.entries) if isinstance(known, Entries) else {}
        if isinstance(written, dict):
            entries = {
                name: self._argument(planned, name, expression, entries.get(name, Known(None)))
                for name, expression in written.items()
            }
        prefix = f"{planned.module}." if planned.module else ""
        depends_on = configured.get("depends_on")
        return Declared(
            planned.address,
            planned.type,
            Entries(tuple(entries.items()), span=self.plan.span),
            self.plan.span,
            self._place_of(configured, planned),
            planned.is_data,
            depends_on=tuple(prefix + str(name) for name in depends_on or ()),
        )

    def _argument(self, planned: Planned, name: str, expression: Json, known: Value) -> Value:
        unknown = planned.unknown.get(name)
        if unknown is True and name not in _DOCUMENTS:
            return self._references.value(expression, planned, name)
        return _with_unknown(known, unknown, f"{planned.address}.{name}")

    def _configuration(self, planned: Planned) -> Mapping[str, Json]:
        listed = self._references.module(planned.module).get("resources")
        found = [
            block
            for block in (listed if isinstance(listed, list) else ())
            if isinstance(block, dict) and block.get("address") == planned.configured
        ]
        return found[0] if found else {}

    @cached_property
    def _references(self) -> References:
        return References(self.plan, self._attribute)

    def _attribute(self, address: str, name: str) -> Value:
        planned = self.plan.resources[address]
        body = value(planned.values, self.plan.span)
        assert isinstance(body, Entries)
        plain = Declared(
            address,
            planned.type,
            body,
            self.plan.span,
            self._place_of(self._configuration(planned), planned),
            planned.is_data,
        )
        return completed(attribute_of(plain, name, self.plan.span), body.get(name))

    @cached_property
    def _calls(self) -> dict[str, ModuleCall]:
        return {
            address: ModuleCall(address, self.plan.span)
            for planned in self.plan.resources.values()
            for _, _, address in call_addresses(planned.module)
        }

    # -- where it deploys to -------------------------------------------------------------------

    @cached_property
    def _place(self) -> Target:
        """The default provider's, with the account that the plan has looked up."""
        return self._place_of({"provider_config_key": "aws"})

    def _place_of(self, configured: Mapping[str, Json], planned: Planned | None = None) -> Target:
        """Where a resource is deployed: its provider's place, in the Region of its own argument."""
        key = configured.get("provider_config_key")
        config = self.plan.providers.get(key) if isinstance(key, str) else None
        expressions = config.get("expressions") if isinstance(config, dict) else None
        region = expressions.get("region") if isinstance(expressions, dict) else None
        where = providers.settled(
            providers.in_region(ANY_TARGET, self._region(region)), self._looked_up
        )
        if planned is None or planned.is_data:
            return where
        own = planned.values.get("region")
        if isinstance(own, str) and own:
            return providers.in_region(where, Known(own))
        arguments = configured.get("expressions")
        if isinstance(arguments, dict) and "region" in arguments:
            symbol = f"{planned.address}.region"
            return providers.in_region(
                where, _with_unknown(Known(None), planned.unknown.get("region"), symbol)
            )
        return where

    def _region(self, expression: Json) -> Value:
        if not isinstance(expression, dict):
            return REGION
        if "constant_value" in expression:
            return value(expression["constant_value"], self.plan.span)
        names = [str(name).removeprefix("var.") for name in expression.get("references") or ()]
        return self.plan.variables.get(names[0], REGION) if len(names) == 1 else REGION

    @cached_property
    def _looked_up(self) -> Target:
        where = ANY_TARGET
        for planned in self.plan.resources.values():
            if planned.type == "aws_caller_identity" and isinstance(
                planned.values.get("account_id"), str
            ):
                where = replace(where, account=Known(planned.values["account_id"]))
        return where

    # -- what the plan tells the source --------------------------------------------------------

    @cached_property
    def _foreknown(self) -> Foreknown:
        keys: dict[str, dict[int | str | None, None]] = {}
        for planned in self.plan.resources.values():
            prefix = f"{planned.module}." if planned.module else ""
            keys.setdefault(prefix + planned.configured, {})[planned.key] = None
            for address, key, _ in call_addresses(planned.module):
                keys.setdefault(address, {})[key] = None
        values = {
            address: value(planned.values, self.plan.span)
            for address, planned in self.plan.resources.items()
        }
        return Foreknown(
            {address: tuple(found) for address, found in keys.items()},
            {address: body for address, body in values.items() if isinstance(body, Entries)},
            self._place,
        )


def _merged(written: Declared | None, planned: Declared) -> Declared:
    """The source's block with what the plan knows of it; the plan's own without the source."""
    if written is None:
        return planned
    known = dict(planned.body.entries)
    entries = tuple(
        (name, completed(item, known.get(name, Known(None)))) for name, item in written.body.entries
    )
    return replace(written, body=replace(written.body, entries=entries), conditional=None)


def _with_unknown(known: Value, unknown: Json, symbol: str) -> Value:
    """A planned value with what ``after_unknown`` marks put in as Unknown."""
    if unknown is True:
        return Unknown(f"'{symbol}' is known only after deployment", Name(symbol), Why.APPLY)
    if isinstance(unknown, dict) and isinstance(known, Entries):
        names = dict.fromkeys((*(name for name, _ in known.entries), *unknown))
        return replace(
            known,
            entries=tuple(
                (name, _with_unknown(known.get(name), unknown.get(name), f"{symbol}.{name}"))
                for name in names
            ),
        )
    if isinstance(unknown, list) and isinstance(known, Items):
        marks = [*unknown, *[None] * len(known.items)]
        return replace(
            known,
            items=tuple(
                _with_unknown(item, mark, f"{symbol}[{index}]")
                for index, (item, mark) in enumerate(zip(known.items, marks, strict=False))
            ),
        )
    return known
