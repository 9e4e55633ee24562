"""Worlds: the deployments that one piece of code allows, tried one input at a time.

An input (Terraform variable, CloudFormation parameter) has the caller's value, else its default,
else none. The *default world* takes what that gives. Every finite choice that the evaluation then
meets (a bool, allowed values, a condition on an unknown) is tried with each other value, one at a
time: linear, not exponential. Within a world the same symbol always has the same value, so the same
condition takes the same side wherever it stands, and mutually exclusive conditions exclude each
other.

A front end evaluates its whole stack once per world and asks the world's ``PathCondition`` whenever
it meets a choice; what was asked in the default world decides which other worlds there are. What it
computes ``once`` in the default world without asking for another world's choice, it need not
compute there again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar, cast

from .budget import current
from .terms import Scalar, Term, is_negation, negated, scalar_text
from .values import Known, Unknown, Value

Result = TypeVar("Result")

#: The most worlds tried besides the default one; what lies beyond stays undecided.
MAX_WORLDS = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a world: ``symbol`` is ``value``; or, with ``other``, it is none of the values
    it is ever compared with (``value`` is then None)."""

    symbol: Term
    value: Scalar
    other: bool = False

    def __str__(self) -> str:
        if self.other:
            return f"{self.symbol} is anything else"
        return f"{self.symbol} is {'null' if self.value is None else scalar_text(self.value)}"


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """A symbol with finitely many interesting values. ``default`` is the index of the option that
    the default world takes, or None when no default decides."""

    symbol: Term
    options: tuple[Choice, ...]
    default: int | None = None


@dataclass
class PathCondition:
    """Answers one evaluation's choices by its world, and records which choices it met.

    ``base`` is the inquiry of the default world, whose results hold here where they asked for
    nothing that this world chooses. The front end marks a world as ``impossible`` which the code
    itself refuses."""

    world: Mapping[Term, Choice] = field(default_factory=dict)
    decision_points: dict[Term, DecisionPoint] = field(default_factory=dict)
    base: PathCondition | None = None
    impossible: bool = False
    _asked: set[Term] = field(default_factory=set, repr=False)
    _results: dict[str, tuple[object, frozenset[Term]]] = field(default_factory=dict, repr=False)

    def once(self, key: str, compute: Callable[[], Result], shared: bool = True) -> Result:
        """``compute()``, which is asked for but once in this world; with ``shared`` it is the
        default world's, where that cannot differ. One key is always of one type."""
        found = self._results.get(key)
        if found is None and shared and self.base is not None:
            found = self.base._results.get(key)
            if found is not None and not found[1].isdisjoint(self.world):
                found = None
        if found is None:
            outer, self._asked = self._asked, set()
            try:
                found = compute(), frozenset(self._asked)
            finally:
                self._asked = outer | self._asked
            self._results[key] = found
        self._asked |= found[1]
        return cast(Result, found[0])

    def depends(self, key: str) -> None:
        """Says that what is being computed hangs on what ``key`` has given."""
        found = self._results.get(key)
        if found is not None:
            self._asked |= found[1]

    def _chosen(self, symbol: Term) -> Choice | None:
        self._asked.add(symbol)
        return self.world.get(symbol)

    def input(self, symbol: Term, default: Known, options: tuple[Scalar, ...]) -> Known:
        """A finite input that has a default: the world's value, else the default.

        ``options`` are all its values, the default among them.
        """
        if symbol not in self.decision_points:
            choices = tuple(Choice(symbol, option) for option in options)
            taken = next((i for i, o in enumerate(options) if Known(o) == default), None)
            if taken is not None:
                self.decision_points[symbol] = DecisionPoint(symbol, choices, taken)
        chosen = self._chosen(symbol)
        return default if chosen is None or chosen.other else Known(chosen.value, default.span)

    def open_input(self, default: Known, options: tuple[Scalar, ...], others: Unknown) -> Value:
        """An input with a default which can also be what ``options`` does not list: then
        ``others``, whose symbol is the input's."""
        symbol = others.symbol
        assert symbol is not None
        self.input(symbol, default, options)
        decision_point = self.decision_points.get(symbol)
        anything_else = Choice(symbol, None, other=True)
        if decision_point is not None and anything_else not in decision_point.options:
            self.decision_points[symbol] = DecisionPoint(
                symbol, (*decision_point.options, anything_else), decision_point.default
            )
        chosen = self._chosen(symbol)
        if chosen is None:
            return default
        return others if chosen.other else Known(chosen.value, default.span)

    def value(self, unknown: Unknown) -> Value:
        """The world's value for an unknown's term, or for what that negates, else the unknown
        itself. Records nothing."""
        symbol = unknown.symbol
        if symbol is None:
            return unknown
        positive = negated(symbol) if is_negation(symbol) else symbol
        assert positive is not None
        chosen = self._chosen(positive)
        if chosen is None or chosen.other:
            return unknown
        if positive is symbol:
            return Known(chosen.value, unknown.span)
        return Known(not chosen.value, unknown.span) if isinstance(chosen.value, bool) else unknown

    def truth(self, unknown: Unknown) -> bool | None:
        """Does the unknown condition hold in this world? None where the world does not say.

        Records the condition, or what it negates, as a choice with the sides true and false.
        """
        symbol = unknown.symbol
        if symbol is None:
            return None
        positive = negated(symbol) if is_negation(symbol) else symbol
        assert positive is not None
        self._ask(positive, True)
        self._ask(positive, False)
        chosen = self._chosen(positive)
        if chosen is None or chosen.other:
            return None
        return (chosen.value is True) is (positive is symbol)

    def equals(self, unknown: Unknown, candidate: Scalar) -> bool | None:
        """Does the unknown equal ``candidate`` in this world? None where the world does not say.

        Records the candidate as one of the unknown's interesting values, beside "anything else".
        """
        if unknown.symbol is None or is_negation(unknown.symbol):
            return None
        if isinstance(candidate, bool):
            side = self.truth(unknown)
            return None if side is None else side is candidate
        self._ask(unknown.symbol, candidate)
        chosen = self._chosen(unknown.symbol)
        if chosen is None:
            return None
        return not chosen.other and Known(chosen.value) == Known(candidate)

    def options(self, unknown: Unknown, values: tuple[Scalar, ...]) -> None:
        """Records that the unknown (an input without default) can only become one of ``values``."""
        if unknown.symbol and unknown.symbol not in self.decision_points:
            choices = tuple(Choice(unknown.symbol, value) for value in values)
            self.decision_points[unknown.symbol] = DecisionPoint(unknown.symbol, choices)

    def _ask(self, symbol: Term, value: Scalar) -> None:
        known = self.decision_points.get(symbol)
        other = Choice(symbol, None, other=True)
        if known is None:
            options = (
                (Choice(symbol, value),)
                if isinstance(value, bool)
                else (Choice(symbol, value), other)
            )
            self.decision_points[symbol] = DecisionPoint(symbol, options)
        elif (
            known.default is None
            and (isinstance(value, bool) or other in known.options)
            and not any(Known(o.value) == Known(value) and not o.other for o in known.options)
        ):
            self.decision_points[symbol] = DecisionPoint(
                symbol, (Choice(symbol, value), *known.options)
            )


