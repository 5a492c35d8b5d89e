"""Numbers of payment cards, bank accounts and persons, found by their checksums. No Odoo; ``stdnum`` comes with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib import import_module

from stdnum import luhn

MARK = "[personal number]"

_SEPARATORS = r"[ \u00a0\u2007\u2009\u202f.\-\u2010\u2011\u2012\u2013/]"
# A run of digits with single separators, and words that mix letters and digits.
_DIGITS = re.compile(rf"(?<![\w.+])\d(?:{_SEPARATORS}?\d){{7,299}}(?!\w)")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_WORDS = re.compile(r"(?<!\w)(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{8,18}(?:[-+A][A-Za-z0-9]{2,4})?(?!\w)")
_IBAN = re.compile(rf"(?<!\w)[A-Za-z]{{2}}\d{{2}}(?:{_SEPARATORS}?[A-Za-z0-9]){{11,30}}")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\w-])")
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", re.IGNORECASE)
_HETU = re.compile(r"(?<!\w)\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?!\w)")
_NIE = re.compile(r"(?<!\w)(?:[XYZ][- .]?\d{7}|\d{8})[- .]?[A-Z](?!\w)", re.IGNORECASE)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")

# By length: the first digits of payment cards (ISO/IEC 7812); the other numbers with this checksum are something else.
_CARD_BEGINS = {13: "4", 14: "3", 15: "3", 16: "23456", 17: "56", 18: "56", 19: "456"}
# Characters of an IBAN, by country (SWIFT's registry; stdnum has it as well, but some packages leave its tables out).
_IBAN_LENGTHS = {
    word[:2]: int(word[2:])
    for word in """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28
    LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 PK24 PL28 PS29 PT25 QA29
    RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
    """.split()  # noqa: SIM905
}
_MOST_GROUPS = 8  # of digits, in which people write one number
# By length of the compact form: national identifiers whose checksum or date makes an accident unlikely. Nine digits
# with one check digit (Dutch BSN, Canadian SIN) fit every ninth number: those are known by their field's name instead.
_NATIONAL = {
    9: ("es.dni", "es.nie"),
    10: ("cz.rc", "se.personnummer", "bg.egn", "dk.cpr"),
    11: ("be.nn", "pl.pesel", "no.fodselsnummer", "tr.tckimlik", "br.cpf", "ee.ik", "gr.amka", "de.idnr"),
    12: ("se.personnummer",),
    13: ("ro.cnp", "ch.ssn", "za.idnr", "kr.rrn"),
    15: ("fr.nir",),
    16: ("it.codicefiscale",),
    18: ("cn.ric", "mx.curp"),
}  # fmt: skip


def redact(text: str) -> str:
    """``text`` with every number that is one of a card, an account or a person replaced by :data:`MARK`."""
    if len(text) < 8 or not any(map(str.isdigit, text)):
        return text
    text = _IBAN.sub(_account, text)
    text = _SSN.sub(MARK, text)
    text = _NINO.sub(MARK, text)
    text = _HETU.sub(lambda match: MARK if _is_valid("fi.hetu", match[0]) else match[0], text)
    text = _NIE.sub(_word, text)
    text = _DIGITS.sub(_number, text)
    return _WORDS.sub(_word, text)


def _account(match: re.Match) -> str:
    """Of "BE68 5390 0754 7034 and more" only the number: the country says how long it is."""
    found = match[0]
    length = _IBAN_LENGTHS.get(found[:2].upper(), 0)
    if not length:
        return found
    compact, end = "", 0
    while len(compact) < length and end < len(found):
        compact += found[end] if found[end].isalnum() else ""
        end += 1
    if len(compact) != length or not compact.isascii():
        return found
    rearranged = (compact[4:] + compact[:4]).upper()
    if int("".join(str(int(character, 36)) for character in rearranged)) % 97 != 1:
        return found
    return MARK + found[end:]


def _number(match: re.Match) -> str:
    """A run of digits in groups, of which some neighbours may be one number: "3 pieces 4111 1111 1111 1111"."""
    run = match[0]
    groups = [group.span() for group in _GROUP.finditer(run)]
    pieces, end, first = [], 0, 0
    while first < len(groups):
        last = _last_group_of_number(run, groups, first)
        if last is None:
            first += 1
            continue
        pieces += [run[end : groups[first][0]], MARK]
        end, first = groups[last][1], last + 1
    return "".join(pieces) + run[end:]


def _last_group_of_number(run: str, groups: Sequence[tuple[int, int]], first: int) -> int | None:
    """Where a number ends that begins with the group ``first``; the longest there is."""
    found, digits = None, ""
    for last in range(first, min(first + _MOST_GROUPS, len(groups))):
        digits += "".join(str(int(digit)) for digit in run[slice(*groups[last])])
        if len(digits) > 19:
            break
        written = run[groups[first][0] : groups[last][1]]
        if len(digits) >= 9 and not _DATE.match(written) and (_is_card(digits) or _is_national(digits, written)):
            found = last
    return found


def _is_card(digits: str) -> bool:
    return digits[0] in _CARD_BEGINS.get(len(digits), "") and luhn.is_valid(digits)


def _word(match: re.Match) -> str:
    if match[0].isdigit():
        return match[0]
    return MARK if _is_national(_NOT_ALPHANUMERIC.sub("", match[0]).upper(), match[0]) else match[0]


def _is_national(compact: str, written: str) -> bool:
    if len(compact) == 12 and len(written) > 12 and _is_valid("in_.aadhaar", compact):  # bare, it fits many bar codes
        return True
    return any(_is_valid(name, compact) or _is_valid(name, written) for name in _NATIONAL.get(len(compact), ()))


@functools.lru_cache(maxsize=2000)
def _is_valid(name: str, number: str) -> bool:
    try:
        return _module(name).is_valid(number)
    except OSError:  # a stdnum that was packaged without the tables of this number
        return False


@functools.cache
def _module(name: str):
    return import_module(f"stdnum.{name}")
