"""The checks, in the order of the report. Each module has ``check(facts, translate)``, which returns findings."""

from __future__ import annotations

from ..facts import Facts
from ..finding import Finding
from . import address, browser, discovery, reach, server


def judge(facts: Facts, translate) -> list[Finding]:
    """Everything there is to say about ``facts``."""
    modules = (address, reach, discovery, browser, server)
    return [finding for module in modules for finding in module.check(facts, translate)]
