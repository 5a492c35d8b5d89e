"""Makes the addon's pure modules importable without Odoo.

``odoo_mcp`` becomes an empty package whose path is the repository: its own ``__init__``, which
imports models and controllers, is never run.
"""

import sys
import tempfile
import types
from pathlib import Path

import hypothesis
from hypothesis.configuration import set_hypothesis_home_dir

REPOSITORY = Path(__file__).resolve().parents[2]

if "odoo_mcp" not in sys.modules:
    package = types.ModuleType("odoo_mcp")
    package.__path__ = [str(REPOSITORY)]
    sys.modules["odoo_mcp"] = package

# A shared machine's pauses are no failures, and the repository stays free of hypothesis' files.
set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))
hypothesis.settings.register_profile("unit", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("unit")
