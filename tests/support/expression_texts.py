"""Generates Terraform expressions that mean something: typed, so that most of them have a value."""

from __future__ import annotations

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

#: Names that the expressions use: what they are in HCL.
CONSTANTS = {
    "s": '"prod"',
    "arn": '"arn:aws:iam::123456789012:role/app"',
    "n": "3",
    "b": "true",
    "l": '["a", "b"]',
    "m": '{ a = "x", b = "y" }',
    "e": '""',
    "none": "null",
    "o": '[{ name = "p", on = true }, { name = "q", on = false }]',
}


def filled(form: str, *parts: Texts) -> Texts:
    """``form`` with each ``~`` replaced by a text of its own."""

    def put(found: tuple[str, ...]) -> str:
        pieces = form.split("~")
        return "".join(a + b for a, b in zip(pieces, (*found, ""), strict=True))

    return st.tuples(*parts).map(put)


def one_of(*options: Texts | str) -> Texts:
    return st.one_of(*(st.just(one) if isinstance(one, str) else one for one in options))


def _deeper(
    strings: Texts, numbers: Texts, bools: Texts, lists: Texts, maps: Texts, anything: Texts
) -> tuple[Texts, Texts, Texts, Texts, Texts]:
    more_strings = one_of(
        filled('"~-${~}"', st.sampled_from(["a", "é", "$${", ""]), one_of(strings, numbers, bools)),
        filled('"%{ if ~ }${~}%{ else }-%{ endif }"', bools, strings),
        filled('"%{ for v in ~ }${v};%{ endfor }"', lists),
        filled("upper(~)", strings),
        filled("lower(~)", strings),
        filled("trimspace(~)", strings),
        filled("replace(~, ~, ~)", strings, strings, strings),
        filled("join(~, ~)", strings, lists),
        filled('format("%s/%v", ~, ~)', strings, strings),
        filled("substr(~, 0, 2)", strings),
        filled("trimprefix(~, ~)", strings, strings),
        filled("trimsuffix(~, ~)", strings, strings),
        filled("coalesce(~, ~)", strings, strings),
        filled("try(~, ~)", strings, strings),
        filled("(~ ? ~ : ~)", bools, strings, strings),
        filled("lookup(~, ~, ~)", maps, strings, strings),
        filled("element(~, ~)", lists, numbers),
        filled("jsonencode(~)", anything),
        filled('element(split("/", ~), 1)', strings),
        filled('split(":", ~)[0]', strings),
        filled("try(~[0], ~)", lists, strings),
        filled("tostring(~)", one_of(strings, numbers, bools)),
        filled("one(~)", lists),
        filled("md5(~)", strings),
        filled("strrev(~)", strings),
        filled("title(~)", strings),
        filled("base64encode(~)", strings),
    )
    more_numbers = one_of(
        filled("(~ + ~)", numbers, numbers),
        filled("(~ - ~)", numbers, numbers),
        filled("(~ * ~)", numbers, numbers),
        filled("-~", numbers),
        filled("length(~)", one_of(lists, maps, strings)),
        filled("max(~, ~)", numbers, numbers),
        filled("(~ ? ~ : ~)", bools, numbers, numbers),
        filled("(~ % 4)", numbers),
        filled("floor(~ / 3)", numbers),
        filled("abs(~)", numbers),
        filled("try(tonumber(~), ~)", strings, numbers),
    )
    more_bools = one_of(
        filled("(~ == ~)", anything, anything),
        filled("(~ != ~)", strings, strings),
        filled("(~ < ~)", numbers, numbers),
        filled("(~ >= ~)", numbers, numbers),
        filled("!~", bools),
        filled("(~ && ~)", bools, bools),
        filled("(~ || ~)", bools, bools),
        filled("contains(~, ~)", lists, strings),
        filled("can(~)", anything),
        filled("(~ ? ~ : ~)", bools, bools, bools),
        filled("startswith(~, ~)", strings, strings),
        filled("strcontains(~, ~)", strings, strings),
        filled("alltrue([~, ~])", bools, bools),
        filled("anytrue([~])", bools),
        filled("(~ == null)", anything),
        filled("(length(~) > 0)", lists),
    )
    more_lists = one_of(
        filled("[~, ~]", strings, strings),
        filled("[~]", strings),
        filled("concat(~, ~)", lists, lists),
        filled("[for v in ~ : upper(v)]", lists),
        filled("[for v in ~ : v if v != ~]", lists, strings),
        filled('[for i, v in ~ : "${i}-${v}"]', lists),
        filled("[for k, v in ~ : k]", maps),
        filled("keys(~)", maps),
        filled("values(~)", maps),
        filled("distinct(~)", lists),
        filled("compact(~)", lists),
        filled("flatten([~, ~])", lists, lists),
        filled("sort(~)", lists),
        filled("reverse(~)", lists),
        filled("tolist(toset(~))", lists),
        filled("toset(~)", lists),
        filled("slice(~, 0, 1)", lists),
        filled("split(~, ~)", strings, strings),
        filled("(~ ? ~ : ~)", bools, lists, lists),
        filled("~[*]", one_of(lists, strings)),
        filled("setunion(~, ~)", lists, lists),
        filled("setsubtract(~, ~)", lists, lists),
        filled("matchkeys(~, ~, ~)", lists, lists, lists),
        filled("try(~, ~)", lists, lists),
        filled("coalescelist(~, ~)", lists, lists),
        filled('formatlist("%s!", ~)', lists),
        filled("[for x in local.o : x.name if x.on == ~]", bools),
    )
    more_maps = one_of(
        filled("{ a = ~, c = ~ }", strings, strings),
        filled("{ (~) = ~ }", strings, strings),
        filled("merge(~, ~)", maps, maps),
        filled("{ for v in toset(~) : v => ~ }", lists, strings),
        filled("{ for k, v in ~ : v => k... }", maps),
        filled("zipmap([~], [~])", strings, strings),
        filled("(~ ? ~ : ~)", bools, maps, maps),
        filled("tomap(~)", maps),
        filled("{ for k, v in ~ : k => v if v != ~ }", maps, strings),
        filled("jsondecode(jsonencode(~))", maps),
        filled("try(~, ~)", maps, maps),
    )
    return more_strings, more_numbers, more_bools, more_lists, more_maps


def expressions(levels: int = 3) -> Texts:
    """Expressions of any type, up to ``levels`` deep."""
    strings = one_of(
        '"a"',
        '"b"',
        '""',
        '"A b"',
        "local.s",
        "local.arn",
        "local.e",
        'local.m["a"]',
        "local.m.b",
        "local.l[0]",
        "local.o[1].name",
        '"a/b"',
    )
    numbers = one_of("0", "1", "2.5", "local.n", "100", "0.1")
    bools = one_of("true", "false", "local.b", "local.o[0].on")
    lists = one_of("[]", "local.l", '["a", "c"]', "local.o[*].name", 'tolist(["b"])')
    maps = one_of("{}", "local.m", '{ a = "z" }', 'tomap({ c = "w" })', "local.o[0]")
    for _ in range(levels):
        flat = (strings, numbers, bools, lists, maps)
        anything = one_of(*flat, "null", "local.none", '[1, "a", null]')
        deeper = _deeper(*flat, anything)
        strings, numbers, bools, lists, maps = (
            one_of(shallow, deep) for shallow, deep in zip(flat, deeper, strict=True)
        )
    return one_of(strings, numbers, bools, lists, maps)
