"""Official clients that are given nothing but the address: discovery, registration, login, consent, tokens, refresh.

Besides what conftest.py names, the server's database must take the login ``admin`` with the password ``admin``
(``MCP_LOGIN`` and ``MCP_PASSWORD`` say otherwise); its ``web.base.url`` is set to the address under test.

``MCP_DATABASE``
    the database
``MCP_REMOTE``
    the path of mcp-remote's ``dist/proxy.js``
``MCP_CERTIFICATE``
    a file that the server trusts as a certificate (its ``SSL_CERT_FILE``); one is written there
"""

import json
import os
import ssl
import subprocess
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import chromium
import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from person import Person

pytestmark = pytest.mark.anyio
CALLBACK = "http://localhost:33418/callback"


@pytest.fixture(params=["asyncio"])
def anyio_backend(request):
    return request.param


@pytest.fixture(scope="module")
def base(endpoint) -> str:
    """The address of the server, which it knows, too."""
    parts = urlsplit(endpoint.url)
    address = f"{parts.scheme}://{parts.netloc}"
    for name, value in (("web.base.url", address), ("web.base.url.freeze", "True")):
        call_odoo(address, "ir.config_parameter", "set_param", [name, value])
    return address


@pytest.fixture
def person(base) -> Person:
    return Person(base, os.environ.get("MCP_LOGIN", "admin"), os.environ.get("MCP_PASSWORD", "admin"))


def call_odoo(address: str, model: str, method: str, arguments: list) -> Any:
    """A call as Odoo's own web client makes it, by the person."""
    login, password = os.environ.get("MCP_LOGIN", "admin"), os.environ.get("MCP_PASSWORD", "admin")
    with httpx2.Client(base_url=address, timeout=60) as http:
        who = {"db": os.environ["MCP_DATABASE"], "login": login, "password": password}
        rpc(http, "/web/session/authenticate", who)
        what = {"model": model, "method": method, "args": arguments, "kwargs": {}}
        return rpc(http, f"/web/dataset/call_kw/{model}/{method}", what)


def rpc(http: httpx2.Client, path: str, params: dict) -> Any:
    answer = http.post(path, json={"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}).json()
    assert "error" not in answer, answer["error"]
    return answer["result"]


class Memory(TokenStorage):
    """Keeps what the SDK would keep on disk."""

    def __init__(self):
        self.tokens = None
        self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info):
        self.client = client_info


def provider(url: str, person: Person, memory: Memory, asked: list[str], **options) -> OAuthClientProvider:
    told: dict[str, str] = {}

    async def open_browser(address: str) -> None:
        asked.append(address)
        told.update(person.allow(address))

    async def wait_for_callback() -> AuthorizationCodeResult:
        return AuthorizationCodeResult(code=told["code"], state=told.get("state"), iss=told.get("iss"))

    metadata = OAuthClientMetadata(client_name="Python SDK", redirect_uris=[CALLBACK])
    return OAuthClientProvider(
        url,
        metadata,
        memory,
        redirect_handler=open_browser,
        callback_handler=wait_for_callback,
        **options,
    )


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_python_sdk_logs_in_by_itself_calls_and_refreshes(endpoint, base, person, mode):
    memory, asked = Memory(), []
    auth = provider(endpoint.url, person, memory, asked)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=60) as http,
        Client(streamable_http_client(endpoint.url, http_client=http), mode=mode) as client,
    ):
        result = await client.call_tool("whoami", {})
        assert result.structured_content["user"]["login"] == person.login
        first = memory.tokens
        assert first.refresh_token
        assert len(asked) == 1
        query = parse_qs(urlsplit(asked[0]).query)
        assert query["resource"] == [endpoint.url]
        assert query["code_challenge_method"] == ["S256"]
        auth.context.token_expiry_time = 1.0  # the SDK now takes its token for expired
        await client.call_tool("whoami", {})
        assert memory.tokens.access_token != first.access_token
        assert memory.tokens.refresh_token != first.refresh_token
        assert len(asked) == 1, "a refresh needs no person"


async def test_the_python_sdk_logs_in_at_every_path_of_the_endpoint(base, person):
    for path in ("/odoo/mcp", "/mcp"):
        memory = Memory()
        async with (
            httpx2.AsyncClient(auth=provider(base + path, person, memory, []), timeout=60) as http,
            Client(streamable_http_client(base + path, http_client=http)) as client,
        ):
            assert (await client.list_tools()).tools


