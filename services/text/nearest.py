"""Finding what somebody probably meant. Pure Python."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

# Comparing takes time with the square of the length, and nobody's typo is longer.
LONGEST_NAME = 80
_BREAKS = re.compile(r"[\W_]+")


def nearest(wanted: str, known: Iterable[str | tuple[str, str]], count: int = 3) -> list[str]:
    """The up to ``count`` names of ``known`` that look most like ``wanted``, best first.

    Entries of ``known`` are names, or pairs ``(name, label)``: a label that fits counts for its name, because models
    often ask for what people call a thing ("customer") rather than for what it is called ("partner_id").
    """
    wanted = _plain(wanted[:LONGEST_NAME])
    scores: dict[str, float] = {}
    for entry in known:
        name, label = entry if isinstance(entry, tuple) else (entry, "")
        score = max(_likeness(wanted, _plain(name)), _likeness(wanted, _plain(label)) * 0.95)
        if score >= 0.6:
            scores[name] = score
    return sorted(scores, key=lambda name: (-scores[name], len(name), name))[:count]


def _likeness(wanted: str, name: str) -> float:
    """1.0 for equal; high for a typo, for swapped words and for a name that contains the wanted one."""
    if not wanted or not name:
        return 0.0
    if wanted == name:
        return 1.0
    matcher = difflib.SequenceMatcher(None, wanted, name, autojunk=False)
    score = matcher.ratio() if matcher.real_quick_ratio() >= 0.6 and matcher.quick_ratio() >= 0.6 else 0.0
    wanted_words, words = _words(wanted), _words(name)
    if wanted_words == words:
        return max(score, 0.98)
    if wanted_words and words and (wanted_words <= words or words <= wanted_words):
        shared = len(wanted_words & words)
        score = max(score, 0.6 + 0.3 * shared / max(len(wanted_words), len(words)))
    return score


def _plain(name: str) -> str:
    """Lower case, with one kind of gap: "Invoice/Bill Date" is "invoice_bill_date"."""
    return _BREAKS.sub("_", name.lower()).strip("_")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in name.split("_") if word not in ("", "id", "ids"))
