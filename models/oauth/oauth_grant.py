from odoo import api, fields, models

from ...compat import Constraint
from ...services.identity.oauth import grants, scopes


class McpOauthGrant(models.Model):
    """What one person allowed one client at one login; all tokens that came of it are its family."""

    _name = "mcp.oauth.grant"
    _description = "MCP OAuth Grant"
    _order = "id desc"
    _rec_name = "scope"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade", index=True, readonly=True)
    client_id = fields.Many2one("mcp.oauth.client", required=True, ondelete="cascade", index=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True, readonly=True)
    scope = fields.Char(required=True, readonly=True)
    allowed = fields.Char(compute="_compute_allowed")
    audience = fields.Char(required=True, readonly=True)
    companies = fields.Char(readonly=True, help="Comma-separated ids; empty: all companies of the user.")
    may_step_up = fields.Boolean(readonly=True, help="The client asked for less than it could have.")
    refreshed_at = fields.Datetime(readonly=True)
    expires_at = fields.Datetime(readonly=True, help="When the login ends unless it is refreshed before.")
    revoked_at = fields.Datetime(readonly=True)
    revoked_because = fields.Char(readonly=True)
    reuse_count = fields.Integer(readonly=True, help="Refresh tokens that came twice within the grace time.")

    @api.depends("scope", "companies")
    def _compute_allowed(self):
        for grant in self:
            words = self.env._("Read and change") if scopes.may_write(grant.scope) else self.env._("Read only")
            ids = [int(company_id) for company_id in (grant.companies or "").split(",") if company_id]
            # sudo: the name of a company that the person chose when they logged in
            names = self.env["res.company"].sudo().browse(ids).exists().mapped("name")
            where = ", ".join(names)
            grant.allowed = self.env._("%(words)s in %(where)s", words=words, where=where) if where else words

    def action_revoke(self):
        """End these logins: their access and refresh tokens are refused from the next call on."""
        self.connection_id._check_manageable()
        grants.end(self.env, [("id", "in", self.ids)], "ended by hand")
        return True

    @api.autovacuum
    def _gc(self):
        """Forget codes and tokens that are of no use any more, and what masks a successor whose grace is over."""
        self.env.cr.execute("DELETE FROM mcp_oauth_code WHERE expires_at < now() AT TIME ZONE 'UTC' - interval '1 day'")
        self.env.cr.execute(
            "UPDATE mcp_oauth_refresh_token SET successor_masked = NULL"
            " WHERE successor_masked IS NOT NULL AND used_at < now() AT TIME ZONE 'UTC' - interval '1 hour'"
        )
        self.env.cr.execute(
            "DELETE FROM mcp_oauth_refresh_token WHERE expires_at < now() AT TIME ZONE 'UTC' - interval '1 day'"
        )
        self.env.cr.execute(
            "DELETE FROM mcp_credential WHERE kind = 'oauth'"
            " AND least(expires_at, revoked_at) < now() AT TIME ZONE 'UTC' - interval '1 day'"
        )


class McpOauthCode(models.Model):
    """An authorization code, on its way through the browser; by its hash. Written in SQL only."""

    _name = "mcp.oauth.code"
    _description = "MCP OAuth Authorization Code"
    _log_access = False
    _rec_name = "id"

    code_hash = fields.Char(required=True)
    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade", index=True)
    client_id = fields.Many2one("mcp.oauth.client", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    redirect_uri = fields.Char(required=True)
    code_challenge = fields.Char(required=True)
    scope = fields.Char(required=True)
    allowed = fields.Char(compute="_compute_allowed")
    audience = fields.Char(required=True)
    companies = fields.Char()
    may_step_up = fields.Boolean()
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    grant_id = fields.Many2one("mcp.oauth.grant", ondelete="cascade", index="btree_not_null")

    _code_hash_unique = Constraint("UNIQUE(code_hash)", "This code exists already.")


class McpOauthRefreshToken(models.Model):
    """A refresh token, by its hash. Each is used once and then has a successor. Written in SQL only."""

    _name = "mcp.oauth.refresh.token"
    _description = "MCP OAuth Refresh Token"
    _log_access = False
    _rec_name = "id"

    token_hash = fields.Char(required=True)
    grant_id = fields.Many2one("mcp.oauth.grant", required=True, ondelete="cascade", index=True)
    generation = fields.Integer(required=True)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    # The tokens that were answered, readable with this refresh token only; for the grace time.
    successor_masked = fields.Char()

    _token_hash_unique = Constraint("UNIQUE(token_hash)", "This token exists already.")
