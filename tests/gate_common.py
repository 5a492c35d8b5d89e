"""Gates over policies that are written down in the test itself: no connection has to be saved and read for each."""

from ..services.governance.gate import Gate
from ..services.governance.policy import ConnectionPolicy, ModelAccess
from ..services.identity.caller import Caller
from .common import McpCase, let_write_partners

EVERYTHING = ("read", "create", "write", "unlink")


def line(model, *operations, domain="", fields=None):
    """One line of a connection's list of models; without ``operations`` it is closed."""
    return ModelAccess(model, frozenset(operations), domain, None if fields is None else frozenset(fields))


def without(operation):
    return tuple(other for other in EVERYTHING if other != operation)


class OpenGateCase(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user, cls.admin)

    def caller(self, *lines, user=None, **limits):
        """Who calls: ``user`` under a policy of ``lines`` and ``limits``."""
        user = user or self.user
        policy = ConnectionPolicy(models={access.model: access for access in lines}, **limits)
        companies = tuple(user.company_ids.ids)
        return Caller(self.connection.id, "Test", 0, user.id, companies, "en_US", "Europe/Brussels", policy)

    def open(self, *lines, user=None, **limits):
        self.env.flush_all()
        caller = self.caller(*lines, user=user, **limits)
        gate = Gate(self.env(user=caller.user_id, context=caller.context(), su=False), caller)
        self.addCleanup(gate.close)
        return gate
