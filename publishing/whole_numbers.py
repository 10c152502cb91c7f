"""Whole numbers that an address or a form gives: keys of rows, numbers of versions, counts."""

# Every database holds a number of so many digits in a row's key.
MOST_DIGITS = 18


def whole_number(typed: object) -> int | None:
    """Return the number that was typed in plain digits; None for anything else, as for None."""
    text = str(typed)
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number else None
