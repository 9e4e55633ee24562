"""One unit, judged: every rule in every world, and what the worlds say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from ..adapters.units import Unit
from ..findings.finding import AnyOutcome, Finding, length
from ..findings.fixing import drafted
from ..findings.rule import Rule
from ..findings.sensitive import secrets_in
from ..findings.sources import Sources
from ..model import Cluster, Launch, ModuleCall, Resource, Role, Stack, TaskDefinition, nowhere
from ..symbolic.budget import UNIT_STEPS, OverBudget, charge, current, drawn, of_unit, within
from ..symbolic.faults import Fault, collected, contained, describe, tell
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Span
from ..symbolic.worlds import PathCondition, explore
from .diagnostics import cut_short, failed, not_built
from .input_sets import SetOutcomes, merge_sets, sets_of
from .inventory import Inventory
from .merging import World, merge_worlds
from .outside import Outside
from .unit_sizes import CHARACTERS_PER_STEP, size_of, steps_for

#: The most steps of the unit's budget that one rule takes in one world.
RULE_STEPS = 700_000
#: What one more resource adds to the budgets of a rule and of its unit, so that a large estate is
#: judged like a small one (measured: 470 and 780 of plain services).
PER_RESOURCE = (500, 1_000)
#: What writing the fixes of a unit may cost, besides: those that are left then are told in words.
DRAFT_STEPS = 600_000
#: What rules go through one by one; and how many of them a rule may fail at before it is lost.
_JUDGED, MAX_PASSED_OVER = (TaskDefinition, Launch, Cluster, Role), 20


@dataclass(frozen=True)
class Judged:
    """What is counted of a unit's stack in the default world, its outcomes over all worlds, and the
    faults of our own that cost some of them. ``whole`` is the stack, None where it is not kept."""

    inventory: Inventory
    outcomes: tuple[AnyOutcome, ...]
    secrets: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    whole: Stack | None = None

    @property
    def stack(self) -> Stack:
        """The stack, for those who have asked for it. Raises ValueError where it is not kept."""
        if self.whole is None:
            raise ValueError("the stack is not kept")
        return self.whole

    @property
    def brief(self) -> Judged:
        """The same without the stack: what is told and counted is all that has to travel."""
        return replace(self, whole=None)


def judge(
    unit: Unit,
    rules: Sequence[Rule],
    outside: Outside = Outside(),
    sources: Sources | None = None,
    wanted: Callable[[AnyOutcome], bool] = lambda outcome: True,
) -> Judged:
    """Put the rules to the unit in each of its worlds, with each of its input sets; ``outside`` is
    what is known of what it does not hold, ``sources`` the texts that the fixes of the outcomes are
    written into; nobody hears of those that are not ``wanted``. Raises only what the front end
    raises."""
    texts = sources or Sources(lambda file: "")
    with collected() as faults, of_unit() as budget:
        judged: list[SetOutcomes] = []
        stacks: list[Stack] = []
        secrets: frozenset[str] = frozenset()
        evaluated: list[tuple[Stack, tuple[AnyOutcome, ...]]] = []
        asking = frozenset(rule.id for rule in rules if rule.needs is not None)
        for inputs in sets_of(unit):
            budget.grant(steps_for(unit))
            budget.grant(UNIT_STEPS if judged else 0)
            try:
                worlds = _worlds(inputs.unit, rules, outside, evaluated)
            except OverBudget as over:
                empty, said_of_it = not_built(unit, over)
                return Judged(Inventory.of(empty), said_of_it, faults=tuple(faults), whole=empty)
            merged = merge_worlds(worlds, inputs.unit.reusable, asking)
            judged.append(SetOutcomes(inputs, tuple(merged)))
            built = [world.scenario.built for world in worlds]
            secrets |= secrets_in(value for stack in built for value in stack.secrets)
            stacks = stacks or built[:1]
        with within(drawn(DRAFT_STEPS + size_of(unit) // CHARACTERS_PER_STEP)):
            said = [_with_edits(one, texts) for one in merge_sets(judged) if wanted(one)]
    outcomes = (*said, *map(failed, faults))
    stack = replace(stacks[0], used_elsewhere=nowhere)  # it may go to another process
    place = Span(unit.name, 1, 1, 1, 1)
    cut = tuple(replace(OverBudget(limit).unknown, span=place) for limit in budget.exceeded)
    if cut:
        stack = replace(stack, unread=(*stack.unread, *cut))
    return Judged(Inventory.of(stack), _told(outcomes), secrets, tuple(faults), stack)


def _worlds(
    unit: Unit,
    rules: Sequence[Rule],
    outside: Outside,
    evaluated: list[tuple[Stack, tuple[AnyOutcome, ...]]],
) -> list[World]:
    """The unit's worlds, each judged. Raises OverBudget where it cannot be built."""
    scenarios = explore(lambda path_condition: _built(unit, outside, path_condition))
    current().grant(PER_RESOURCE[1] * len(scenarios[0].built.resources))
    return [
        World(scenario, evaluate_rules(scenario.built, rules, evaluated)) for scenario in scenarios
    ]


