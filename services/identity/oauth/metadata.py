"""What clients read before anything else: RFC 9728 (the resource) and RFC 8414 (the authorization server)."""

from __future__ import annotations

from . import address, scopes


def protected_resource(env, path: str) -> dict:
    """Metadata of the MCP endpoint at ``path``; of the documented one when there is none at that path."""
    path = path if path in address.ENDPOINT_PATHS else address.ENDPOINT_PATHS[0]
    issuer = address.issuer(env)
    return {
        "resource": issuer + path,
        "authorization_servers": [issuer],
        "scopes_supported": list(scopes.SCOPES),
        "bearer_methods_supported": ["header"],
        "resource_name": "Odoo",
    }


def authorization_server(env) -> dict:
    """Metadata of the authorization server. What is switched off is not offered."""
    issuer = address.issuer(env)
    registration = env["mcp.settings"].current().oauth_registration
    secrets = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        **({"registration_endpoint": f"{issuer}/oauth/register"} if registration else {}),
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", *secrets],
        "revocation_endpoint_auth_methods_supported": ["none", *secrets],
        "introspection_endpoint_auth_methods_supported": secrets,
        "scopes_supported": [*scopes.SCOPES, scopes.OFFLINE],
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": bool(registration),
        "protected_resources": [address.audience(env)],
    }
