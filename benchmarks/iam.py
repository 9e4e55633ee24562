"""How IAM's answers scale: each line doubles the size; the ratio to the line before shows the
growth.

A ratio of 2 is linear, of 4 quadratic. Run ``PYTHONPATH=. python benchmarks/iam.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ecs_preflight import iam
from ecs_preflight.iam import automaton, match
from ecs_preflight.model import Language, Policy, PolicyKind, Principal, Role, Stack
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import ABSENT, Entries, Items, Known, Unknown, Value, join, text

SPAN = Span("main.tf", 1)


def main() -> None:
    hole = Unknown("it is not known", "h")
    grow(
        "a pattern of '*?' against a name with holes",
        (1_250, 2_500, 5_000, 10_000),
        lambda size: (
            lambda: match.covers(
                Known("*?" * (size // 2) + "z"), join("a" * 1_000, hole, "b" * 1_000, hole)
            )
        ),
    )
    grow(
        "a pattern of 'a*' against a long name",
        (1_250, 2_500, 5_000, 10_000),
        lambda size: lambda: match.covers(Known("a*" * (size // 2) + "z"), Known("a" * 10_000)),
    )
    grow(
        "a name with so many holes",
        (8, 16, 32, 64),
        lambda size: lambda: match.covers(Known("?a" * 100 + "*"), text([Known("a"), hole] * size)),
    )
    grow("a role with so many statements", (125, 250, 500, 1_000), statements)


def grow(title: str, sizes: tuple[int, ...], make: Callable[[int], Callable[[], object]]) -> None:
    print(title)
    before = 0.0
    for size in sizes:
        taken = measured(make(size))
        ratio = f"  x{taken / before:.1f}" if before else ""
        print(f"  {size:>6}  {taken * 1000:8.2f} ms{ratio}")
        before = taken


def measured(run: Callable[[], object]) -> float:
    """The least of five runs, none of which finds a pattern already prepared."""
    best = float("inf")
    for _ in range(5):
        for cache in (automaton._exact, automaton._loose, match._read):
            cache.cache_clear()
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def statements(count: int) -> Callable[[], object]:
    """A role that may read many secrets, but not this one."""
    listed = Items(tuple(statement(number) for number in range(count)), None, SPAN)
    document = Entries((("Version", Known("2012-10-17")), ("Statement", listed)), None, SPAN)
    policy = Policy(PolicyKind.INLINE, Known("many"), document, SPAN, SPAN, "aws_iam_role_policy.a")
    role = Role(
        address="aws_iam_role.exec",
        type="aws_iam_role",
        span=SPAN,
        name=Known("exec"),
        arn=arns.role(arns.ANY_TARGET, ABSENT, Known("exec")),
        policies=(policy,),
    )
    stack = Stack("benchmark", Language.TERRAFORM, arns.ANY_TARGET, (role,))
    secret = arns.secret(arns.ANY_TARGET, Known("app/wanted"), "aws_secretsmanager_secret.wanted")
    return lambda: iam.authorize(
        stack, role, "secretsmanager:GetSecretValue", secret, Principal.EXECUTION
    )


def statement(number: int) -> Value:
    return Entries(
        (
            ("Effect", Known("Allow")),
            ("Action", Known("secretsmanager:GetSecretValue")),
            (
                "Resource",
                Known(f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/{number}-*"),
            ),
        ),
        None,
        SPAN,
    )


if __name__ == "__main__":
    main()
