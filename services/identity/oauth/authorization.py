"""The authorization request: read and checked, shown to the person, answered."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from oauthlib.common import Request
from oauthlib.oauth2 import (
    AccessDeniedError,
    FatalClientError,
    InvalidRequestError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error

from ...protocol.sealed import BrokenSealError, seal, unseal
from ...resources.sealing import sealing_key
from . import address, clients, grants, redirects, scopes
from .server import S256Grant, check_parameters, check_resources
from .validator import OdooValidator

_PURPOSE = "oauth consent"
_PATIENCE = 1800  # seconds that a person may think about the question
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 4096  # characters of one parameter


class UnansweredError(Exception):
    """The request cannot be answered by a redirect; the person is told instead.

    :param location: where a button may lead back to the client with the error, when that is safe to offer
    """

    def __init__(self, error: OAuth2Error, location: str = ""):
        super().__init__(error.description or error.error)
        self.error = error
        self.location = location


class RedirectedError(Exception):
    """The client is told of its mistake by a redirect to ``location``."""

    def __init__(self, error: OAuth2Error, location: str):
        super().__init__(error.description or error.error)
        self.location = location


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for, checked."""

    client_public_id: str
    redirect_uri: str
    code_challenge: str
    scope: str
    state: str | None


def read(env, pairs: Sequence[tuple[str, str]]) -> tuple[AuthorizationRequest, clients.Client]:
    """Check a request to the authorization endpoint.

    :param pairs: the parameters of its query
    :raises UnansweredError: the client or its redirect URI is wrong, or nobody vouches for it (no open redirector)
    :raises RedirectedError: all other mistakes
    """
    validator = OdooValidator(env, env.cr)
    grant = S256Grant(validator, pre_auth=[lambda request: _check(env, pairs, request)])
    request = _request(pairs)
    try:
        check_parameters(pairs)
        if any(len(value) > _LONGEST for _name, value in pairs):
            raise InvalidRequestError(description="A parameter is too long")
        grant.validate_authorization_request(request)
    except FatalClientError as error:
        raise UnansweredError(error) from error
    except OAuth2Error as error:
        client = validator.client
        if client is None or not redirects.matches(request.redirect_uri or "", client.redirect_uris):
            raise UnansweredError(error) from error
        location = _error_location(env, request.redirect_uri, error, request.state)
        if client.is_trusted:
            raise RedirectedError(error, location) from error
        raise UnansweredError(error, location) from error
    client = validator.client
    asked = AuthorizationRequest(
        client.client_id,
        request.redirect_uri,
        request.code_challenge,
        scopes.join(request.scopes),
        request.state,
    )
    return asked, client


def _request(pairs: Sequence[tuple[str, str]]):
    return Request("https://odoo.invalid/?" + urlencode(pairs))


def _check(env, pairs: Sequence[tuple[str, str]], request) -> dict:
    """What oauthlib leaves open."""
    if request.response_type is not None and request.response_type != "code":
        raise UnsupportedResponseTypeError(request=request)
    if request.response_mode not in (None, "query"):
        raise InvalidRequestError(description="response_mode must be query", request=request)
    if request.code_challenge is not None and not _CHALLENGE.fullmatch(request.code_challenge):
        raise InvalidRequestError(description="code_challenge must be 43 base64url characters", request=request)
    if "none" in (request.prompt or "").split():
        raise CustomOAuth2Error("interaction_required", "Permission is always asked for", request=request)
    check_resources(env, pairs)
    return {}


# ------------------------------------------------------------------ the question, on its way through the browser


def sealed(env, asked: AuthorizationRequest, session_id: str) -> str:
    """``asked`` as a form field: it cannot be changed, nor be answered in another login session."""
    payload = {**asdict(asked), "user": env.uid, "session": _digest(session_id)}
    return seal(payload, sealing_key(env), time.time(), purpose=_PURPOSE)


def unsealed(env, text: str, session_id: str) -> AuthorizationRequest | None:
    """What was asked; None when it was asked in another session, of another person, too long ago, or never."""
    try:
        payload = unseal(text, sealing_key(env), time.time(), _PATIENCE, purpose=_PURPOSE)
    except BrokenSealError:
        return None
    if (payload.pop("user"), payload.pop("session")) != (env.uid, _digest(session_id)):
        return None
    return AuthorizationRequest(**payload)


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


# ------------------------------------------------------------------ the answer


def allowed_location(env, asked: AuthorizationRequest, permission: grants.Permission) -> str:
    """Where the browser goes with a new code."""
    code = grants.issue_code(env.cr, permission, asked.redirect_uri, asked.code_challenge)
    return _location(env, asked.redirect_uri, [("code", code)], asked.state)


def denied_location(env, asked: AuthorizationRequest, because: str = "The person did not allow it") -> str:
    return _error_location(env, asked.redirect_uri, AccessDeniedError(because), asked.state)


def _error_location(env, redirect_uri: str, error: OAuth2Error, state: str | None) -> str:
    answer = [("error", error.error)]
    if error.description:
        answer.append(("error_description", error.description))
    return _location(env, redirect_uri, answer, state)


def _location(env, redirect_uri: str, answer: list[tuple[str, str]], state: str | None) -> str:
    """``redirect_uri`` with ``answer``, the client's ``state`` and our ``iss`` (RFC 9207) added to its query."""
    if state is not None:
        answer.append(("state", state))
    answer.append(("iss", address.issuer(env)))
    parts = urlsplit(redirect_uri)
    query = "&".join(filter(None, (parts.query, urlencode(answer))))
    return urlunsplit(parts._replace(query=query))


def parameters(query: bytes) -> list[tuple[str, str]]:
    """The parameters of a query or a form, in their order."""
    return parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
