"""Trust policies that let the right service assume a role."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ... import iam
from ...model import Protected, Role, Stack
from ...symbolic.patterns import regex
from ...symbolic.source import Span, is_within
from ...symbolic.values import ABSENT, Value, literal, shown_value
from ..finding import Draft, Edit, Fix
from ..sources import Form, Sources, closing
from .conditions import account_of
from .edits import with_edits
from .expressions import plain, simplified, written_at
from .insertions import beside_edit
from .lists import extended, list_around
from .names import written
from .places import Place, of_partition
from .removals import removal, removal_whole, statement_removal
from .repairs import as_before, string_edit
from .source_conditions import TrustRefusal, holding
from .statements import NewStatement, added, object_text

ASSUME = "sts:AssumeRole"
#: What is taken for the principal of ECS tasks.
CONFUSED = {"ecs-tasks.amazonaws.com": ("ecs.amazonaws.com",)}


def trusting(
    role: Role, service: str, refused: TrustRefusal, used: Collection[str] | None = ()
) -> Draft:
    """Let ``service`` assume the role: instead of the one service that is trusted now, unless that
    is among those who ``used`` it; else beside it. Where conditions keep it out, these are changed.
    Nothing is drafted where a Deny is at fault."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        statements = iam.statements(role.trust).statements
        if any(
            literal(statement.effect) != "Allow" or statement.not_principals
            for statement in statements
        ):
            return None
        for statement in statements:
            named = _named_by(statement)
            renamed = _as_service(sources, named, service)
            if renamed:
                return with_edits(fix, renamed)
            services = [each.value for each in named if each.kind == "Service"]
            if services:
                return _named(fix, sources, statement, services, service, used, refused)
        for statement in statements:
            source = sources.at(statement.span)
            edits = source and added(
                source, statement.span, NewStatement((ASSUME,), principal=plain(service))
            )
            if edits:
                return with_edits(fix, edits)
        return None

    return draft


#: The head of a block of principals, as in ``aws_iam_policy_document``.
_PRINCIPALS = regex(r"\bprincipals\s*\{[^{}]*$")


def distrusting(statement: iam.Statement, value: Value, leaving: Iterable[Value]) -> Draft:
    """One of the principals ``leaving`` a statement taken out of it: with the block or key that
    would name nobody, or with the whole statement."""
    named = statement.principals.named if statement.principals else ()
    gone = {each.span for each in leaving}

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        staying = [each for each in named if each.value.span not in gone]
        if not staying:
            return with_edits(fix, [statement_removal(sources, statement.span)])
        if not is_within(value.span, statement.span):
            taken = removal(sources, value.span) if _has_neighbours(sources, value.span) else None
            return with_edits(fix, [taken])  # of a list that others may use
        block = _block_around(sources, value.span)
        kind = next((each.place for each in named if each.value.span == value.span), None)
        if any(
            is_within(each.value.span, block) if block else each.place == kind for each in staying
        ):
            return with_edits(fix, [removal(sources, value.span)])
        return with_edits(
            fix, [(removal if block else removal_whole)(sources, block or value.span)]
        )

    return draft


def _has_neighbours(sources: Sources, item: Span) -> bool:
    """Is it an item between brackets beside others?"""
    source = sources.at(item)
    is_item = source is not None and source.before(source.start(item)) in ("[", ",")
    return is_item and list_around(sources, item, item) == item


def _block_around(sources: Sources, span: Span) -> Span | None:
    """The block of principals there."""
    source = sources.at(span)
    head = source.ending(_PRINCIPALS, source.start(span)) if source else None
    if source is None or head is None:
        return None
    end = closing(source.text, source.text.index("{", head.start()))
    return source.span(head.start(), end)