def _built(unit: Unit, outside: Outside, path_condition: PathCondition) -> Stack:
    stack = unit.stack(path_condition)
    try:
        return outside.completed(stack)
    except OverBudget:
        return stack


def _told(outcomes: Iterable[AnyOutcome]) -> tuple[AnyOutcome, ...]:
    """The outcomes with no more of their owners than is told of them."""
    bare: dict[int, Resource] = {}
    return tuple(
        replace(each, owner=bare.setdefault(id(each.owner), each.owner.bare)) for each in outcomes
    )


def _with_edits(outcome: AnyOutcome, sources: Sources) -> AnyOutcome:
    """The outcome, a finding with the edits of its fix. One that costs too much is told in words,
    as is one that cannot be made for a fault of our own, which is told too."""
    if not isinstance(outcome, Finding) or outcome.fix is None:
        return outcome
    finding, fix = outcome, outcome.fix

    def with_edits() -> AnyOutcome:
        charge()  # where nothing is left, nothing is begun
        return drafted(finding, sources)

    return contained(
        with_edits,
        lambda why: replace(finding, fix=replace(fix, draft=None)),
        f"the fix of {outcome.rule} for '{outcome.owner.address}'",
        outcome.span,
    )


def evaluate_rules(
    stack: Stack, rules: Sequence[Rule], evaluated: list[tuple[Stack, tuple[AnyOutcome, ...]]]
) -> tuple[AnyOutcome, ...]:
    """What the rules say of the stack; of one that was ``evaluated`` already, what they said
    then."""
    for other, said in evaluated:
        if other == stack:
            return said
    evaluated.append((stack, tuple(outcomes(rules, stack))))
    return evaluated[-1][1]


def outcomes(rules: Iterable[Rule], stack: Stack) -> Iterator[AnyOutcome]:
    """What the rules say of one stack, but for what belongs to others; of each part as its own
    place has it. What a rule raises at is told as a fault, and the rest is judged."""
    # of nothing there is nothing to say
    for rule, part in product(rules if stack.resources else (), stack.parts):
        for outcome in _said(rule, part):
            if not part.judges(outcome.owner):
                continue
            if isinstance(outcome, Finding):
                yield replace(outcome, callers=callers(stack, outcome.owner))
            else:
                yield outcome


def _said(rule: Rule, part: Stack) -> Iterator[AnyOutcome]:
    """What one rule says. Where it raises it is put again to the stack without the resource that it
    was at, as long as one is known; so its fault costs what it would say of that alone."""
    while True:
        said: list[AnyOutcome] = []
        try:
            with current().share(RULE_STEPS + PER_RESOURCE[0] * len(part.resources)):
                # a part's rules go through all that the others judge
                charge(0 if part.base is None else len(part.resources) // 4)
                for outcome in rule.check(rule, part):
                    charge(20)
                    if outcome is not None:
                        current().say(length(outcome))
                        said.append(outcome)
            break
        except OverBudget as over:
            said += (cut_short(rule, owner, over) for owner in _subjects(part))
            break
        except Exception as error:  # a rule's fault must not hide what others find
            culprit = _at(error, part) if len(part.passed_over) < MAX_PASSED_OVER else None
            files = part.files or (part.name,)
            whole = Fault(part.name, describe(error), Span(files[0], 1, 1, 1, 1), files, rule.id)
            if not tell(
                replace(whole, subject=culprit.address, span=culprit.span, files=())
                if culprit
                else whole
            ):
                raise
            if culprit is None:
                break
            part = replace(part, passed_over=part.passed_over | {culprit.address})
    yield from said


def _subjects(part: Stack) -> Iterator[Resource]:
    """Whom it is said of that a rule did not get to the end."""
    own = filter(part.judges, (*part.task_definitions, *part.launches))
    yield from list(own)[:1]


def _at(error: Exception, part: Stack) -> Resource | None:
    """The resource that a rule was at when it raised: the first that the way to the error holds."""
    place = error.__traceback__
    while place is not None:
        ours = place.tb_frame.f_code.co_filename == __file__
        for value in () if ours else place.tb_frame.f_locals.values():
            for one in (value, getattr(value, "owner", None)):
                if isinstance(one, _JUDGED) and one.address not in part.passed_over:
                    return one
        place = place.tb_next
    return None


def callers(stack: Stack, owner: Resource) -> tuple[ModuleCall, ...]:
    """The calls that lead to the owner's module or nested stack, outermost first."""
    chain = [
        call for address, call in stack.calls.items() if owner.address.startswith(f"{address}.")
    ]
    return tuple(sorted(chain, key=lambda call: len(call.address)))
