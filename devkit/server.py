"""One PostgreSQL server as the rest of `./dev` sees it: databases made, cloned, dropped."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from . import errors
from .errors import DevError


@dataclass(frozen=True)
class DatabaseServer:
    """How to reach a server; `programs` holds psql, createdb and dropdb."""

    programs: Path
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    is_given: bool = False

    @classmethod
    def from_url(cls, url: str, programs: Path) -> DatabaseServer:
        """The server of a URL such as postgresql://odoo:secret@localhost:5432.

        A path (a database's name) is ignored; `?host=/folder` names a socket's folder.

        Raises:
            DevError: it is no such URL, or names the user `postgres`, whom Odoo refuses.
        """
        try:
            parts = urlsplit(url)
            port = str(parts.port or "")
        except ValueError as error:
            raise DevError(f"--db-url is no valid URL: {error}") from error
        if parts.scheme not in ("postgresql", "postgres"):
            raise DevError("--db-url must look like postgresql://user:password@host:5432")
        user = unquote(parts.username or "")
        if user == "postgres":
            raise DevError("Odoo refuses the database user postgres; give --db-url another user")
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        return cls(programs, host, port, user, unquote(parts.password or ""), is_given=True)

    @property
    def label(self) -> str:
        """A name for files that belong to this server; "" for the embedded one."""
        if not self.is_given:
            return ""
        return hashlib.sha256(f"{self.host}:{self.port}".encode()).hexdigest()[:10]

    def environment(self) -> dict[str, str]:
        """The variables with which PostgreSQL's own programs find the server."""
        named = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGCONNECT_TIMEOUT": "10",
        }
        return {name: value for name, value in named.items() if value}

    def odoo_options(self) -> dict[str, str]:
        """The lines of an Odoo configuration file that say the same."""
        named = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {name: value for name, value in named.items() if value}

    def check(self) -> None:
        """Raise a DevError unless the server answers."""
        self.query("SELECT 1")

    def exists(self, database: str) -> bool:
        """Whether the server has a database of that name."""
        return bool(self.query(f"SELECT 1 FROM pg_database WHERE datname = {_literal(database)}"))

    def create(self, database: str, template: str = "template0") -> None:
        """Make an empty database as Odoo would, or clone one that nobody is connected to."""
        fresh = ["-E", "UTF8", "--lc-collate=C"] if template == "template0" else []
        self._run("createdb", "-T", template, *fresh, database)

    def drop(self, database: str) -> None:
        """Drop a database, also with somebody connected; none of that name is fine."""
        self._run("dropdb", "--if-exists", "--force", database)

    def note(self, database: str) -> str:
        """What `./dev` wrote about a database with :meth:`write_note`; "" when nothing."""
        return self.query(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = {_literal(database)}"
        )

    def write_note(self, database: str, text: str) -> None:
        """Keep a text as the database's comment, where it lives and dies with the database."""
        self.query(f'COMMENT ON DATABASE "{database}" IS {_literal(text)}')

    def query(self, statement: str, database: str = "postgres") -> str:
        """The answer of one statement as bare text."""
        return self._run("psql", "-XAtq", "-d", database, "-c", statement).strip()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **self.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        if "No space left" in done.stderr:
            raise errors.disk_full("PostgreSQL")
        message = " ".join(done.stderr.split())
        raise DevError(f"PostgreSQL ({program}): {message.removeprefix('psql: error: ')[:400]}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