def admitting(stack: Stack, owner: Protected, service: Value, actions: Collection[str]) -> Draft:
    """A statement in the resource's own policy that lets ``service`` call the actions on it; a
    policy for a key that has AWS's default one, which is gone then, with what that allows."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        statements = iam.statements(owner.policy).statements
        if any(literal(statement.effect) != "Allow" for statement in statements):
            return None
        for statement in reversed(statements):
            source = sources.at(statement.span)
            if source is None:
                continue
            place = Place.beside(stack, sources, source.file, owner.address)
            name = written(place, service, ABSENT)
            if name is None or any("*" in part for part in name if isinstance(part, str)):
                return None
            new = NewStatement(tuple(actions), (plain("*"),), name)
            edits = added(source, statement.span, new)
            if edits:
                return with_edits(fix, edits)
        if statements:
            return None
        given = _first(stack, sources, owner, service, actions)
        return with_edits(fix, given, summary=f"Give '{owner.address}' a policy:")

    return draft


def _first(
    stack: Stack, sources: Sources, owner: Protected, service: Value, actions: Collection[str]
) -> list[Edit | None]:
    """The policy of a key in Terraform that has none (KMS Developer Guide, "Default key policy":
    it leaves all to the account's own policies)."""
    source = sources.at(owner.span)
    if source is None or owner.type != "aws_kms_key" or owner.address.endswith("]"):
        return [None]
    place = Place.beside(stack, sources, source.file, owner.address)
    name, account = written(place, service, ABSENT), account_of(place)
    if name is None or account is None or source.form(source.start(owner.span)) is not Form.HCL:
        return [None]
    root = ("arn:", of_partition(place), ":iam::", account, ":root")
    new = [
        NewStatement(("kms:*",), (plain("*"),), simplified(root), "AWS"),
        NewStatement(tuple(actions), (plain("*"),), name),
    ]
    bodies = "".join(f"      {object_text(Form.HCL, each, '      ')},\n" for each in new)
    value = f'jsonencode({{\n    Version = "2012-10-17"\n    Statement = [\n{bodies}    ]\n  }})'
    return [beside_edit(source, owner.span, "policy", value), *account.edits]


def _as_service(
    sources: Sources, named: tuple[iam.Named, ...], service: str
) -> list[Edit | None] | None:
    """``Service`` in place of the kind under which the statement names the service, and nobody
    who is of that kind; None where it names it so already, or does not."""
    wrong = {each.kind for each in named if literal(each.value) == service} - {"*"}
    others = {each.kind for each in named if ".amazonaws." not in shown_value(each.value)}
    if not wrong or "Service" in {each.kind for each in named} or wrong & others:
        return None
    places = {each.place for each in named if each.kind in wrong}
    return [_renamed(sources, place, "Service") for place in places]


def _renamed(sources: Sources, place: Span, name: str) -> Edit | None:
    """Another word in place of the one that stands there, quoted as that is."""
    source = sources.at(place)
    old = source.slice(place) if source else ""
    word = old.strip("\"'")
    return Edit(place, old.replace(word, name)) if word.isidentifier() else None


def _named(
    fix: Fix,
    sources: Sources,
    statement: iam.Statement,
    services: list[Value],
    service: str,
    used: Collection[str] | None,
    refused: TrustRefusal,
) -> Fix | None:
    """The services that a statement trusts, corrected or completed."""
    if any(literal(value) == service for value in services):
        return _assuming(fix, sources, statement) or with_edits(
            fix, holding(sources, statement.conditions, refused)
        )
    edits: list[Edit] | None
    safe = False
    (first, *others) = services
    source = sources.at(first.span)
    if not others and used is not None and literal(first) not in used:
        edit = string_edit(sources, first, service)
        edits = [edit] if edit else None
        safe = literal(first) in CONFUSED.get(service, ())
    elif any(condition.key.lower() != "aws:sourceaccount" for condition in statement.conditions):
        # what limits the others would keep this one out
        own = NewStatement((ASSUME,), principal=plain(service))
        edits = added(source, statement.span, own) if source else None
    else:
        listed = source and list_around(sources, first.span, services[-1].span)
        edits = (
            extended(source, listed, [value.span for value in services], [plain(service)])
            if source and listed
            else None
        )
    return with_edits(fix, edits, safe=safe)


def _assuming(fix: Fix, sources: Sources, statement: iam.Statement) -> Fix | None:
    """The service is right, so the action is wrong."""
    listed = statement.actions.items if statement.actions else ()
    if len(listed) != 1 or literal(listed[0]) == ASSUME:
        return None
    edit = string_edit(sources, listed[0], ASSUME)
    return with_edits(fix, [edit], safe=True)


def shut(role: Role, statement: iam.Statement, everyone: iam.Named, service: str) -> Draft:
    """The statement that lets everyone assume the role left out, where another one trusts the
    service; else the service in place of everyone."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        others = [
            other
            for other in iam.statements(role.trust).statements
            if other is not statement and literal(other.effect) == "Allow"
        ]
        trusted = any(
            literal(named.value) == service for other in others for named in _named_by(other)
        )
        edits: list[Edit | None]
        if trusted:
            edits = [removal(sources, statement.span)]
        elif any(literal(named.value) == service for named in _named_by(statement)):
            edits = [_pair_removed(sources, everyone.value.span)]
        else:
            edits = _service_instead(sources, everyone.value.span, service)
        return with_edits(fix, edits)

    return draft


def _named_by(statement: iam.Statement) -> tuple[iam.Named, ...]:
    return statement.principals.named if statement.principals else ()


def _pair_removed(sources: Sources, value: Span) -> Edit | None:
    """A kind of principal with its one value."""
    source = sources.at(value)
    listed = source is None or source.before(source.start(value)) in ("[", ",", "-")
    return None if listed else removal(sources, value)


#: The kind of a principal before its value, in an object and in a block.
_AWS = regex(r"""\bAWS\b(?=["']?\s*(?:[=:]|\n\s*identifiers\s*=)\s*\[?\s*$)""")


def _service_instead(sources: Sources, star: Span, service: str) -> list[Edit | None]:
    """The service in place of the star, and ``Service`` in place of ``AWS`` before it."""
    source = sources.at(star)
    if source is None:
        return [None]
    start = source.start(star)
    kind = source.ending(_AWS, start)
    if kind is None:
        return [None]
    written = as_before(written_at(source, start, plain(service)), source.slice(star))
    named = Edit(source.span(kind.start(), kind.end()), "Service")
    return [named, None if written is None else Edit(star, written)]
