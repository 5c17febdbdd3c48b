"""Links between the pages lead somewhere."""

import re

import pytest

from tests.docs.pages import ROOT, names, page

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("name", names())
def test_links_lead_to_files_and_headings_that_are_there(name: str) -> None:
    for path, anchor in _LINK.findall(page(name)):
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), f"{name} links to {path}"
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{name} links to {path}#{anchor}"
