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

_NGINX_LOCATION = """\
location ~ {paths} {{
    proxy_pass http://{upstream};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
{headers}
    # let answers that stream through piece by piece
    proxy_buffering off;
    proxy_cache off;
    proxy_read_timeout 3600s;
}}
"""

# With workers, streams belong to the evented worker: README, "Streams behind a proxy".
_NGINX_MAP = """\
# outside the server {{ }} block: streams go to the evented worker, all else to the others
map "$request_method:$http_mcp_method" $odoo_mcp {{
    default                    127.0.0.1:8069;
    "~^GET:"                   127.0.0.1:{port};
    "~:subscriptions/listen$"  127.0.0.1:{port};
}}

"""
_ODOO = "127.0.0.1:8069"
_ENDPOINTS = "^/(odoo/mcp|mcp|mcp/sse)$"
_OTHERS = "^/(odoo/mcp/|mcp|oauth/|\\.well-known/(oauth|openid))"

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
    """The paths of AI tools, passed on whole; with workers, streams to the evented one."""
    inside = f'# inside the server {{ }} block of {facts.address.hostname}, above "location /"\n'
    others = _NGINX_LOCATION.format(paths=_OTHERS, upstream=_ODOO, headers=_NGINX_HEADERS)
    if not facts.server.workers:
        endpoints = _NGINX_LOCATION.format(paths=_ENDPOINTS, upstream=_ODOO, headers=_NGINX_HEADERS)
        return Remedy("Nginx", inside + endpoints + others)
    endpoints = _NGINX_LOCATION.format(paths=_ENDPOINTS, upstream="$odoo_mcp", headers=_NGINX_HEADERS)
    return Remedy("Nginx", _NGINX_MAP.format(port=facts.server.gevent_port) + inside + endpoints + others)


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
