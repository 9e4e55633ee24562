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

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Generic, TypeVar

from . import terms as of_terms
from .assumptions import Assumptions
from .budget import Limit, OverBudget, current
from .decision_points import Choice, DecisionPoint, Kind
from .records import dataclass, field, replace
from .source import Span
from .terms import TRUE, Constant, Operation, Scalar, Term, is_negation, negated
from .values import Entries, Items, Known, Unknown, Value

Result = TypeVar("Result")

#: What most results hang on: one set for all of them.
_NOTHING: frozenset[Term] = frozenset()
#: The most worlds tried besides the default one; what lies beyond stays undecided.
MAX_WORLDS = 64


@dataclass
class PathCondition:
    """Answers one evaluation's choices by its world, and records which choices it met.

    ``base`` is that of the default world, whose results hold here where they asked for nothing that
    this world's choices imply anything of. The front end marks a world as ``impossible`` which the
    code itself refuses, and says by ``kinds`` which inputs are texts or maps (others are lists when
    they are empty), which are ``given`` in any case (neither null nor ""), which are ``required``,
    and so given unless a world says otherwise, and the ``places`` where the very value of an input
    stands that has no default. ``refused`` is what fails to be deployed so; a world that has of it
    what the default world has not is impossible too."""

    world: Mapping[Term, Choice] = field(default_factory=dict)
    decision_points: dict[Term, DecisionPoint] = field(default_factory=dict)
    base: PathCondition | None = None
    impossible: bool = False
    kinds: dict[Term, Kind] = field(default_factory=dict)
    bounds: dict[Term, frozenset[Constant]] = field(default_factory=dict)
    given: set[Term] = field(default_factory=set)
    required: set[Term] = field(default_factory=set)
    refused: set[tuple[Span, str]] = field(default_factory=set)
    places: dict[Term, set[Span]] = field(default_factory=partial(defaultdict, set))
    _asked: set[Term] = field(default_factory=set, repr=False)
    _results: dict[str, tuple[Any, frozenset[Term]]] = field(default_factory=dict, repr=False)
    made: dict[tuple[object, ...], tuple[object, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.base is not None:
            self.required = self.base.required
        self._assumed = Assumptions()
        for choice in self.world.values():
            if not choice.other:
                self._assumed.assume(choice.symbol, Constant(choice.value))
            elif choice.symbol in self.decision_points:
                options = self.decision_points[choice.symbol].options
                self._assumed.exclude(
                    choice.symbol, (Constant(each.value) for each in options if not each.other)
                )
        self._others = {choice.symbol for choice in self.world.values() if choice.other}
        self._touched = self._assumed.touched | set(self.world)
        self.impossible = self.impossible or self._assumed.contradictory

    def once(self, key: str, compute: Callable[[], Result], shared: bool = True) -> Result:
        """``compute()``, which is asked for but once in this world; with ``shared`` it is the
        default world's, where that cannot differ. One key is always of one type."""
        found = self._results.get(key)
        if found is None and shared and self.base is not None:
            found = self.base._results.get(key)
            if found is not None and not found[1].isdisjoint(self._touched):
                found = None
        if found is None:
            outer, self._asked = self._asked, set()
            try:
                result = compute()
                found = result, frozenset(self._asked) if self._asked else _NOTHING
            finally:
                outer |= self._asked
                self._asked = outer
            self._results[key] = found
        self._asked |= found[1]
        known: Result = found[0]
        return known

    def forget(self) -> None:
        """Lets go of all that was computed, for which nobody will ask any more."""
        self._results.clear()
        self.made.clear()

    @contextmanager
    def unasked(self) -> Iterator[None]:
        """What is asked inside opens no world; to be used for what is asked last."""
        before = dict(self.decision_points)
        try:
            yield
        finally:
            self.decision_points = before

    def depends(self, key: str) -> None:
        """Says that what is being computed hangs on what ``key`` has given."""
        found = self._results.get(key)
        if found is not None:
            self._asked |= found[1]

    # -- inputs ------------------------------------------------------------------------------------

    def input(self, symbol: Term, default: Known, options: tuple[Scalar, ...]) -> Known:
        """A finite input that has a default: the world's value, else the default.

        ``options`` are all its values, the default among them.
        """
        if symbol not in self.decision_points:
            choices = tuple(Choice(symbol, option) for option in options)
            taken = next((i for i, o in enumerate(options) if Known(o) == default), None)
            if taken is not None:
                self.decision_points[symbol] = DecisionPoint(symbol, choices, taken)
        found = self._input(symbol, default, options)
        return replace(default, origin=symbol) if found is None else found

    def open_input(self, default: Known, options: tuple[Scalar, ...], others: Unknown) -> Value:
        """An input with a default which can also be what ``options`` does not list: then
        ``others``, whose term is the input's."""
        symbol = others.symbol
        assert symbol is not None
        self.input(symbol, default, options)
        decision_point = self.decision_points.get(symbol)
        anything_else = Choice(symbol, None, other=True)
        if decision_point is not None and anything_else not in decision_point.options:
            self.decision_points[symbol] = DecisionPoint(
                symbol, (*decision_point.options, anything_else), decision_point.default
            )
        if symbol in self._others:
            return others
        found = self._input(symbol, default, ())
        return others if found is None else found

    def _input(self, symbol: Term, default: Known, options: tuple[Scalar, ...]) -> Known | None:
        """The world's value, the default where it may have it, or the first option that it may
        have."""
        self._asked.add(symbol)
        known = self._assumed.constants.get(symbol)
        if known is not None:
            return Known(known.value, default.span, origin=symbol)
        for option in (default.value, *options):
            if self._assumed.equal(symbol, Constant(option)) is not False:
                return Known(option, default.span, origin=symbol)
        return None

    def defaulted(self, default: Known, others: Unknown) -> Value:
        """An input with a default of whose other values nothing is known but what conditions say of
        them: the default where it may have it, else what this world assumes, or ``others``."""
        assert default.origin is not None
        found = self._input(default.origin, default, ())
        return others if found is None else found

    def composed(self, known: Known) -> None:
        """A condition of inputs that have defaults: a comparison of one with a constant is a choice
        of its own, and so are several where no single one of them can turn it."""
        term, holds = known.origin, known.value
        if is_negation(term):
            term, holds = negated(term), not holds
        if not isinstance(term, Operation) or term in self.decision_points:
            return
        if term.operator == "==" and any(
            each in self.decision_points for each in of_terms.terms_in(term)
        ):
            return  # the input's own options turn it
        if term.operator in ("==", "||" if holds else "&&"):
            choices = tuple(Choice(term, side) for side in (True, False))
            self.decision_points[term] = DecisionPoint(term, choices, 0 if holds else 1)

    # -- what is not known -------------------------------------------------------------------------

    def value(self, unknown: Unknown) -> Value:
        """The world's value for an unknown's term, or for what that negates, else the unknown
        itself. Records nothing."""
        symbol = unknown.symbol
        if symbol is None:
            return unknown
        positive = negated(symbol) if is_negation(symbol) else symbol
        assert positive is not None
        self._asked.add(positive)
        known = self._assumed.constants.get(positive)
        if known is None:
            return self._empty(unknown) if self._assumed.empty.get(symbol) else unknown
        if positive is symbol:
            origin = symbol if known.value in (None, "") else None
            return Known(known.value, unknown.span, origin=origin)
        return Known(not known.value, unknown.span) if isinstance(known.value, bool) else unknown

    def _empty(self, unknown: Unknown) -> Value:
        kind = self.kinds.get(unknown.symbol) if unknown.symbol else None
        if kind is Kind.TEXT:
            return Known("", unknown.span, origin=unknown.symbol)
        if kind is Kind.MAP:
            return Entries((), span=unknown.span, origin=unknown.symbol)
        return Items((), span=unknown.span, origin=unknown.symbol)

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
        self._asked.add(positive)
        known = self._assumed.constants.get(positive)
        return None if known is None else (known == TRUE) is (positive is symbol)

    def equals(self, unknown: Unknown, candidate: Scalar) -> bool | None:
        """Does the unknown equal ``candidate`` in this world? None where the world does not say.

        Records the candidate as one of the unknown's interesting values, beside "anything else".
        """
        symbol = unknown.symbol
        if symbol is None or is_negation(symbol):
            return None
        if candidate in (None, "") and self._is_given(symbol):
            return False
        if isinstance(candidate, bool):
            side = self.truth(unknown)
            return None if side is None else side is candidate
        self._ask(symbol, candidate)
        self._asked.add(symbol)
        if symbol in self._others:
            return False
        answer = self._assumed.equal(symbol, Constant(candidate))
        return False if answer is None and self._is_blank_of_required(symbol, candidate) else answer

    def _is_blank_of_required(self, symbol: Term, candidate: Scalar) -> bool:
        return candidate in (None, "") and symbol in self.required

    def _is_given(self, term: Term) -> bool:
        """Is the term neither null nor "" in whatever world?"""
        queue, seen = [term], set[Term]()
        while queue:
            each = queue.pop()
            if isinstance(each, Operation) and each.operator == "?":
                queue += () if each in seen else each.operands[1:]
                seen.add(each)
            elif isinstance(each, Constant):
                if each.value in (None, ""):
                    return False
            elif each not in self.given:
                return False
        return True

    def options(self, unknown: Unknown, values: tuple[Scalar, ...]) -> None:
        """Records that the unknown (an input without default) can only become one of ``values``."""
        if unknown.symbol and unknown.symbol not in self.decision_points:
            choices = tuple(Choice(unknown.symbol, value) for value in values)
            self.decision_points[unknown.symbol] = DecisionPoint(unknown.symbol, choices)

    def only(self, unknown: Unknown, values: Iterable[Scalar]) -> None:
        """The code refuses any value but these for the unknown, in whatever world: it is the key of
        a map that has no others."""
        if unknown.symbol is not None:
            allowed = frozenset(map(Constant, values))
            self.bounds[unknown.symbol] = allowed & self.bounds.get(unknown.symbol, allowed)

    def refuses(self, choice: Choice) -> bool:
        """Can there be no world of that choice?"""
        bound = self.bounds.get(choice.symbol)
        return bound is not None and (choice.other or Constant(choice.value) not in bound)

    def _ask(self, symbol: Term, value: Scalar) -> None:
        known = self.decision_points.get(symbol)
        other = Choice(symbol, None, other=True)
        if known is None:
            options = (Choice(symbol, value), *(() if isinstance(value, bool) else (other,)))
            self.decision_points[symbol] = DecisionPoint(symbol, options)
        elif (
            known.default is None
            and (isinstance(value, bool) or other in known.options)
            and not any(Known(o.value) == Known(value) and not o.other for o in known.options)
        ):
            self.decision_points[symbol] = DecisionPoint(
                symbol, (Choice(symbol, value), *known.options)
            )

    def settled(self, point: DecisionPoint) -> DecisionPoint:
        """The point with the option that this world takes as its default: "anything else" of an
        input that is required and asked for nothing but whether it is empty."""
        others = [option.other for option in point.options]
        asked = (o.value for o in point.options if not o.other)
        if all(self._is_blank_of_required(point.symbol, value) for value in asked):
            return replace(point, default=others.index(True))
        return point


Built = TypeVar("Built")


@dataclass(frozen=True)
class Scenario(Generic[Built]):
    """What was built in one world; ``choice`` is None for the default one. Where it ``deviates``,
    it overrides a default, and a fault seen only here is a risk, not a certainty. ``alternatives``
    counts the options of the choice's question, ``places`` are those where its very value
    stands."""

    built: Built
    choice: Choice | None = None
    deviates: bool = False
    alternatives: int = 0
    places: frozenset[Span] = frozenset()


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
            for decision_point in map(
                path_condition.settled, path_condition.decision_points.values()
            )
            for index, choice in enumerate(decision_point.options)
            if index != decision_point.default
        ]
        refused: Counter[Term] = Counter()
        if len(others) > MAX_WORLDS:
            current().cut.add(Limit.WORLDS)
        least = current().left // 2  # the rest is for judging
        for decision_point, choice in others[:MAX_WORLDS]:
            if current().left < least:
                break
            world = PathCondition(
                {choice.symbol: choice}, dict(path_condition.decision_points), path_condition
            )
            try:
                with current().share(current().left - least):
                    impossible = path_condition.refuses(choice) or world.impossible
                    built = None if impossible else build(world)
            except OverBudget:
                current().cut.add(Limit.STEPS)
                continue
            finally:
                world.forget()
            if built is None or world.impossible or world.refused - path_condition.refused:
                refused[choice.symbol] += 1
            else:
                scenarios.append(
                    Scenario(
                        built,
                        choice,
                        decision_point.default is not None,
                        len(decision_point.options),
                        frozenset(path_condition.places[choice.symbol]),
                    )
                )
        scenarios = [
            replace(scenario, alternatives=scenario.alternatives - refused[scenario.choice.symbol])
            if scenario.choice is not None
            else scenario
            for scenario in scenarios
        ]
    path_condition.forget()
    return tuple(scenarios)
