"""The kinds of value that the forms are made of: each checks one scalar or list and says what would be right.

Validators raise ValueError with a whole sentence; the JSON Schema of a kind stands beside it.
"""

import re
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from geodns.config.durations import MAX_TTL, parse_duration, parse_ttl
from geodns.config.networks import parse_ipv4, parse_ipv6
from geodns.config.problem import did_you_mean
from geodns.config.rdata import parse_asked
from geodns.model.policy import Locate
from geodns.model.pool import Quorum

CONTINENTS = ("AF", "AN", "AS", "EU", "NA", "OC", "SA")
MOST_ANSWERS = 64
MOST_WEIGHT = 1_000_000

_LAST_YEAR = 3000  # calendars of now are no good for later ones
_DURATION_PATTERN = r"^([0-9]+(\.[0-9]+)?([mu]s|[smhdw]))+$"
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_CITY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?/\S(?:.*\S)?")
_ASN = re.compile(r"(?:AS)?([1-9][0-9]{0,9})")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
_SHARES = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)(?:\s*%?\s*-\s*([0-9]{1,3}(?:\.[0-9]+)?))?\s*%")
_LOCATES = "write [ecs, resolver], [resolver] or [ecs]"
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%")


def identifier(text: str) -> str:
    """The name of a pool, member, check, policy or network."""
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"'{text}' is no name: use up to 63 letters, digits, '-', '_' and '.'")
    return text


def continent(text: str) -> str:
    if text not in CONTINENTS:
        raise ValueError(f"'{text}' is no continent; write one of {', '.join(CONTINENTS)}")
    return text


def country(text: str) -> str:
    if not _COUNTRY.fullmatch(text):
        raise ValueError(f"'{text}' is no country code: two capital letters, such as DE")
    return text


def subdivision(text: str) -> str:
    if not _SUBDIVISION.fullmatch(text):
        raise ValueError(f"'{text}' is no subdivision code: country, hyphen, code, such as US-CA")
    return text


def city(text: str) -> str:
    """Case-folded, as it is compared."""
    if not _CITY.fullmatch(text):
        raise ValueError(f"'{text}' is no city: country, slash, its name in English, such as DE/Berlin or US-TX/Austin")
    return text.casefold()


def as_number(value: object) -> int:
    """3320 or AS3320 (RFC 5396, asplain)."""
    number = _ASN.fullmatch(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if number is None or int(number[1]) >= 1 << 32:
        shown = f"'{value}'" if isinstance(value, str | int) and not isinstance(value, bool) else "this"
        raise ValueError(f"{shown} is no AS number; write 3320 or AS3320")
    return int(number[1])


def quorum(value: object) -> Quorum:
    """A count of at least one, or a share above 0 %."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return Quorum(float(value))
    share = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if share is not None and 0 < float(share[1]) <= 100:
        return Quorum(float(share[1]), is_share=True)
    shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
    raise ValueError(f'{shown} is no number of members; write a count of at least 1, or a share such as "50%"')


def percent(value: object) -> float:
    """10% or 10."""
    share = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if share is not None:
        return float(share[1])
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000:
        return float(value)
    shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
    raise ValueError(f"{shown} is no percentage from 0 to 999; write 10%")


def share(value: object) -> float:
    """`5%`: in per cent, 0 to 100."""
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None or float(found[1]) > 100:
        shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
        raise ValueError(f"{shown} is no share of the answers; write 5%")
    return float(found[1])


def time_zone(name: str) -> str:
    """A name in the IANA database."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        hint = did_you_mean(name, available_timezones()) or "; write UTC, or a name such as Europe/Berlin"
        raise ValueError(f"there is no time zone '{name}'{hint}") from None
    return name


def moment(value: object) -> datetime:
    """A date, a time by the clocks of the time zone, or one with its offset (ISO 8601)."""
    try:
        found = datetime.fromisoformat(value if isinstance(value, str) else "")
        if not 1970 < found.year < _LAST_YEAR:
            raise ValueError
    except ValueError:
        shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
        raise ValueError(f"{shown} is no time; write 2026-12-24T18:00") from None
    return found


def cron(value: object) -> str:
    """Five fields, of days that come."""
    text = value if isinstance(value, str) else ""
    if len(text.split()) != 5:
        shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
        raise ValueError(f"{shown} is no cron expression; write minute hour day month weekday, such as '0 22 * * 1-5'")
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        trouble = f"{error}".lower() or "there is no such day"
        raise ValueError(f"'{text}' is no cron expression: {trouble}") from None
    return text


def share_range(value: object) -> tuple[float, float]:
    """`95%`, or `90-100%`: from and to, in per cent."""
    found = _SHARES.fullmatch(value) if isinstance(value, str) else None
    low, high = (float(found[1]), float(found[2] or found[1])) if found else (1.0, 0.0)
    if not 0 <= low <= high <= 100:
        shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
        raise ValueError(f"{shown} is no share of the answers; write 95% or 90-100%")
    return low, high


def locate(words: list[str]) -> list[str]:
    """Whose address decides. There always is a resolver, so nothing can come after it."""
    known = [list(each.value) for each in Locate]
    if words in known:
        return words
    if sorted(words) == ["ecs", "resolver"]:
        raise ValueError(f"the resolver's address is always there, so 'ecs' after it is never looked at; {_LOCATES}")
    odd = next((word for word in words if word not in ("ecs", "resolver")), None)
    wrong = "this list" if odd is None else f"'{odd}'"
    raise ValueError(f"{wrong} does not say whose address decides; {_LOCATES}")


def asked_type(text: str) -> str:
    """A record type, as it is written."""
    parse_asked(text)
    return text


def listed(value: object) -> object:
    """One value stands for a list of one."""
    return [value] if isinstance(value, str | int | float) else value


def _one_or_more(item: dict[str, object]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item}]})


