"""Deny statements that leave out what is needed, and conditions that never hold left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ... import iam
from ...symbolic.answers import No, Yes
from ...symbolic.budget import charge
from ...symbolic.patterns import regex
from ...symbolic.source import Span, is_within
from ...symbolic.values import ABSENT, Items, Value, literal
from ..finding import Edit
from ..sources import FileText, Form, Sources
from .editable import EditableStatement, allows
from .edits import all_of
from .elements import within
from .expressions import Expression, plain, written_at
from .lists import extended, hcl_list
from .names import written
from .removals import removal, removal_whole
from .repairs import covers_no, string_edit


def exempted(
    sources: Sources,
    given: EditableStatement,
    resource: Value,
    actions: Sequence[str],
    origin: Value,
) -> list[Edit] | None:
    """The edits after which a Deny no longer concerns the actions on the resource, and all else as
    before, as far as one statement can say that: by NotResource where it is for every resource, by
    NotAction where it is for a whole service; an action that is listed is taken off the list. None
    where it cannot."""
    charge(20)
    statement = given.statement
    source = sources.at(statement.span)
    if source is None or statement.unread is not None:
        return None
    if statement.not_actions is not None:
        return _more(sources, statement.not_actions, [plain(action) for action in actions])
    listed, patterns = statement.actions, statement.resources
    named = None if literal(resource) == "*" else written(given.place, resource, origin)
    if listed is None or any(literal(action) == "*" for action in listed):
        return None  # it is meant to be against everything
    if statement.not_resources is not None:
        return None if named is None else _more(sources, statement.not_resources, [named])
    if patterns is None or any(item not in within(sources, statement, listed) for item in listed):
        return None
    if named is not None and any(literal(pattern) == "*" for pattern in patterns):
        return _renamed(source, patterns.span, [named])
    service = actions[0].partition(":")[0]
    if [literal(item) for item in listed] == [f"{service}:*"] and not _everywhere(patterns):
        return _renamed(source, listed.span, [plain(action) for action in actions])
    wanted = {action.lower() for action in actions}
    exact = [item for item in listed if (literal(item) or "").lower() in wanted]
    if not exact or len(exact) == len(listed.items) or _still(listed, exact, actions):
        return None
    removed = [removal(sources, item.span) for item in exact]
    return all_of(removed)


def _still(listed: Items, exact: Sequence[Value], actions: Sequence[str]) -> bool:
    """Do the other patterns of the list cover one of the actions too?"""
    others = [item for item in listed if item not in exact]
    return any(allows(others, action) for action in actions)


def _everywhere(patterns: Items) -> bool:
    return any(literal(pattern) == "*" for pattern in patterns)


def _more(sources: Sources, listed: Items, new: Sequence[Expression]) -> list[Edit] | None:
    source = sources.at(listed.span)
    if source is None or any(not is_within(item.span, listed.span) for item in listed):
        return None
    return extended(source, listed.span, [item.span for item in listed], new)


#: An element and its opposite, in a policy and in a block of aws_iam_policy_document.
_OPPOSITE = {
    "Action": "NotAction",
    "Resource": "NotResource",
    "actions": "not_actions",
    "resources": "not_resources",
}


#: An element's name before its value.
_NAME = regex(r"""(["']?)(\w+)\1([ \t]*[=:])\s*$""")


def _renamed(source: FileText, listed: Span, new: Sequence[Expression]) -> list[Edit] | None:
    """The element whose value stands at ``listed`` turned into its opposite, with new items."""
    start, end = source.start(listed), source.end(listed)
    head = source.ending(_NAME, start)
    if head is None or head[2] not in _OPPOSITE:
        return None
    form = source.form(start)
    name = _OPPOSITE[head[2]]
    items = [written_at(source, start, item, listed=len(new) > 1) for item in new]
    if None in items:
        return None
    if name.islower():
        value = hcl_list(new, source.indent(head.start()))
    elif len(new) == 1:
        value = str(items[0])
    else:
        value = f"[{', '.join(map(str, items))}]"
    if form is Form.YAML and source.text[start:end].startswith("-"):
        end = source.start(listed) + len(source.text[start:end].rstrip())
    return [Edit(source.span(head.start(), end), f"{head[1]}{name}{head[1]}{head[3]} {value}")]


def relaxed(
    sources: Sources,
    given: EditableStatement,
    resource: Value,
    actions: Sequence[str],
    hints: Sequence[Span],
    context: Mapping[str, Value],
) -> tuple[str, list[Edit]] | None:
    """The condition which keeps the statement from allowing the actions on the resource, with the
    value that its key has in the request (``context``, by names in lower case), else left out; and
    which of the two. It stands at one of ``hints``."""
    statement = given.statement
    listed, patterns = statement.actions, statement.resources
    if listed is None or patterns is None or statement.unread is not None:
        return None
    if not all(allows(listed, action) for action in actions):
        return None
    if all(covers_no(pattern, resource) for pattern in patterns):
        return None
    conditions = [each for each in statement.conditions if each.span in hints]
    if any("tag/" in each.key.lower() for each in conditions):
        return None  # it keeps others out as it should: what is needed gets a statement of its own
    corrected = all_of(_corrected(sources, condition, context) for condition in conditions)
    if corrected:
        return "Correct", corrected
    edits = all_of(removal_whole(sources, condition.span) for condition in conditions)
    return ("Leave out", edits) if edits else None


def _corrected(
    sources: Sources, condition: iam.Condition, context: Mapping[str, Value]
) -> Edit | None:
    wanted = literal(context.get(condition.key.lower(), ABSENT))
    is_equal = condition.operator.lower() in ("stringequals", "stringlike")
    if wanted is None or not is_equal or len(condition.values.items) != 1:
        return None
    return string_edit(sources, condition.values.items[0], wanted)


def concerns(statement: iam.Statement, action: str, resource: Value) -> bool:
    """May the statement, a Deny, apply to the action on the resource?"""
    if allows(statement.not_actions or (), action):
        return False
    if any(isinstance(iam.match.covers(p, resource), Yes) for p in statement.not_resources or ()):
        return False
    if statement.actions is None or statement.resources is None:
        return True
    return any(
        not isinstance(iam.match.covers_action(each, action), No) for each in statement.actions
    ) and any(not covers_no(pattern, resource) for pattern in statement.resources)
