"""What a call leaves in the database: checksums of everything before and after."""

import socket
from contextlib import contextmanager
from unittest.mock import patch

# What the server itself writes of a call that was only tried, or repeated.
OWN_TABLES = ("mcp_audit_log", "mcp_connection", "mcp_credential")
# Besides, what it keeps of a call that was carried out: the journal with its files, and the answer.
KEPT_TABLES = ("mcp_",)
# What was said stays said: messages, who was told, and what is still to be told to screens.
SAID_TABLES = ("mail_message", "mail_mail", "mail_notification", "mail_tracking_value", "bus_bus", "bus_presence")


class Traces:
    """For test cases with ``env`` and ``client``."""

    def tables(self, without):
        cr = self.env.cr
        cr.flush()  # also what waits for the commit, such as the tracking of changes
        cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace")
        return [row[0] for row in cr.fetchall() if not row[0].startswith(without)]

    def state(self):
        """A checksum of every table and the next value of every document sequence."""
        cr = self.env.cr
        checksums = {}
        for table in self.tables(OWN_TABLES):
            cr.execute(f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{table}" t')  # pylint: disable=sql-injection
            checksums[table] = cr.fetchone()
        cr.execute("SELECT sequencename, last_value FROM pg_sequences WHERE sequencename LIKE 'ir\\_sequence\\_%'")
        return checksums | dict(cr.fetchall())

    def business(self, leave_out=()):
        """The rows of all tables but the server's own and what was said, without who wrote them when.

        :param leave_out: further columns that do not count, of any table
        """
        cr = self.env.cr
        columns = ["write_date", "write_uid", *leave_out]
        found = {}
        for table in self.tables((*KEPT_TABLES, *SAID_TABLES)):
            # files that the journal keeps, and reminders of requests for approval
            hanging = table in ("ir_attachment", "mail_activity")
            own = " WHERE coalesce(res_model, '') NOT LIKE 'mcp.%%'" if hanging else ""
            query = f'SELECT sum(hashtextextended((to_jsonb(t) - %s::text[])::text, 0)), count(*) FROM "{table}" t{own}'
            cr.execute(query, [columns])  # pylint: disable=sql-injection
            found[table] = cr.fetchone()
        return found

    @contextmanager
    def no_connection(self):
        """Within this nothing opens a connection."""
        with patch.object(socket.socket, "connect", side_effect=AssertionError("a connection was opened")) as connect:
            yield
        self.assertFalse(connect.called)

    def assertSame(self, before, after):
        different = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
        self.assertEqual(different, {})
        self.assertEqual(before.keys(), after.keys())

    def assertNoTrace(self, tool, client=None, **arguments):
        """Try a call: the report of its dry run."""
        before = self.state()
        queued = list(self.env.cr.postcommit._funcs)
        with self.no_connection():
            answer = (client or self.client).call(tool, **arguments, dry_run=True)
        self.assertSame(before, self.state())
        self.assertEqual(list(self.env.cr.postcommit._funcs), queued)
        return answer["dry_run"]
