"""What a container instance's user data certainly does, as far as its cluster hangs on it."""

from __future__ import annotations

from ..symbolic.answers import Yes, is_absent
from ..symbolic.patterns import regex
from ..symbolic.strings import pieces
from ..symbolic.values import Value, expanded, literal, without_holes
from .instances import has_unknown_lines

#: Lines of a script that leave the agent's configuration alone, and those that write to it another
#: variable than ECS_CLUSTER, or that one misspelt.
_IDLE = regex(
    r"#.*|set [-+]\w.*|export [A-Z]+=\S*|(sudo )?(yum|dnf|apt|apt-get) [\w.+= -]+"
    r"|(sudo )?amazon-linux-extras [\w.= -]+|echo [\w ,.!\"']+"
    r"|(sudo )?(mkdir|usermod|chkconfig|service) [\w /.-]+"
    r"|(sudo )?systemctl [\w@ .-]+|(sudo )?(start|stop) ecs|sleep \d+|"
)
_SET = regex(r"(sudo )?echo (-\w+ )?[\"']?[A-Z_]+=[^;&|`(]*>>? ?/etc/ecs/ecs\.config[\"']?")
#: How a line begins that a shell would run, and cloud-init does not: it takes user data by its
#: first characters (facts H27).
_COMMANDS = (
    *("echo", "sudo", "yum", "dnf", "apt", "apt-get", "cat", "mkdir", "touch", "export", "printf"),
    *("set", "systemctl", "amazon-linux-extras", "ECS_CLUSTER"),
)
_FIRST_WORD = regex(r"[A-Za-z_-]*")
_SETTING = "ECS_CLUSTER="
#: A name that ends where no variable of the shell goes on with it.
_WHOLE = regex(r"ECS_CLUSTER=[\"']?[\w-]*[\"']?(\s|\Z)")
#: What of a script may have an instance become a host of ECS.
_MAY_JOIN = ("ecs", "curl", "wget", "s3 cp", "s3 sync", "git clone", "ansible", "ssm", "docker")


def is_indented(user_data: Value) -> bool:
    """Is it a script that would join a cluster, and begins with spaces, as in ``<<EOF``? cloud-init
    takes it for a script, and the kernel finds no ``#!`` at its beginning."""
    begin = _beginning(user_data)
    return begin[:1].isspace() and begin.lstrip().startswith("#!")


def is_no_script(user_data: Value) -> bool:
    """Are it commands that would join a cluster, without ``#!`` before them?"""
    found = _FIRST_WORD.match(_beginning(user_data).lstrip())
    return found is not None and found[0] in _COMMANDS


def _beginning(user_data: Value) -> str:
    """How user data begins that would join a cluster; empty where it is put together of commands
    that a shell runs."""
    if user_data.span.line > 0 and _SETTING in without_holes(user_data):
        return pieces.beginning(user_data)
    return ""


def joins_nothing(user_data: Value) -> bool:
    """Is it left out, or a script of which each line is known to set no cluster?"""
    if isinstance(is_absent(user_data), Yes):
        return True
    written = literal(expanded(user_data))
    return (
        written is not None
        and _SETTING not in written
        and all(
            _IDLE.fullmatch(line) is not None or _SET.fullmatch(line) is not None
            for line in map(str.strip, written.splitlines())
        )
    )


def sets_one_cluster(user_data: Value) -> bool:
    """Is a cluster set in one line alone, and nothing unknown that may set another?"""
    lines = without_holes(user_data).splitlines()
    setting = [line for line in lines if _SETTING in line]
    return (
        len(setting) == 1
        and setting[0].count(_SETTING) == 1
        and "#" not in setting[0]
        and _WHOLE.search(setting[0]) is not None
        and user_data.span.line > 0
        and not has_unknown_lines(user_data)
        and pieces.beginning(user_data).startswith("#!")
    )


def has_no_part_in_ecs(user_data: Value) -> bool:
    """Is it known, and nothing in it that may have the instance join a cluster?"""
    written = literal(expanded(user_data))
    return isinstance(is_absent(user_data), Yes) or (
        written is not None and not any(word in written.lower() for word in _MAY_JOIN)
    )