def certificate(place: Path) -> ssl.SSLContext:
    """Write a certificate for localhost to ``place`` and serve with it; its key is in no other file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    place.write_bytes(public)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = place.with_suffix(".key")
    both.write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    both.unlink()
    return context


@pytest.fixture
def document(base):
    """The https address of a metadata document of this client, which the server may fetch."""
    fetched = []

    class Documents(BaseHTTPRequestHandler):
        def do_GET(self):
            fetched.append(self.path)
            body = json.dumps(
                {
                    "client_id": address,
                    "client_name": "Python SDK with a document",
                    "redirect_uris": [CALLBACK],
                    "token_endpoint_auth_method": "none",
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Documents) as server:
        server.socket = certificate(Path(os.environ["MCP_CERTIFICATE"])).wrap_socket(server.socket, server_side=True)
        address = f"https://localhost:{server.server_port}/oauth/client.json"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        allowed = ["odoo_mcp.private_hosts", f"localhost:{server.server_port}"]
        call_odoo(base, "ir.config_parameter", "set_param", allowed)
        yield address, fetched
        call_odoo(base, "ir.config_parameter", "set_param", ["odoo_mcp.private_hosts", ""])
        server.shutdown()
        thread.join(10)


async def test_the_python_sdk_is_known_by_its_metadata_document(endpoint, base, person, document):
    memory, asked = Memory(), []
    document, fetched = document
    auth = provider(endpoint.url, person, memory, asked, client_metadata_url=document)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=60) as http,
        Client(streamable_http_client(endpoint.url, http_client=http)) as client,
    ):
        assert (await client.call_tool("whoami", {})).structured_content["user"]["login"] == person.login
    assert parse_qs(urlsplit(asked[0]).query)["client_id"] == [document]
    assert memory.client.client_id == document
    assert fetched == ["/oauth/client.json"]


@pytest.mark.skipif(not chromium.program(), reason="no Chromium on PATH")
def test_mcp_remote_walks_the_whole_way_without_a_header(endpoint, base, person, node, tmp_path):
    """Registration, login and consent in Chromium, tokens, a call, a refresh: with nothing but the address."""
    command = [node, os.environ["MCP_REMOTE"], endpoint.url, "33991", "--transport", "http-only", "--allow-http"]
    # no program to open a browser with: it prints the address
    variables = {"HOME": str(tmp_path), "MCP_REMOTE_CONFIG_DIR": str(tmp_path), "PATH": "/nonexistent"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=variables) as process:
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        try:
            me = {"name": "t", "version": "1"}
            initialize = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": me}
            say(process, {"id": 1, "method": "initialize", "params": initialize})
            address = next(line.strip() for line in process.stderr if "/oauth/authorize?" in line)
            told = []
            reader = threading.Thread(target=lambda: told.extend(process.stderr), daemon=True)
            reader.start()
            with chromium.Chromium(tmp_path / "profile") as page:
                chromium.allow(page, address[address.index("http") :], person.login, person.password)
                assert hear(process, 1)["result"]["serverInfo"]["name"] == "odoo_mcp"
                assert page.errors == []
            say(process, {"method": "notifications/initialized"})
            assert who(process, 2) == person.login
            first = end_access_token(base)
            assert who(process, 3) == person.login, "it refreshes"
            assert end_access_token(base) != first
            assert not any("/oauth/authorize?" in line for line in told), "and asks nobody for that"
        finally:
            watchdog.cancel()
            process.kill()
            reader.join(10)


def who(process: subprocess.Popen, number: int) -> str:
    """As whom a call is made."""
    say(process, {"id": number, "method": "tools/call", "params": {"name": "whoami", "arguments": {}}})
    return hear(process, number)["result"]["structuredContent"]["user"]["login"]


def end_access_token(base: str) -> int:
    """End the newest access token, as if its time were over; its id. The login goes on."""
    newest = call_odoo(base, "mcp.credential", "search", [[["kind", "=", "oauth"]], 0, 1, "id desc"])
    call_odoo(base, "mcp.credential", "action_revoke", [newest])
    return newest[0]


def say(process: subprocess.Popen, message: dict) -> None:
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen, request_id: int) -> dict:
    for line in process.stdout:
        message = json.loads(line)
        if message.get("id") == request_id:
            return message
    raise AssertionError("mcp-remote ended")
