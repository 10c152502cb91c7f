"""What an address or a form gives as a number is one that every database can look for."""

import pytest

from publishing.whole_numbers import whole_number


@pytest.mark.parametrize(
    ("typed", "number"), [("7", 7), ("007", 7), (7, 7), ("9" * 18, 10**18 - 1)]
)
def test_plain_digits_are_a_number(typed, number):
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    "typed", [None, "", " 7", "-7", "+7", "7.0", "²", "\u0667", "1_000", "9" * 19]
)
def test_anything_else_is_none(typed):
    assert whole_number(typed) is None


@pytest.mark.parametrize("address", ["topic/choose/?pk=²", "topic/add/?article=²"])
def test_a_superscript_finds_nothing_and_breaks_nothing(admin_client, address):
    """``isdigit`` alone takes "²" for a number, and the database does not."""
    assert admin_client.get(f"/admin/library/{address}").status_code == 200
