"""Identifiers: a GTIN is right or absent, and junk is no part number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.identifiers import check_digit, gtin_of, mpn_of, sku_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4006381333931", "4006381333931"),
        (" 4006381333931 ", "4006381333931"),
        ("4 006381 333931", "4006381333931"),
        ("4-006381-333931", "4006381333931"),
        ("EAN: 4006381333931", "4006381333931"),
        ("GTIN-13: 4006381333931", "4006381333931"),
        ("gtin13: 4006381333931", "4006381333931"),
        ("UPC: 036000291452", "036000291452"),
        ("036000291452", "036000291452"),
        ("0036000291452", "0036000291452"),
        ("00036000291452", "00036000291452"),
        ("10614141000415", "10614141000415"),
        ("96385074", "96385074"),
        ("9780306406157", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("ISBN-13: 978-0-306-40615-7", "9780306406157"),
        ("ISBN: 0-306-40615-2", "9780306406157"),
        ("0306406152", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("9771234567898", "9771234567898"),
        ("4006381333931\u200b", "4006381333931"),
        ("&nbsp;4006381333931", "4006381333931"),
    ],
)
def test_a_right_code_is_kept_as_its_digits(text: str, code: str) -> None:
    """Labels, spaces and hyphens fall away; an ISBN-10 becomes the ISBN-13 it stands for."""
    assert gtin_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "4006381333932", "036000291453", "96385075", "0306406153", "9780306406158", "123", "40063813339",
        "400638133393", "0000000000000", "00000000", "1111111111111", "9999999999994", "1234567890128", "12345670",
        "123456789012", "0123456789012", "2000000000008", "2012345678900", "0212345678903", "0412345678901",
        "9912345678903", "9812345678904", "212345678902", "412345678908", "512345678900", "n/a", "Does not apply",
        "null", "4006381333931, 4006381333948", "40063813339310000", "4.006381333931e+12", "４００６３８１３３３９３１",
        "0000000000", "http://example.com/4006381333931",
    ],
)  # fmt: skip
def test_a_wrong_or_empty_code_is_no_gtin(text: str) -> None:
    """A failed check digit, a placeholder and a shop's own in-store code give nothing."""
    assert gtin_of(text) is None


@given(st.text(alphabet="0123456789", min_size=11, max_size=13))
def test_a_wrong_check_digit_never_passes(body: str) -> None:
    """Of the ten codes that share a body at most one is a GTIN, the one whose check digit is right."""
    kept = [digit for digit in "0123456789" if gtin_of(body + digit)]

    assert kept in ([], [str(check_digit(body))])


@given(st.text(max_size=100))
def test_any_text_is_a_code_or_nothing(text: str) -> None:
    """No text makes reading an identifier fail."""
    code = gtin_of(text)

    assert code is None or (code.isascii() and code.isdigit())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ABC-123", "ABC-123"),
        (" ABC-123 ", "ABC-123"),
        ("SKU: ABC-123", "ABC-123"),
        ("Art.-Nr.: 10023", "10023"),
        ("Item # 10023", "10023"),
        ("Ref. : 10023", "10023"),
        ("10023", "10023"),
        ("5", "5"),
        ("WH/1000XM4.B", "WH/1000XM4.B"),
        ("MX 2L AM", "MX 2L AM"),
        ("A&amp;B-1", "A&B-1"),
        ("RT-AX88U-PRO", "RT-AX88U-PRO"),
        ("red-shirt-01", "red-shirt-01"),
        ("００１２", "００１２"),
    ],
)
def test_a_part_number_is_kept_as_written(text: str, code: str) -> None:
    """A number loses its label and nothing else."""
    assert sku_of(text) == code
    assert mpn_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "--", "n/a", "N/A", "NA", "none", "None", "null", "undefined", "0", "000", "unknown", "TBD",
        "Does not apply", "Nicht zutreffend", "[object Object]", "https://shop.example/p/1", "{{ product.sku }}",
        "x" * 71, "blue-cotton-shirt-with-buttons", "This is a sentence about goods", "___", "0-0-0", "SKU", "SKU:",
        "true", "NaN",
    ],
)  # fmt: skip
def test_junk_is_no_part_number(text: str) -> None:
    """Placeholders, addresses, templates, slugs and prose give nothing."""
    assert sku_of(text) is None
    assert mpn_of(text) is None