def _spellings(kind: Locate) -> list[object]:
    """As a list, and where it has one word, as that."""
    return [list(kind.value), *(kind.value if len(kind.value) == 1 else ())]


T = TypeVar("T")


def at_least_one(codes: list[T]) -> list[T]:
    """An empty condition would hold for nobody."""
    if not codes:
        raise ValueError("the list is empty, so nobody fits; name at least one, or leave the key out")
    return codes


Identifier = Annotated[str, AfterValidator(identifier)]
Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _DURATION_PATTERN}]}),
]
Ttl = Annotated[
    int,
    BeforeValidator(parse_ttl),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": MAX_TTL},
                {"type": "string", "pattern": _DURATION_PATTERN},
            ]
        }
    ),
]
Count = Annotated[
    Quorum,
    BeforeValidator(quorum),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": r"^[0-9.]+\s*%$"}]}),
]
Percent = Annotated[
    float,
    BeforeValidator(percent),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^[0-9.]+\s*%$"}]}),
]
ShareRange = Annotated[
    tuple[float, float],
    BeforeValidator(share_range),
    WithJsonSchema({"type": "string", "pattern": f"^{_SHARES.pattern}$"}),
]
Share = Annotated[float, BeforeValidator(share), WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+\s*%$"})]
TimeZone = Annotated[str, AfterValidator(time_zone)]
Moment = Annotated[
    datetime,
    BeforeValidator(moment),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}", "examples": ["2026-12-24T18:00"]}),
]
Cron = Annotated[str, BeforeValidator(cron), WithJsonSchema({"type": "string", "examples": ["0 22 * * 1-5"]})]
Bias = Annotated[int, Field(ge=-99, le=99)]
Weight = Annotated[int, Field(ge=0, le=MOST_WEIGHT)]
Answers = Annotated[int, Field(ge=1, le=MOST_ANSWERS)]

_TEXT: dict[str, object] = {"type": "string"}
Texts = Annotated[list[str], BeforeValidator(listed), _one_or_more(_TEXT)]
Rdatas = Annotated[list[str], BeforeValidator(listed), _one_or_more({"type": ["string", "number"]})]
AskedType = Annotated[
    str, AfterValidator(asked_type), WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9-]*$"})
]
Locates = Annotated[
    list[str],
    BeforeValidator(listed),
    AfterValidator(locate),
    WithJsonSchema({"enum": [*(each for kind in Locate for each in _spellings(kind))]}),
]
Networks = Annotated[list[str], BeforeValidator(listed), AfterValidator(at_least_one), _one_or_more(_TEXT)]
Continents = Annotated[
    list[Annotated[str, AfterValidator(continent)]],
    BeforeValidator(listed),
    AfterValidator(at_least_one),
    _one_or_more({"enum": list(CONTINENTS)}),
]
Countries = Annotated[
    list[Annotated[str, AfterValidator(country)]],
    BeforeValidator(listed),
    AfterValidator(at_least_one),
    _one_or_more({"type": "string", "pattern": f"^{_COUNTRY.pattern}$"}),
]
Subdivisions = Annotated[
    list[Annotated[str, AfterValidator(subdivision)]],
    BeforeValidator(listed),
    AfterValidator(at_least_one),
    _one_or_more({"type": "string", "pattern": f"^{_SUBDIVISION.pattern}$"}),
]
Cities = Annotated[
    list[Annotated[str, AfterValidator(city)]],
    BeforeValidator(listed),
    AfterValidator(at_least_one),
    _one_or_more({"type": "string", "pattern": f"^{_CITY.pattern}$"}),
]
Asns = Annotated[
    list[Annotated[int, BeforeValidator(as_number)]],
    BeforeValidator(listed),
    AfterValidator(at_least_one),
    _one_or_more({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{_ASN.pattern}$"}]}),
]
Regions = Annotated[list[str], BeforeValidator(listed), AfterValidator(at_least_one), _one_or_more(_TEXT)]
IPv4s = Annotated[
    list[Annotated[IPv4Address, BeforeValidator(parse_ipv4)]],
    BeforeValidator(listed),
    _one_or_more({"type": "string", "format": "ipv4"}),
]
IPv6s = Annotated[
    list[Annotated[IPv6Address, BeforeValidator(parse_ipv6)]],
    BeforeValidator(listed),
    _one_or_more({"type": "string", "format": "ipv6"}),
]
