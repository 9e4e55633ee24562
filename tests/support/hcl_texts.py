"""Generates HCL: texts that Terraform's parser accepts, from small pieces in many combinations."""

from __future__ import annotations

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]
NAMES = st.sampled_from(["a", "var", "local", "b-c", "_x9", "in_x", "fortune", "iffy", "größe"])
SPACES = st.sampled_from(["", " ", "  ", "\t", " /* c */ "])
#: White space where a new line means nothing.
FREE = st.sampled_from(["", " ", "\n", "\n  # c\n ", "\r\n\t", " // c '\" {\n", " /* \n */ "])
NUMBERS = st.sampled_from(["0", "7", "42", "1.5", "1e3", "2.5E-1", "10"])
OPERATORS = st.sampled_from(["||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"])
WORDS = st.sampled_from(
    [
        "x",
        " ",
        "  ",
        "é",
        "#",
        "//",
        "/*",
        "$",
        "%",
        "{",
        "}",
        "'",
        "(",
        "]",
        "$${",
        "%%{",
        "=",
        "for",
        "😀",
        "<<EOT",
    ]
)
QUOTED_WORDS = st.one_of(WORDS, st.sampled_from([r"\n", r"\"", r"\\", r"\t", r"\u00e9"]))
LINE_WORDS = st.one_of(WORDS, st.sampled_from(["\\", "\\n", '"', "EOT", "\t"]))


def joined(*parts: Texts | str) -> Texts:
    strategies = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*strategies).map("".join)


def listed(items: Texts, separator: Texts, least: int = 0) -> Texts:
    """Up to three items with separators between them."""
    return st.lists(st.tuples(items, separator), min_size=least, max_size=3).map(
        lambda found: "".join(
            item + (gap if n < len(found) - 1 else "") for n, (item, gap) in enumerate(found)
        )
    )


def _sequences(inner: Texts, words: Texts) -> Texts:
    text = st.lists(words, max_size=3).map(lambda found: _unmixed([*found, "%"])[:-1])
    opens, closes = st.sampled_from(["{", "{~"]), st.sampled_from(["}", "~}"])
    return st.one_of(
        joined("$", opens, FREE, inner, FREE, closes),
        joined(
            "%", opens, " if ", inner, " ", closes, text, "%{ else }", text, "%{ endif ", closes
        ),
        joined("%", opens, " for k, v in ", inner, " ", closes, text, "${v}", "%{ endfor ", closes),
    )


def _strings(inner: Texts) -> Texts:
    parts = st.one_of(QUOTED_WORDS, _sequences(inner, QUOTED_WORDS))
    return st.lists(parts, max_size=4).map(lambda found: '"' + _unmixed(found) + '"')


def _heredocs(inner: Texts) -> Texts:
    parts = st.one_of(LINE_WORDS, _sequences(inner, LINE_WORDS))
    line = st.lists(parts, max_size=3).map(lambda found: "  " + _unmixed(found) + ".")
    return joined(
        st.sampled_from(["<<", "<<-"]),
        "EOT\n",
        st.lists(line, max_size=4).map(lambda lines: "".join(f"{line}\n" for line in lines)),
        "  EOT\n",
    )


def _unmixed(parts: list[str]) -> str:
    """The parts as one text, without a ``$`` or ``%`` that would join with what follows it."""
    text = ""
    for part in parts:
        if text.endswith(("$", "%")) and part.startswith(("$", "%", "{")):
            text += "."
        text += part
    return text


def _extended(inner: Texts) -> Texts:
    comma = joined(FREE, ",", FREE)
    gap = st.one_of(joined(SPACES, ",", FREE), st.sampled_from(["\n", " # c\n", "\n\n"]))
    key = st.one_of(
        NAMES,
        st.sampled_from(['"k"', "true", "for_each"]),
        joined("(", inner, ")"),
        joined('"${', inner, '}"'),
    )
    item = joined(key, SPACES, st.sampled_from(["=", ":"]), SPACES, inner)
    intro = joined("for ", st.sampled_from(["v", "k, v"]), " in ", inner, FREE, ":", FREE)
    condition = st.one_of(st.just(""), joined(" if ", inner))
    operand = st.one_of(NAMES, joined("(", FREE, inner, FREE, ")"), joined("f(", inner, ")"))
    step = st.one_of(
        st.sampled_from([".a", ".b-c", ".0", "[*]", '["k"]', "[0]"]), joined("[", inner, "]")
    )
    return st.one_of(
        joined("(", FREE, inner, FREE, ")"),
        joined("[", FREE, listed(inner, comma), FREE, "]"),
        joined("[", FREE, listed(inner, comma, 1), FREE, ",", FREE, "]"),
        joined("{", FREE, "}"),
        joined("{", FREE, listed(item, gap, 1), st.sampled_from(["", "\n", ",", " "]), "}"),
        joined("f(", FREE, listed(inner, comma), FREE, ")"),
        joined("f(", inner, "...)"),
        joined("provider::aws::f(", inner, ")"),
        joined(operand, st.lists(step, max_size=3).map("".join)),
        joined(operand, ".*", st.lists(st.sampled_from([".a", ".0"]), max_size=2).map("".join)),
        joined(st.sampled_from(["-", "!"]), operand),
        joined(inner, " ", OPERATORS, " ", inner),
        joined(inner, " ? ", inner, " : ", inner),
        joined("[", FREE, intro, inner, condition, FREE, "]"),
        joined(
            "{",
            FREE,
            intro,
            inner,
            " => ",
            inner,
            st.sampled_from(["", "..."]),
            condition,
            FREE,
            "}",
        ),
        _strings(inner),
    )


EXPRESSIONS = st.recursive(
    st.one_of(NAMES, NUMBERS, st.sampled_from(["true", "null", '"s"', "var.a"])),
    _extended,
    max_leaves=8,
)
VALUES = st.one_of(
    joined(EXPRESSIONS, st.sampled_from(["\n", " # c\n", "\n\n", "\r\n"])), _heredocs(EXPRESSIONS)
)
ATTRIBUTES = joined(NAMES, SPACES, "=", SPACES, VALUES)
LABELS = st.lists(st.sampled_from([' "aws_x"', " y", ' "é\\n$${"']), max_size=2).map("".join)


def _bodies(inner: Texts) -> Texts:
    block = joined(NAMES, LABELS, " {", st.sampled_from(["\n", " # c\n"]), inner, "}\n")
    return st.lists(st.one_of(ATTRIBUTES, block), max_size=3).map("".join)


BODIES = st.recursive(st.lists(ATTRIBUTES, max_size=3).map("".join), _bodies, max_leaves=4)