Built = TypeVar("Built")


@dataclass(frozen=True)
class Scenario(Generic[Built]):
    """What was built in one world.

    ``choice`` is None for the default world; ``deviates`` is true when the world's choice overrides
    a default, so that a fault seen only here is a risk, not a certainty. ``alternatives`` counts
    the options of the choice's question."""

    built: Built
    choice: Choice | None = None
    deviates: bool = False
    alternatives: int = 0


def explore(
    build: Callable[[PathCondition], Built], vary: bool = True
) -> tuple[Scenario[Built], ...]:
    """Build once in the default world and, with ``vary``, once for each other value of each choice
    met there (at most MAX_WORLDS), but for those that are impossible."""
    path_condition = PathCondition()
    scenarios = [Scenario(build(path_condition))]
    if vary:
        others = [
            (decision_point, choice)
            for decision_point in path_condition.decision_points.values()
            for index, choice in enumerate(decision_point.options)
            if index != decision_point.default
        ]
        refused: Counter[Term] = Counter()
        for decision_point, choice in others[:MAX_WORLDS]:
            if current().is_spent:
                break
            world = PathCondition(
                {choice.symbol: choice}, dict(path_condition.decision_points), path_condition
            )
            built = build(world)
            if world.impossible:
                refused[choice.symbol] += 1
            else:
                scenarios.append(
                    Scenario(
                        built,
                        choice,
                        decision_point.default is not None,
                        len(decision_point.options),
                    )
                )
        scenarios = [
            replace(scenario, alternatives=scenario.alternatives - refused[scenario.choice.symbol])
            if scenario.choice is not None
            else scenario
            for scenario in scenarios
        ]
    return tuple(scenarios)
