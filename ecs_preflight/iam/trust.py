"""Who may assume a role: its trust policy (facts G)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

from ..model import Principal, Role, Stack, Target
from ..symbolic.answers import YES, Answer, Yes, is_absent
from ..symbolic.values import ABSENT, Known, Unknown, Value, Why, join, literal
from .answers import all_of
from .attached import of_document
from .call import Call, ServiceCaller
from .context import of_assumption
from .document import statements
from .evaluate import request_for
from .resource_policies import decide

ASSUME = "sts:AssumeRole"
#: Services that trust policies name with and without their Region.
_OF_REGION = ("codedeploy", "states")


def assumable(
    stack: Stack,
    role: Role,
    service: str,
    use: Principal = Principal.TASK,
    place: Target | None = None,
    source: Value = ABSENT,
) -> Answer:
    """Does the trust policy let ``service`` (``ecs-tasks.amazonaws.com``) assume it for ``use``, on
    behalf of what is deployed at ``place`` (the stack's, where it is None), whose name in
    ``aws:SourceArn`` is ``source`` where that is known?

    No says which principal stands there instead, or why the statement does not count, and where.
    """
    there = place or stack.target
    known, asked = stack.derived(_answered), (service, use, there, source)
    for thing in (role.trust, role):
        if (found := known.get((id(thing), asked))) is not None:
            return found[1]
    answer = _assumable(stack, role, service, use, there, source)
    # Yes is said of the document, which many roles may share; why not is told of the role.
    of, answer = (role.trust, YES) if isinstance(answer, Yes) else (role, answer)
    known[id(of), asked] = of, answer
    return answer


_Key = tuple[int, tuple[str, Principal, Target, Value]]


def _answered(_: Stack) -> dict[_Key, tuple[Union[Role, Value], Answer]]:
    """What was asked already, by the identity of the role or of its trust policy."""
    return {}


def _assumable(
    stack: Stack, role: Role, service: str, use: Principal, place: Target, source: Value
) -> Answer:
    if isinstance(is_absent(role.trust), Yes):
        return Unknown("the trust policy is not known", why=Why.OUTSIDE, span=role.trust.span)
    call = Call(stack, ServiceCaller(Known(service), _regional(service, place)), ASSUME, None)
    policy = of_document(role.trust, "its trust policy", role.address)
    sources = of_assumption(place, service, use, source)
    answers = [decide(policy, request_for(call, source)) for source in sources]
    if use is Principal.EXECUTION and not all(isinstance(answer, Yes) for answer in answers):
        # That ECS names its source for the execution role too is seen everywhere, but not
        # documented (facts P): what cannot hold may hold without.
        without = dict.fromkeys(sources[0], ABSENT)
        answers.append(decide(policy, request_for(call, without)))
    return _agreed(answers)


def _regional(service: str, place: Target) -> tuple[Value, ...]:
    """The service as its Region's, where trust policies may name it so (facts G2)."""
    name, _, suffix = service.partition(".")
    if name not in _OF_REGION:
        return ()
    regional = join(name, ".", place.region, ".", suffix)
    return regional, join(regional, ".cn")


def _agreed(answers: list[Answer]) -> Answer:
    """What all of them say, else that it is not known."""
    kinds = {type(answer) for answer in answers}
    if len(kinds) == 1:
        return answers[0]
    doubts = [answer for answer in answers if isinstance(answer, Unknown)]
    return doubts[0] if doubts else Unknown("ECS does not say what its source is", why=Why.GRANT)


def everywhere(answers: Iterable[Answer]) -> Answer:
    """What holds of a role that is used in several places: No in one is No."""
    return all_of(answers)


def service_principals(trust: Value) -> tuple[Value, ...]:
    """Every service principal that an Allow of the trust policy names, as written."""
    return tuple(
        named.value
        for statement in statements(trust).statements
        if literal(statement.effect) == "Allow" and statement.principals
        for named in statement.principals.named
        if named.kind == "Service"
    )
