"""A file of measured queries: the ways to write it, and the words of each refusal."""

from fractions import Fraction
from ipaddress import ip_network
from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.weights import read_counts


def read(folder: Path, text: str) -> dict[str, Fraction]:
    file = folder / "queries.csv"
    file.write_text(text, encoding="utf-8")
    return {str(network): count.queries for network, count in read_counts(file).items()}


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.0/24 15\n2001:db8::/32 7\n",
        "192.0.2.0/24,15\n2001:db8::/32,7",
        "192.0.2.0/24\t15\n2001:db8::/32\t 7\n",
        "# prefix, queries\n\n192.0.2.0/24, 15 # the office\n2001:db8::/32; 7\n",
        '"192.0.2.0/24","15"\r\n"2001:db8::/32","7"\r\n',
        "\ufeff192.0.2.0/24 10\n2001:db8::/32 7\n192.0.2.0/24 5\n",
    ],
)
def test_counts_are_read_however_they_are_parted(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == {"192.0.2.0/24": 15, "2001:db8::/32": 7}


def test_an_address_is_a_prefix_and_a_sample_need_not_be_whole(tmp_path: Path) -> None:
    assert read(tmp_path, "192.0.2.1 2.5") == {"192.0.2.1/32": Fraction(5, 2)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prefix,count", "1:1: 'prefix' is no network, such as 192.0.2.0/24 or 2001:db8::/32"),
        ("\n192.0.2.1/24 5", "2:1: '192.0.2.1/24' has bits set past its prefix length; did you mean 192.0.2.0/24?"),
        ("192.0.2.0/24", "1:1: a line is PREFIX COUNT, such as 192.0.2.0/24 1500; found '192.0.2.0/24'"),
        ("192.0.2.0/24 5 6", "1:1: a line is PREFIX COUNT, such as 192.0.2.0/24 1500; found '192.0.2.0/24 5 6'"),
        ("192.0.2.0/24 -5", "1:1: '-5' is no count of queries, such as 1500"),
        ("192.0.2.0/24 1e3", "1:1: '1e3' is no count of queries, such as 1500"),
        ("192.0.2.0/24 ٣", "1:1: '٣' is no count of queries, such as 1500"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'queries.csv'}:{said}"


@pytest.mark.parametrize("text", ["", "# nothing\n", "192.0.2.0/24 0\n"])
def test_a_file_without_a_query_weighs_nothing_and_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no queries are counted here; a line is PREFIX COUNT"):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing: the file cannot be read: No such file or directory"):
        read_counts(tmp_path / "nothing")


def test_of_many_mistakes_the_first_twenty_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "x 1\n" * 100)
    assert len(caught.value.problems) == 20


def test_the_first_line_of_a_prefix_is_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "queries.csv"
    file.write_text("192.0.2.0/24 1\n\n192.0.2.0/24 1\n")
    assert read_counts(file)[ip_network("192.0.2.0/24")].source.line == 1
