"""Where a client is supposed to be, as operators write it → Place."""

from geodns.config.fields import continent, country, subdivision
from geodns.model.place import Place


def parse_place(text: str) -> Place:
    """`EU`, `EU/FR` or `NA/US/US-CA`. Raises ValueError with a sentence for the operator."""
    parts = text.split("/")
    if len(parts) > 3:
        raise ValueError(f"'{text}' is no place; write EU, EU/FR or NA/US/US-CA")
    codes = [check(part) for check, part in zip((continent, country, subdivision), parts, strict=False)]
    if len(codes) == 3 and not codes[2].startswith(f"{codes[1]}-"):
        raise ValueError(f"the subdivision {codes[2]} is not in {codes[1]}")
    padded = (*codes, None, None)
    return Place(continent=padded[0], country=padded[1], subdivision=padded[2])
