"""Date and time functions. What time it is, is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from ....symbolic.values import Unknown, Value, Why
from ..faults import EvaluationFault, NotComputable
from ..value_types import STRING
from .base import plain

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_TOKEN = re.compile(r"'(?:[^']|'')*('|$)|([A-Za-z])\2*|[^A-Za-z']+")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class _Moment:
    """A time to the second with its zone, and the fraction of a second."""

    second: datetime
    fraction: Fraction
    zone: str


def _moment(text: str) -> _Moment:
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        raise EvaluationFault(f"'{text[:40]}' is no RFC 3339 timestamp")
    zone = found[8]
    try:
        year, month, day, hour, minute, second = (int(found[group]) for group in range(1, 7))
        time = datetime(year, month, day, hour, minute, second, tzinfo=timezone(_offset(zone)))
    except ValueError:
        raise EvaluationFault(f"'{text[:40]}' is no RFC 3339 timestamp") from None
    return _Moment(time, Fraction(found[7] or "0"), zone)


def _offset(zone: str) -> timedelta:
    """Raises ValueError for what is no zone."""
    if zone == "Z":
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if minutes > 59:
        raise ValueError("an hour has sixty minutes")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _formatdate(pattern: str, timestamp: str) -> str:
    moment = _moment(timestamp)
    pieces: list[str] = []
    for token in _TOKEN.finditer(pattern):
        if token.group().startswith("'"):
            if not token[1]:
                raise EvaluationFault("the date format has an open quote")
            pieces.append(token.group()[1:-1].replace("''", "'"))
        elif token[2]:
            pieces.append(_part(token.group(), moment))
        else:
            pieces.append(token.group())
    return "".join(pieces)


def _part(token: str, moment: _Moment) -> str:
    time = moment.second
    hour = time.hour % 12 or 12
    half = "AM" if time.hour < 12 else "PM"
    zone = "+00:00" if moment.zone == "Z" else moment.zone
    known = {
        "YYYY": f"{time.year:04d}",
        "YY": f"{time.year % 100:02d}",
        "MMMM": _MONTHS[time.month - 1],
        "MMM": _MONTHS[time.month - 1][:3],
        "MM": f"{time.month:02d}",
        "M": str(time.month),
        "DD": f"{time.day:02d}",
        "D": str(time.day),
        "EEEE": _DAYS[time.weekday()],
        "EEE": _DAYS[time.weekday()][:3],
        "hh": f"{time.hour:02d}",
        "h": str(time.hour),
        "HH": f"{hour:02d}",
        "H": str(hour),
        "AA": half,
        "aa": half.lower(),
        "mm": f"{time.minute:02d}",
        "m": str(time.minute),
        "ss": f"{time.second:02d}",
        "s": str(time.second),
        "ZZZZZ": zone,
        "ZZZZ": zone.replace(":", ""),
        "ZZZ": "UTC" if zone == "+00:00" else zone.replace(":", ""),
        "Z": "Z" if zone == "+00:00" else zone,
    }
    if token not in known:
        raise EvaluationFault(f"'{token}' is no part of a date format")
    return known[token]


def _timeadd(timestamp: str, duration: str) -> str:
    moment = _moment(timestamp)
    total = moment.fraction + _seconds(duration)
    try:
        time = moment.second + timedelta(seconds=total.numerator // total.denominator)
    except OverflowError:
        raise EvaluationFault("the duration is too long") from None
    zone = "Z" if moment.zone in ("Z", "+00:00", "-00:00") else moment.zone
    return time.strftime("%Y").rjust(4, "0") + time.strftime("-%m-%dT%H:%M:%S") + zone


def _seconds(duration: str) -> Fraction:
    sign, remainder = (-1, duration[1:]) if duration[:1] == "-" else (1, duration.removeprefix("+"))
    if remainder == "0":
        return Fraction(0)
    parts = list(_DURATION.finditer(remainder))
    if not parts or "".join(part.group() for part in parts) != remainder or len(remainder) > 100:
        raise EvaluationFault(f"'{duration[:40]}' is no duration")
    return sign * sum((Fraction(part[1]) * _UNITS[part[2]] for part in parts), Fraction(0))


def _timecmp(first: str, second: str) -> int:
    left, right = _moment(first), _moment(second)
    mine, theirs = (left.second, left.fraction), (right.second, right.fraction)
    return (mine > theirs) - (mine < theirs)


def _now() -> Value:
    raise NotComputable(Unknown("it is the time of the deployment", why=Why.FUNCTION))


FUNCTIONS = {
    "formatdate": plain(_formatdate, STRING, STRING),
    "plantimestamp": plain(_now),
    "timeadd": plain(_timeadd, STRING, STRING),
    "timecmp": plain(_timecmp, STRING, STRING),
    "timestamp": plain(_now),
}
