"""When two ways of writing an e-mail address, a phone number, a code or a name mean the same. No Odoo import."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+")
_WORD = re.compile(r"\w+")
_SHORTEST_NUMBER, _COMPARED_DIGITS = 6, 9
# What a company is in law says nothing about which one it is.
_LEGAL_FORMS = frozenset({
    "ab", "ag", "as", "asbl", "aps", "bv", "bvba", "co", "company", "corp", "corporation", "cv", "ev",
    "gbr", "gmbh", "inc", "incorporated", "kft", "kg", "limited", "llc", "llp", "lp", "ltd", "ltda",
    "mbh", "nv", "ohg", "oy", "oyj", "plc", "pty", "sa", "sarl", "sas", "sasu", "se", "sl", "spa",
    "spol", "sprl", "srl", "sro", "ug", "vzw",
})  # fmt: skip


def email_key(text: str) -> str:
    found = _ADDRESS.search(text)
    return found[0].lower() if found else ""


def phone_key(text: str) -> str:
    """The last digits: with or without the country's code, a number is the same."""
    digits = "".join(character for character in text if character.isdigit())
    return digits[-_COMPARED_DIGITS:].lstrip("0") if len(digits) >= _SHORTEST_NUMBER else ""


def code_key(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


def name_key(text: str) -> str:
    """The words of a name, without accents, legal forms and order."""
    return " ".join(sorted(name_words(text)))


def name_words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    # "B.V." and "S. A." are words, too
    plain = re.sub(r"\b(\w)\.\s?(?=\w\b)", r"\1", plain)
    words = frozenset(_WORD.findall(plain))
    return words - _LEGAL_FORMS or words


def names_alike(one: str, other: str) -> bool:
    """Whether two names could be of the same: they share a word, or one of them says nothing."""
    words, others = name_words(one), name_words(other)
    return not words or not others or any(len(word) > 2 for word in words & others)
