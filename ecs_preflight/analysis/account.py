"""What an account has: the output of ``aws iam get-account-authorization-details``, in one file or
several, plain or gzipped, of one page or more.

The files are read once and indexed; a role is made of what they say only when a stack asks for it.
What they lack (a page that is missing, or cut off) is unknown, not absent.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..model import Policy, PolicyKind, Role, role_name
from ..symbolic.jsontext import JsonFault, parse_json
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass, field
from ..symbolic.source import Boundary, Span, Unreadable, shown
from ..symbolic.values import (
    ABSENT,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
    shown_value,
)

#: Above this, unpacked, a file is refused (bytes).
MAX_UNPACKED = 256 * 1024 * 1024
_OWN_ARN = regex(r'"Arn"\s*:\s*"([^"]+)"')
_GZIP = b"\x1f\x8b"

Json = Any


@dataclass(frozen=True)
class AccountFile:
    """One file: its roles and policies by ARN, as raw JSON. ``complete`` is false where it was cut
    off, or says that a further page follows."""

    path: Path
    text: str = field(repr=False)
    roles: Mapping[str, Mapping[str, Json]] = field(repr=False)
    policies: Mapping[str, Mapping[str, Json]] = field(repr=False)
    complete: bool

    def line_of(self, arn: str) -> int:
        """The line at which the file names the ARN; 1 where that is not known."""
        return self._lines.get(arn, 1)

    @cached_property
    def _lines(self) -> dict[str, int]:
        """Where each ARN is said to be something's own, in one walk through the text."""
        found: dict[str, int] = {}
        line, at = 1, 0
        for match in _OWN_ARN.finditer(self.text):
            line, at = line + self.text.count("\n", at, match.start()), match.start()
            found.setdefault(match[1], line)
        return found


@dataclass(frozen=True)
class Account:
    """The roles of all files, found by ARN or by name."""

    files: tuple[AccountFile, ...] = ()

    def role(self, named: Value) -> Role | None:
        """The role that a value names, if it can be but one: by its ARN, or by its name in ARNs of
        which the account is open."""
        text = literal(named)
        if text is not None and text.startswith("arn:"):
            file = self._by_arn.get(text)
            return None if file is None else self._made(file, text)
        found = self._by_name.get(_name(expanded(named)), ())
        return self._made(*found[0]) if len(found) == 1 else None

    def policy(self, named: Value, place: Span | None = None) -> Value | None:
        """The document of a managed policy in its default version, by its ARN, of which the account
        may be open; None where no file has it. It stands in its file, or at ``place``."""
        tail = shown_value(expanded(named)).rpartition(":policy/")[2]
        arns = {literal(named)} if literal(named) else self._policies.get(tail, set())
        arn = (next(iter(arns)) if len(arns) == 1 else None) or ""
        for file in self.files:
            if arn in file.policies:
                versions = _listed(file.policies[arn].get("PolicyVersionList"))
                default = next((v for v in versions if v.get("IsDefaultVersion") is True), None)
                if default is not None:
                    own = Span(shown(file.path), file.line_of(arn))
                    return _document(default.get("Document"), place or own)
        return None

    @cached_property
    def _by_arn(self) -> dict[str, AccountFile]:
        return {arn: file for file in reversed(self.files) for arn in file.roles}

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[AccountFile, str]]]:
        found: dict[str, list[tuple[AccountFile, str]]] = {}
        for arn, file in self._by_arn.items():
            found.setdefault(arn.rpartition("/")[2], []).append((file, arn))
        return found

    @cached_property
    def _policies(self) -> dict[str, set[str | None]]:
        """The ARNs of the account's own policies, by path and name."""
        found: dict[str, set[str | None]] = {}
        for file in self.files:
            for arn in file.policies:
                if ":iam::aws:" not in arn:
                    found.setdefault(arn.rpartition(":policy/")[2], set()).add(arn)
        return found

    def _made(self, file: AccountFile, arn: str) -> Role:
        raw = file.roles[arn]
        span = Span(shown(file.path), file.line_of(arn))
        name = str(raw.get("RoleName") or arn.rpartition("/")[2])
        attached = tuple(
            self._managed(policy.get("PolicyArn"), name, span)
            for policy in _listed(raw.get("AttachedManagedPolicies"))
        )
        inline = tuple(
            Policy(
                PolicyKind.INLINE,
                Known(str(policy.get("PolicyName"))),
                _document(policy.get("PolicyDocument"), span),
                span,
                span,
                name,
            )
            for policy in _listed(raw.get("RolePolicyList"))
        )
        boundary = raw.get("PermissionsBoundary")
        limit = boundary.get("PermissionsBoundaryArn") if isinstance(boundary, dict) else None
        missing = [
            key
            for key in ("AttachedManagedPolicies", "RolePolicyList")
            if not isinstance(raw.get(key), list)
        ]
        return Role(
            address=name,
            type="role of the account",
            span=span,
            name=Known(name, span),
            arn=Known(arn, span),
            path=Known(str(raw.get("Path") or "/"), span),
            trust=_document(raw.get("AssumeRolePolicyDocument"), span),
            policies=(*inline, *attached),
            boundary=None if limit is None else self._managed(limit, name, span),
            gaps=tuple(_lacks(file, key, span) for key in missing),
            origin=f"in {shown(file.path)}, as of the account",
        )

    def _managed(self, arn: Json, role: str, span: Span) -> Policy:
        """A managed policy as the account has it; AWS's own as this version knows it, where the
        files leave it out."""
        named = str(arn)
        document = self.policy(Known(named))
        kind = PolicyKind.AWS if ":iam::aws:policy/" in named else PolicyKind.CUSTOMER
        if document is None and kind is PolicyKind.CUSTOMER:
            document = Unknown(
                f"policy '{named}' is not in the account's files", why=Why.OUTSIDE, span=span
            )
        name = Known(named.rpartition("/")[2], span)
        return Policy(
            kind,
            name,
            ABSENT if document is None else document,
            span,
            span,
            role,
            Known(named, span),
            source="account",
        )


