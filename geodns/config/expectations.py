"""`tests:` → Expectation: what a zone's operator says has to come out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from geodns.config.forms import ExpectationForm
from geodns.config.networks import parse_address
from geodns.config.places import parse_place
from geodns.config.problem import did_you_mean
from geodns.config.rdata import ADDRESSES, SOA, RdataReader, parse_asked
from geodns.config.reading import Reading
from geodns.config.schedules import seconds
from geodns.config.tree import Node, Path, Rows, Table, Value, value_of
from geodns.model.name import Name, ancestors, parse_name
from geodns.model.pool import Pool, PoolName
from geodns.model.zone import CODES, Expectation, ExpectedShare

T = TypeVar("T")


def read_expectations(
    reading: Reading, origin: Name, steered: Mapping[Name, str], pools: Mapping[PoolName, Pool]
) -> tuple[Expectation, ...]:
    """The well-formed rows."""
    section = reading.document.node("tests")
    found = []
    for at, node in enumerate(section if isinstance(section, Rows) else ()):
        form = reading.form(ExpectationForm, _as_written(node), "tests", at)
        if form is not None:
            found.append(_Row(reading, form, ("tests", at), origin, steered, pools).read())
    return tuple(each for each in found if each is not None)


def _as_written(node: Node) -> Value:
    """The row's value, with what records are to say as text: what looks like a number is none there."""
    value = value_of(node)
    if isinstance(node, Table) and isinstance(value, dict) and "records" in node:
        written = node["records"]
        value["records"] = list(map(_text_of, written)) if isinstance(written, Rows) else _text_of(written)
    return value


def _text_of(node: Node) -> Value:
    return str(node) if isinstance(node, str) else value_of(node)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, with what is known when it is read."""

    reading: Reading
    form: ExpectationForm
    path: Path
    origin: Name
    steered: Mapping[Name, str]
    pools: Mapping[PoolName, Pool]

    def read(self) -> Expectation | None:
        form, anyone = self.form, self._anyone
        rtype = parse_asked(form.type)
        shares = form.expect if isinstance(form.expect, dict) else {}
        is_coded = not shares and CODES.issuperset(anyone)
        owner = self._parsed(form.name, lambda text: parse_name(text, self.origin), "name")
        if owner is not None and not is_coded and not self._is_steered(owner):
            owner = None
        self._check_company(is_drawn=not is_coded or (owner in self.steered and rtype in ADDRESSES))
        self._check_pools()
        records = self._records(rtype)
        if owner is None:
            return None
        return Expectation(
            owner=owner,
            rtype=rtype,
            source_address=self._parsed(form.from_, parse_address, "from"),
            place=self._parsed(form.place, parse_place, "place"),
            down=frozenset(form.down),
            at=None if form.at is None else seconds(form.at, "UTC"),
            expect=tuple(anyone),
            shares=tuple(ExpectedShare(PoolName(name), *share) for name, share in shares.items()),
            records=records,
            source=self.reading.document.value(*self.path),
        )

    @property
    def _anyone(self) -> list[str]:
        """Of these any is right."""
        return self.form.expect if isinstance(self.form.expect, list) else []

    def _parsed(self, text: str | None, parse: Callable[[str], T], *steps: str | int) -> T | None:
        """None where there is nothing, or nothing well-formed."""
        try:
            return None if text is None else parse(text)
        except ValueError as error:
            self._complain(str(error), *steps)
            return None

    def _is_steered(self, owner: Name) -> bool:
        if owner in self.steered or any(Name(b"\1*" + above) in self.steered for above in ancestors(owner)):
            return True
        text = self.form.name
        # A name with a broken policy has its complaint already.
        entry = self.reading.document.node("records", text)
        if not isinstance(entry, Table) or not ("policy" in entry or "pool" in entry or "ALIAS" in entry):
            message = f"no policy answers for '{text}', so no pool can be expected; give it a policy or a pool"
            self._complain(f"{message}, or expect one of {', '.join(sorted(CODES))}, or 'records'", "name")
        return False

    def _check_company(self, *, is_drawn: bool) -> None:
        """A name that no policy answers for may be asked for by anybody."""
        form = self.form
        clients = (form.from_ is not None) + (form.place is not None)
        if form.expect is None and form.records is None:
            self._complain("a test needs 'expect', a pool or a code such as NODATA, or 'records', or both")
        elif clients == 2 or (clients == 0 and form.expect is not None and is_drawn):
            self._complain("a test needs either 'from', an address, or 'place', such as EU/FR")

    def _check_pools(self) -> None:
        for at, name in enumerate(self.form.down):
            self._check_pool(name, frozenset(), "down", at)
        for at, name in enumerate(self._anyone):
            if name not in CODES:
                self._check_pool(name, CODES, "expect", at)
        for name in self.form.expect if isinstance(self.form.expect, dict) else ():
            known = self.reading.names("pools")
            self.reading.knows("pool", name, known, *self.path, "expect", name, as_key=True)

    def _check_pool(self, name: str, codes: frozenset[str], *steps: str | int) -> None:
        """`eu`, or `eu/fra1`; `codes` are for the hint. A pool that is broken has its complaint already."""
        pool, slash, member = name.partition("/")
        known = self.reading.names("pools") | self.pools.keys() | (frozenset() if slash else codes)
        if not self.reading.knows("pool", pool, known, *self.path, *steps) or not slash:
            return
        members = [each.name for each in self.pools[PoolName(pool)].members] if pool in self.pools else [member]
        if member not in members:
            self._complain(f"pool '{pool}' has no member '{member}'{did_you_mean(member, members)}", *steps)

    def _records(self, rtype: int) -> tuple[bytes, ...]:
        """What they say, in wire form."""
        written = self.form.records or []
        if rtype == SOA and written:
            self._complain("the SOA is made of the zone's 'soa' key, and its serial counted; expect NOERROR", "records")
            return ()
        reader = RdataReader(self.origin)
        found = [self._parsed(text, partial(reader.wire, rtype), "records", at) for at, text in enumerate(written)]
        return tuple(rdata for rdata in found if rdata is not None)

    def _complain(self, message: str, *steps: str | int) -> None:
        self.reading.complain(self.reading.document.value(*self.path, *steps), message)
