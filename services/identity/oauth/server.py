"""The three endpoints that clients talk to without a person: token, revocation, introspection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    BearerToken,
    IntrospectEndpoint,
    InvalidRequestError,
    OAuth2Error,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
    UnsupportedGrantTypeError,
)
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from ...transactions import short_transaction
from . import address, found_tokens, grants, tokens
from .validator import OdooValidator

NO_STORE = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}
_MAY_REPEAT = frozenset({"resource"})  # RFC 8707 section 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets, and what the audit log is told of it."""

    status: int
    headers: dict[str, str]
    body: str
    connection_id: int | None = None
    user_id: int | None = None
    refusal: str = ""


class S256Grant(AuthorizationCodeGrant):
    """Authorization codes with PKCE by S256, without exception (OAuth 2.1)."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}


def check_parameters(pairs: Sequence[tuple[str, str]]) -> None:
    """Refuse parameters that come twice, and what no database can store (RFC 6749 section 3.1).

    :raises InvalidRequestError: saying which
    """
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1 and name not in _MAY_REPEAT:
            raise InvalidRequestError(description=f"The parameter {_printable(name)} comes twice")
    if any("\x00" in name + value for name, value in pairs):
        raise InvalidRequestError(description="A parameter contains a NUL character")


def check_resources(env, pairs: Sequence[tuple[str, str]]) -> None:
    """Refuse tokens for somebody else (RFC 8707): each ``resource`` must be this endpoint.

    :raises OAuth2Error: ``invalid_target``
    """
    for name, value in pairs:
        if name == "resource" and not address.is_our_resource(env, value):
            raise CustomOAuth2Error("invalid_target", f"This server is {address.audience(env)}", status_code=400)


def token(env, pairs: Sequence[tuple[str, str]], authorization: str | None) -> Answer:
    """Exchange a code or a refresh token. One transaction of its own: what was used stays used, also when refused."""
    with short_transaction(env) as cr:
        validator = OdooValidator(env, cr, authorization)
        grant = S256Grant(validator)

        def after(request) -> None:
            check_resources(env, pairs)
            grant.refresh_token = request.client.refreshes

        grant.custom_validators.post_token.append(after)
        lifetimes = grants.Lifetimes.of(env)
        bearer = BearerToken(
            validator,
            token_generator=lambda request: _answer_again(request, 0) or tokens.new(tokens.ACCESS),
            refresh_token_generator=lambda request: _answer_again(request, 1) or tokens.new(tokens.REFRESH),
            expires_in=lambda request: _seconds(request, lifetimes),
        )
        handlers = {
            "authorization_code": grant,
            "refresh_token": RefreshTokenGrant(validator, post_token=[after]),
            None: _UnknownGrant(),
        }
        return _run(TokenEndpoint(None, bearer, handlers).create_token_response, validator, pairs)


def revoke(env, pairs: Sequence[tuple[str, str]], authorization: str | None) -> Answer:
    """RFC 7009: a refresh token ends its whole family, an access token itself; foreign and unknown ones nothing."""
    with short_transaction(env) as cr:
        validator = _TokenOwner(env, cr, authorization)
        return _run(RevocationEndpoint(validator).create_revocation_response, validator, pairs)


def introspect(env, pairs: Sequence[tuple[str, str]], authorization: str | None) -> Answer:
    """RFC 7662, for clients with a secret, on their own tokens."""
    with short_transaction(env) as cr:
        validator = _Introspector(env, cr, authorization)
        return _run(IntrospectEndpoint(validator).create_introspect_response, validator, pairs)


class _UnknownGrant:
    """Says what was wrong with ``grant_type``."""

    def create_token_response(self, request, _token_handler):
        if not request.grant_type:
            raise InvalidRequestError(description="The parameter grant_type is missing")
        raise UnsupportedGrantTypeError


class _TokenOwner(OdooValidator):
    def revoke_token(self, token_text, _hint, request, *_args, **_kwargs) -> None:
        token_hash = tokens.hash_token(token_text)
        found = found_tokens.find(self.cr, token_hash, request.client.id)
        if found is None:
            return
        self.permission = found.permission
        if found.is_refresh:
            grants.end_family(self.cr, found.grant_id, "revoked by the client")
        else:
            found_tokens.end_access_token(self.cr, token_hash)


class _Introspector(OdooValidator):
    def client_authentication_required(self, request, *args, **kwargs) -> bool:
        super().client_authentication_required(request, *args, **kwargs)  # reads the header
        return True

    def introspect_token(self, token_text, _hint, request, *_args, **_kwargs) -> dict | None:
        found = found_tokens.find(self.cr, tokens.hash_token(token_text), request.client.id)
        if found is None or not found.is_live:
            return None
        self._check_people(found.permission)
        if self.refusal:
            self.refusal = ""  # the answer says it
            return None
        user = self.env["res.users"].sudo().browse(found.permission.user_id)  # sudo: of the token's own user
        return {
            "scope": found.scope,
            "client_id": request.client.client_id,
            "username": user.login,
            "sub": str(user.id),
            "aud": found.permission.audience,
            "iss": address.issuer(self.env),
            "iat": found.issued_at,
            "exp": found.expires_at,
            **({} if found.is_refresh else {"token_type": "Bearer"}),
        }


def _run(endpoint, validator: OdooValidator, pairs: Sequence[tuple[str, str]]) -> Answer:
    try:
        check_parameters(pairs)
        headers, body, status = endpoint("", "POST", urlencode(pairs), {})
    except OAuth2Error as error:
        headers, body, status = {}, error.json, error.status_code
    headers = NO_STORE | {name: value for name, value in headers.items() if name != "WWW-Authenticate"}
    if status == 401:  # RFC 6749 section 5.2: by the scheme that the client used, or could use
        headers["WWW-Authenticate"] = 'Basic realm="odoo_mcp"'
    refusal = ""
    if status >= 400:
        error = json.loads(body)
        refusal = validator.refusal or error.get("error_description") or error["error"]
    permission = validator.permission
    return Answer(
        status,
        headers,
        body or "",
        connection_id=permission and permission.connection_id,
        user_id=permission and permission.user_id,
        refusal=refusal,
    )


def _answer_again(request, which: int) -> str | None:
    renewal = getattr(request, "renewal", None)
    return renewal.again[which] if renewal and renewal.again else None


def _seconds(request, lifetimes: grants.Lifetimes) -> int:
    renewal = getattr(request, "renewal", None)
    return renewal.again_seconds if renewal and renewal.again else lifetimes.access


def _printable(text: str) -> str:
    return "".join(character for character in text[:40] if character.isalnum() or character in "_-")
