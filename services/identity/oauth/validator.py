"""What oauthlib asks of a server: clients, codes and tokens, as they are kept here."""

from __future__ import annotations

from oauthlib.oauth2 import InvalidClientError, InvalidGrantError, RequestValidator

from . import address, clients, grants, people, redirects, scopes

_NO_ASSERTIONS = (
    "private_key_jwt is not supported here: use client_secret_basic or client_secret_post, or none for a public client"
)


class OdooValidator(RequestValidator):
    """One request's view of the database.

    :param env: for settings, users and groups
    :param cr: the short transaction in which codes and tokens are used; for authorization requests, that of ``env``
    :param authorization: the ``Authorization`` header
    """

    def __init__(self, env, cr, authorization: str | None = None):
        self.env = env
        self.cr = cr
        self.authorization = authorization
        self.refusal = ""  # for the audit log
        self.permission: grants.Permission | None = None
        self.client: clients.Client | None = None

    # ------------------------------------------------------------------ clients

    def client_authentication_required(self, request, *_args, **_kwargs) -> bool:
        """Whether a secret is to be checked: always when there is one, and for clients that were given one."""
        try:
            basic = clients.basic_credentials(self.authorization)
        except ValueError as error:
            raise InvalidClientError(description=str(error), request=request) from error
        if getattr(request, "client_assertion", None) or getattr(request, "client_assertion_type", None):
            raise InvalidClientError(description=_NO_ASSERTIONS, request=request)
        if basic and (request.client_secret or request.client_id not in (None, basic[0])):
            raise InvalidClientError(description="The client identifies itself in two ways", request=request)
        if basic:
            request.client_id, request.client_secret = basic
        client = clients.find(self.cr, request.client_id) if request.client_id else None
        return bool(request.client_secret) or (client is not None and not client.is_public)

    def authenticate_client(self, request, *_args, **_kwargs) -> bool:
        client = clients.find(self.cr, request.client_id) if request.client_id else None
        if client is None or not clients.has_secret(client, request.client_secret or ""):
            raise self._unknown_client(request)
        return self._is_approved(client, request)

    def authenticate_client_id(self, client_id, request, *_args, **_kwargs) -> bool:
        client = clients.find(self.cr, client_id) if client_id else None
        if client is None or not client.is_public:
            raise self._unknown_client(request)
        return self._is_approved(client, request)

    def _unknown_client(self, request) -> InvalidClientError:
        return InvalidClientError(description="Unknown client, or wrong secret: register again", request=request)

    def _is_approved(self, client: clients.Client, request) -> bool:
        if not client.approved:
            raise InvalidClientError(description="An administrator has to approve this client first", request=request)
        request.client = self.client = client
        return True

    def validate_client_id(self, client_id, request, *_args, **_kwargs) -> bool:
        self.client = request.client = clients.find(self.cr, client_id)
        return self.client is not None

    def validate_grant_type(self, _client_id, grant_type, client, _request, *_args, **_kwargs) -> bool:
        return grant_type == "authorization_code" or (grant_type == "refresh_token" and client.refreshes)

    # ------------------------------------------------------------------ authorization requests

    def validate_redirect_uri(self, _client_id, redirect_uri, request, *_args, **_kwargs) -> bool:
        return redirects.matches(redirect_uri, request.client.redirect_uris)

    def get_default_redirect_uri(self, _client_id, request, *_args, **_kwargs) -> str | None:
        if request.grant_type:  # a token request may leave it out (OAuth 2.1): the challenge binds the code already
            return request.redeemed.redirect_uri
        registered = request.client.redirect_uris
        return registered[0] if len(registered) == 1 else None

    def validate_response_type(self, _client_id, response_type, _client, _request, *_args, **_kwargs) -> bool:
        return response_type == "code"

    def is_pkce_required(self, _client_id, _request) -> bool:
        return True

    def get_default_scopes(self, _client_id, request, *_args, **_kwargs) -> list[str]:
        return scopes.requested("", request.client.scope)

    def validate_scopes(self, _client_id, asked, client, request, *_args, **_kwargs) -> bool:
        request.scopes = scopes.requested(" ".join(asked), client.scope)
        return bool(request.scopes)

    # ------------------------------------------------------------------ codes

    def validate_code(self, _client_id, code, client, request, *_args, **_kwargs) -> bool:
        try:
            request.redeemed = grants.redeem_code(self.cr, code, client.id)
        except grants.RefusedGrantError as refused:
            self.refusal = str(refused)
            return False
        self._check_people(request.redeemed.permission)
        if self.refusal:
            return False
        request.scopes = request.redeemed.permission.scope.split()
        return True

    def get_code_challenge(self, _code, request) -> str:
        return request.redeemed.code_challenge

    def get_code_challenge_method(self, _code, _request) -> str:
        return "S256"

    def confirm_redirect_uri(self, _client_id, _code, redirect_uri, _client, request, *_args, **_kwargs) -> bool:
        if redirect_uri != request.redeemed.redirect_uri:
            self.refusal = "another redirect_uri than the code was issued for"
            raise InvalidGrantError(request=request)
        return True

    def invalidate_authorization_code(self, _client_id, _code, _request, *_args, **_kwargs) -> None:
        """It was used up when it was looked at."""

    # ------------------------------------------------------------------ tokens

    def validate_refresh_token(self, refresh_token, client, request, *_args, **_kwargs) -> bool:
        try:
            lifetimes = grants.Lifetimes.of(self.env)
            request.renewal = grants.take_refresh_token(self.cr, refresh_token, client.id, lifetimes)
        except grants.RefusedGrantError as refused:
            self.refusal = str(refused)
            return False
        self._check_people(request.renewal.permission)
        if self.refusal:
            grants.end_family(self.cr, request.renewal.grant_id, self.refusal)
            return False
        # clients repeat what they asked for at first, also after the person allowed less: reduced, not refused
        granted = request.renewal.again_scope or request.renewal.permission.scope
        request.scope = scopes.join(scope for scope in scopes.known(request.scope) if scope in granted.split())
        return True

    def get_original_scopes(self, _refresh_token, request, *_args, **_kwargs) -> list[str]:
        return request.renewal.permission.scope.split()

    def save_token(self, token, request, *_args, **_kwargs) -> None:
        lifetimes = grants.Lifetimes.of(self.env)
        access, refresh = token["access_token"], token.get("refresh_token")
        if request.grant_type == "authorization_code":
            grants.open_family(self.cr, request.redeemed, access, refresh, lifetimes)
        elif request.renewal.again is None:
            scope = scopes.join(request.scopes)
            grants.rotate(self.cr, request.renewal, request.refresh_token, access, refresh, scope, lifetimes)

    def _check_people(self, permission: grants.Permission) -> None:
        """Note in ``refusal`` why the person's permission counts no more, if so."""
        self.permission = permission
        connection = self.env["mcp.connection"].sudo().browse(permission.connection_id)  # sudo: nobody is logged in
        if not connection.exists() or connection.state != "active":
            self.refusal = "connection revoked"
        elif permission.audience != address.audience(self.env):
            self.refusal = "granted for another address"
        else:
            self.refusal = people.why_not_allowed(connection.user_id)
