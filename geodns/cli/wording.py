"""Numbers as people read them."""

_UNITS = ((86400, "days"), (3600, "hours"), (60, "minutes"))


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`no problems`, `1 problem`, `2 problems`."""
    return f"{number or 'no'} {noun if number == 1 else plural or f'{noun}s'}"


def percent(share: float) -> str:
    """`12.5 %`, aligned to the right. Nothing and all are exact, whatever is cut off."""
    if 0 < share < 0.0005:
        return " <0.1 %"
    if 0.9995 < share < 1:
        return ">99.9 %"
    return f"{f'{share * 100:.1f}'.removesuffix('.0')} %".rjust(7)


def lasting(seconds: float) -> str:
    """In the largest unit of which there are two: `90 seconds`, `5 minutes`, `47 hours`, `174 days`."""
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return counted(int(seconds), "second")
