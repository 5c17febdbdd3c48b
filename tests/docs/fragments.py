"""A part of a zone, as pages show it → a whole zone, by adding the sections that it leaves out.

What stands in the fragment stays as it is, to the letter. A section that is there has to be whole: a fragment with
pools declares all the pools that it names.
"""

from collections.abc import Iterable

from geodns.config.marked import parse
from geodns.config.tree import Table

_POOLS = """
pools:
  eu: {location: {lat: 50.11, lon: 8.68}, members: {fra1: {A: 192.0.2.10}, fra2: {A: 192.0.2.11}}}
  us: {location: {lat: 39.04, lon: -77.49}, members: {iad1: {A: 198.51.100.10}}}
  ap: {location: {lat: 35.68, lon: 139.69}, members: {nrt1: {A: 203.0.113.10}}}
  sorry: {members: {page: {A: 192.0.2.99}}}
"""
_APEX = '  "@": {NS: [ns1, ns2.example.net.]}\n  ns1: {A: 192.0.2.53}\n'


def completed(text: str) -> str:
    root = parse(text.encode(), "fragment").root
    assert isinstance(root, Table), "a fragment is a mapping"
    pool = next(iter(_section(root, "pools")), "eu")
    parts = [_with_apex(text, root), "zone: example.com\n"]
    if "pools" not in root:
        parts.append(_POOLS)
    if "regions" not in root:
        parts.append("regions: {dach: [DE, AT, CH]}\n")
    if "checks" not in root:
        parts.append(_entries("checks", _named(root, "pools", "check"), "{type: tcp, port: 443}"))
    if "policies" not in root:
        parts.append(_entries("policies", _named(root, "records", "policy"), f"{{pools: {pool}}}"))
    if "records" not in root:
        parts.append(f"records:\n{_APEX}  www: {{pool: {pool}}}\n")
    return "".join(parts)


def _with_apex(text: str, root: Table) -> str:
    records = _section(root, "records")
    return text.replace("records:\n", f"records:\n{_APEX}", 1) if records and "@" not in records else text


def _section(root: Table, name: str) -> Table:
    section = root.get(name)
    return section if isinstance(section, Table) else Table(root.mark)


def _named(root: Table, section: str, key: str) -> list[str]:
    """What the entries of a section have under the key."""
    found = (entry.get(key) for entry in _section(root, section).values() if isinstance(entry, Table))
    return [name for name in found if isinstance(name, str)]


def _entries(section: str, names: Iterable[str], value: str) -> str:
    return f"{section}: {{{', '.join(f'{name}: {value}' for name in dict.fromkeys(names))}}}\n"
