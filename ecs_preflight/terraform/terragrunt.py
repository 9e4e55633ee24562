"""Terragrunt units: a ``terragrunt.hcl`` that deploys a module with its ``inputs``.

What Terragrunt itself computes (its functions, dependencies, included files) is unknown, and so is
every variable that an included file may set. Source: the Terragrunt documentation, "Terraform
Block" and "Inputs".
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..source import Span, Unreadable, shown
from ..units import Inputs
from ..values import Entries, Reference, Unknown, Value, Why, first
from ..worlds import Inquiry
from .calls import Downloads, local_folder
from .evaluate import evaluate
from .evaluation import Evaluation
from .inputs import given
from .module import Library, Module
from .names import BlockScope, Namespace, nothing
from .scope import Scope
from .syntax import Literal, SourceFile
from .unit import RootModule

FILE_NAME = "terragrunt.hcl"


def unit(path: Path, inputs: Inputs, library: Library) -> RootModule | None:
    """What the Terragrunt file deploys; None for one that others include, which deploys nothing.
    Raises Unreadable."""
    file = library.file(path)
    if isinstance(file, Unreadable):
        raise file
    sources = [block.body.attribute("source") for block in file.body.of("terraform")]
    written = next((source for source in sources if source is not None), None)
    if written is None:
        folder: Path | None = path.parent
    else:
        source = str(written.value.value) if isinstance(written.value, Literal) else None
        # ``//`` marks the module inside of what is copied along
        folder = local_folder(path.parent, source.replace("//", "/") if source else None)
    module = library.module(folder) if folder else None
    if module is None and written is None:
        return None
    values, rest = _inputs(file, library, path.parent)
    base = given(library, module.folder if module else path.parent, inputs)
    unit = RootModule(
        module or Module(path.parent),
        library,
        replace(base, values={**base.values, **values}, rest=rest),
        inputs,
        downloads=Downloads.of(library, path.parent),
        title=shown(path.parent),
    )
    if module is not None or written is None:
        return unit
    return replace(
        unit,
        unread=(
            Unknown(
                f"the module that '{shown(path)}' deploys is not downloaded",
                why=Why.MODULE,
                span=written.span,
            ),
        ),
    )


def _inputs(
    file: SourceFile, library: Library, folder: Path
) -> tuple[dict[str, Value], Unknown | None]:
    """The values that the file gives, and why another one may give more."""
    includes = file.body.of("include")
    rest = Unknown("an included Terragrunt file may set it", why=Why.INPUT,
                   span=includes[0].span) if includes else None
    written = file.body.attribute("inputs")
    if written is None:
        return {}, rest
    value = evaluate(written.value, _scope(file, library, folder))
    if isinstance(value, Entries):
        return dict(value.entries), first(rest, value.rest)
    return {}, first(rest, value if isinstance(value, Unknown) else None)


def _scope(file: SourceFile, library: Library, folder: Path) -> Scope:
    """The file's ``local`` values; ``dependency``, ``include`` and the rest are unknown."""
    evaluation = Evaluation(library, Inquiry(), folder, Downloads({}))
    written = {a.name: a.value for block in file.body.of("locals") for a in block.body.attributes}

    def outer(name: str, span: Span) -> Value:
        if name == "local":
            return Reference("local", "", span=span)
        return Unknown(f"Terragrunt computes '{name}'", name, Why.INPUT, span=span)

    def local(name: str, span: Span) -> Value:
        if name not in written:
            return nothing(f"local.{name}", span)
        return evaluation.once(
            f"local.{name}", lambda: evaluate(written[name], scope), lambda why: why
        )

    scope = BlockScope(evaluation, folder, outer, {})
    evaluation.nodes["local"] = Namespace(local, tuple(written), "local")
    return scope
