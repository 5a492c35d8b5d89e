"""Lines of JSON between the benchmark and a script inside ``odoo-bin shell``, over two pipes.

Standard output belongs to Odoo (its log, other people's prints), so it is not used.
"""

import json
import os


class Channel:
    def __init__(self):
        self._reader = os.fdopen(int(os.environ["BENCH_READ"]), "r", encoding="utf-8")
        self._writer = os.fdopen(int(os.environ["BENCH_WRITE"]), "w", encoding="utf-8", buffering=1)

    def questions(self):
        for line in self._reader:
            yield json.loads(line)

    def answer(self, value, default=None):
        self._writer.write(json.dumps(value, default=default) + "\n")