def _name(named: Value) -> str:
    """A role's name out of an ARN, whatever in it is open but the name itself; "" for all else."""
    name = role_name(named)
    if name is None and isinstance(named, Text):
        *_, before, path, end = ("", "", *named.parts)
        if isinstance(before, str) and before.endswith(":role") and not isinstance(path, str):
            name = end if isinstance(end, str) else None
    return (name or "").rpartition("/")[2]


def read(paths: Sequence[Path]) -> tuple[Account, tuple[Unreadable, ...]]:
    """The account in the files, and what of them could not be read."""
    files: list[AccountFile] = []
    faults: list[Unreadable] = []
    for path in paths:
        try:
            file, fault = _file(path)
        except Unreadable as error:
            faults.append(error)
            continue
        files.append(file)
        if fault is not None:
            faults.append(fault)
    return Account(tuple(files)), tuple(faults)


def _file(path: Path) -> tuple[AccountFile, Unreadable | None]:
    """A file and what is wrong with its end. Raises Unreadable."""
    data = Boundary.of_named(path).read_bytes(path)
    text = _text(_unpacked(data, path) if data.startswith(_GZIP) else data, path)
    pages, fault = _pages(text, path)
    roles: dict[str, Mapping[str, Json]] = {}
    policies: dict[str, Mapping[str, Json]] = {}
    recognised = False
    for page in pages:
        recognised |= isinstance(page.get("RoleDetailList"), list)
        recognised |= isinstance(page.get("Policies"), list)
        for raw in _listed(page.get("RoleDetailList")):
            if isinstance(raw.get("Arn"), str):
                roles.setdefault(raw["Arn"], raw)
        for raw in _listed(page.get("Policies")):
            if isinstance(raw.get("Arn"), str):
                policies.setdefault(raw["Arn"], raw)
    if not recognised:
        raise fault or Unreadable(
            shown(path),
            "is not the output of 'aws iam get-account-authorization-details': it has no "
            "'RoleDetailList'",
        )
    cut = fault is not None or (bool(pages) and pages[-1].get("IsTruncated") is True)
    return AccountFile(path, text, roles, policies, not cut), fault


def _unpacked(data: bytes, path: Path) -> bytes:
    """What is packed. Raises Unreadable for what is no gzip, is cut off, or unpacks to too much."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(data, MAX_UNPACKED)
    except zlib.error as error:
        raise Unreadable(shown(path), f"is not valid gzip: {error}") from error
    if unpacker.unconsumed_tail:
        raise Unreadable(shown(path), f"is larger than {MAX_UNPACKED // 2**20} MiB unpacked")
    return found


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(shown(path), "is not UTF-8 text") from error


def _pages(text: str, path: Path) -> tuple[list[Mapping[str, Json]], Unreadable | None]:
    """The pages, one after another or in a list; and where reading them had to stop."""
    decoder, found, at = json.JSONDecoder(), list[Mapping[str, Json]](), 0
    blank = re.compile(r"[\s,]*")
    while (at := _end(blank, text, at)) < len(text):
        try:
            page, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where = error.pos if isinstance(error, json.JSONDecodeError) else at
            line = text.count("\n", 0, where) + 1
            column = where - text.rfind("\n", 0, where)
            reason = (
                f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
                if isinstance(error, json.JSONDecodeError)
                else "is nested too deeply"
            )
            rescued = list(_rescued(text, at)) if isinstance(error, json.JSONDecodeError) else []
            span = Span(shown(path), line, column, line, column)
            return [*found, *rescued], Unreadable(shown(path), reason, span)
        found += [page] if isinstance(page, dict) else _listed(page)
    return found, None


def _rescued(text: str, start: int) -> Iterator[Mapping[str, Json]]:
    """The whole roles and policies of a page that is cut off."""
    decoder = json.JSONDecoder()
    for name in ("RoleDetailList", "Policies"):
        match = re.compile(rf'"{name}"\s*:\s*\[').search(text, start)
        if match is None:
            continue
        items, at, blank = [], match.end(), re.compile(r"[\s,]*")
        try:
            while text.startswith("{", at := _end(blank, text, at)):
                item, at = decoder.raw_decode(text, at)
                items.append(item)
        except (ValueError, RecursionError):
            pass
        yield {name: items}


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _document(raw: Json, span: Span) -> Value:
    """A policy's document: the structure itself, as the AWS CLI prints it, or its JSON, quoted as
    in URLs, as the API gives it."""
    if raw is None:
        return Unknown("the account's files lack the document", why=Why.OUTSIDE, span=span)
    text = unquote(raw) if isinstance(raw, str) else json.dumps(raw)
    found = parse_json(Known(text, span))
    if isinstance(found, JsonFault):
        return Unknown("the document is not JSON", why=Why.UNREADABLE, span=span)
    return found


def _lacks(file: AccountFile, key: str, span: Span) -> Unknown:
    return Unknown(f"'{shown(file.path)}' lacks the role's '{key}'", why=Why.OUTSIDE, span=span)


def _listed(raw: Json) -> list[Mapping[str, Json]]:
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
