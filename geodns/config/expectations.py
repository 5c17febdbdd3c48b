"""`tests:` → Expectation: what a zone's operator says has to come out."""

from collections.abc import Mapping

from geodns.config.fields import continent, country, subdivision
from geodns.config.forms import ExpectationForm
from geodns.config.networks import parse_address
from geodns.config.problem import did_you_mean
from geodns.config.reading import Reading
from geodns.config.schedules import seconds
from geodns.config.tree import Path, Rows, Table, value_of
from geodns.model.name import BadName, Name, ancestors, parse_name
from geodns.model.place import Address, Place
from geodns.model.pool import Pool, PoolName
from geodns.model.zone import CODES, Expectation, ExpectedShare


def read_expectations(
    reading: Reading, origin: Name, steered: Mapping[Name, str], pools: Mapping[PoolName, Pool]
) -> tuple[Expectation, ...]:
    """The well-formed rows."""
    section = reading.document.node("tests")
    found = []
    for at, node in enumerate(section if isinstance(section, Rows) else ()):
        form = reading.form(ExpectationForm, value_of(node), "tests", at)
        if form is not None:
            found.append(_expectation(reading, form, ("tests", at), origin, steered, pools))
    return tuple(each for each in found if each is not None)


def _expectation(
    reading: Reading,
    form: ExpectationForm,
    path: Path,
    origin: Name,
    steered: Mapping[Name, str],
    pools: Mapping[PoolName, Pool],
) -> Expectation | None:
    source = reading.document.value(*path)
    anyone = form.expect if isinstance(form.expect, list) else []
    is_coded = bool(anyone) and CODES.issuperset(anyone)
    owner = _owner(reading, form.name, path, origin)
    if owner is not None and not is_coded and not _is_steered(reading, form.name, path, owner, steered):
        owner = None
    clients = (form.from_ is not None) + (form.place is not None)
    # A name that no policy answers for may be asked for by anybody.
    if clients == 2 or (clients == 0 and (owner in steered or not is_coded)):
        reading.complain(source, "a test needs either 'from', an address, or 'place', such as EU/FR")
    shares = form.expect if isinstance(form.expect, dict) else {}
    for key, names in (("down", form.down), ("expect", anyone)):
        for at, name in enumerate(names):
            if key == "down" or name not in CODES:
                _check_pool(reading, name, pools, (*path, key, at), CODES if key == "expect" else frozenset())
    for name in shares:
        reading.knows("pool", name, reading.names("pools"), *path, "expect", name, as_key=True)
    if owner is None:
        return None
    return Expectation(
        owner=owner,
        rtype=form.type,
        source_address=_address(reading, form.from_, path),
        place=_place(reading, form.place, path),
        down=frozenset(form.down),
        at=None if form.at is None else seconds(form.at, "UTC"),
        expect=tuple(anyone),
        shares=tuple(ExpectedShare(PoolName(name), *share) for name, share in shares.items()),
        source=source,
    )


def _owner(reading: Reading, text: str, path: Path, origin: Name) -> Name | None:
    try:
        return parse_name(text, origin)
    except BadName as error:
        reading.complain(reading.document.value(*path, "name"), str(error))
        return None


def _is_steered(reading: Reading, text: str, path: Path, owner: Name, steered: Mapping[Name, str]) -> bool:
    if owner in steered or any(Name(b"\1*" + above) in steered for above in ancestors(owner)):
        return True
    # A name with a broken policy has its complaint already.
    entry = reading.document.node("records", text)
    if not isinstance(entry, Table) or not ("policy" in entry or "pool" in entry or "ALIAS" in entry):
        message = f"no policy answers for '{text}', so no pool can be expected; give it a policy or a pool"
        way_out = f", or expect one of {', '.join(sorted(CODES))}"
        reading.complain(reading.document.value(*path, "name"), message + way_out)
    return False


def _address(reading: Reading, text: str | None, path: Path) -> Address | None:
    if text is None:
        return None
    try:
        return parse_address(text)
    except ValueError as error:
        reading.complain(reading.document.value(*path, "from"), str(error))
        return None


def _place(reading: Reading, text: str | None, path: Path) -> Place | None:
    if text is None:
        return None
    try:
        return parse_place(text)
    except ValueError as error:
        reading.complain(reading.document.value(*path, "place"), str(error))
        return None


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


def _check_pool(reading: Reading, name: str, pools: Mapping[PoolName, Pool], path: Path, codes: frozenset[str]) -> None:
    """`eu`, or `eu/fra1`; `codes` are for the hint. A pool that is broken has its complaint already."""
    pool, slash, member = name.partition("/")
    known = reading.names("pools") | pools.keys() | (frozenset() if slash else codes)
    if not reading.knows("pool", pool, known, *path) or not slash or PoolName(pool) not in pools:
        return
    members = [each.name for each in pools[PoolName(pool)].members]
    if member not in members:
        message = f"pool '{pool}' has no member '{member}'{did_you_mean(member, members)}"
        reading.complain(reading.document.value(*path), message)
