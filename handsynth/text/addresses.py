"""Addresses in a text, of pages and of people: a hyphen at which a line ends would be taken for a part of them."""

from __future__ import annotations

import re

ADDRESS_BREAK_AFTER = frozenset("/?&=#@")
"""Signs of an address after which a line may end (The Chicago Manual of Style, 7.46, breaks after most of them)."""

_ADDRESS = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}://|[Ww]{3}\.)[^\s/]|[^\s@]@[A-Za-z0-9][A-Za-z0-9.-]{0,63}\.[A-Za-z]"
)


def is_address(word: str) -> bool:
    """Whether `word` holds an address of the web, or an e-mail address."""
    return bool(_ADDRESS.search(word))
