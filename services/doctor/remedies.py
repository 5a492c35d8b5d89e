"""Configuration to copy, for the places where an Odoo server is usually put behind something."""

from __future__ import annotations

from .facts import Facts
from .finding import Remedy

_NGINX_HEADERS = """\
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Real-IP $remote_addr;"""

_NGINX = """\
# inside the server {{ }} block of {host}, above "location /"
location ~ ^/(odoo/mcp|mcp|oauth|\\.well-known/(oauth|openid)) {{
    proxy_pass http://127.0.0.1:8069;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
{headers}
    # pass the key on, and let answers that stream through piece by piece
    proxy_pass_request_headers on;
    proxy_buffering off;
    proxy_cache off;
    proxy_read_timeout 3600s;
}}"""

_NGINX_WEBSOCKET = """\
# inside the server {{ }} block of {host}
location /websocket {{
    proxy_pass http://127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
{headers}
}}"""

_APACHE_AUTHORIZATION = """\
# Apache keeps the Authorization header from WSGI and CGI; a reverse proxy passes it on. With mod_wsgi:
WSGIPassAuthorization On"""


def nginx(facts: Facts) -> Remedy:
    return Remedy("Nginx", _NGINX.format(host=facts.address.hostname, headers=_NGINX_HEADERS))


def nginx_websocket(facts: Facts) -> Remedy:
    port = facts.server.gevent_port
    return Remedy("Nginx", _NGINX_WEBSOCKET.format(host=facts.address.hostname, port=port, headers=_NGINX_HEADERS))


def nginx_https(facts: Facts) -> Remedy:
    host = facts.address.hostname
    return Remedy(
        "Nginx",
        f"server {{\n    listen 80;\n    server_name {host};\n    return 308 https://$host$request_uri;\n}}",
    )


def apache_authorization() -> Remedy:
    return Remedy("Apache", _APACHE_AUTHORIZATION)


def odoo_conf(*lines: str) -> Remedy:
    return Remedy("odoo.conf", "\n".join(("[options]", *lines)))


def system_parameters(values: dict[str, str]) -> Remedy:
    return Remedy("System parameters", "\n".join(f"{name} = {value}" for name, value in values.items()))
