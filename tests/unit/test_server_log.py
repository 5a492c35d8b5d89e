import logging

import pytest
from odoo_mcp.services.governance import server_log

SECRET = "Zk3uVt9xQwE_rTyUiOpAsDfGhJkLzXcVbNm-1234567"


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET /odoo/mcp/file/{SECRET} HTTP/1.1",
        f"PUT /odoo/mcp/file/{SECRET}?name=report.pdf HTTP/1.1",
        f"POST /mcp/messages?session_id={SECRET} HTTP/1.1",
        f"POST /odoo/mcp?mode=full&access_token={SECRET} HTTP/1.1",
        f"GET /mcp/sse?api_key={SECRET}&x=1 HTTP/1.1",
        f"POST /oauth/token?grant_type=authorization_code&code={SECRET} HTTP/1.1",
        f"POST /oauth/token?client_secret={SECRET} HTTP/1.1",
        f"GET /oauth/authorize?client_id=mcp-x&state={SECRET} HTTP/1.1",
    ],
)
def test_addresses_are_logged_without_the_secrets_in_them(request_line):
    kept = server_log.line(f'127.0.0.1 - - [21/Nov/2026 09:00:00] "{request_line}" 200 -')
    assert SECRET not in kept and "[secret]" in kept
    assert kept.endswith('HTTP/1.1" 200 -') and kept.startswith("127.0.0.1")
    for told in ("name=report.pdf", "mode=full", "x=1", "grant_type=authorization_code", "client_id=mcp-x"):
        assert (told in kept) == (told in request_line), "what is no secret stays"


@pytest.mark.parametrize(
    "line",
    [
        f'"GET /web/login?token={SECRET} HTTP/1.1" 200 -',
        f'"GET /mcpx/file/{SECRET} HTTP/1.1" 404 -',
        '"POST /odoo/mcp?toolsets=records HTTP/1.1" 200 -',
        '"GET /odoo/mcp HTTP/1.1" 405 -',
    ],
)
def test_other_lines_stay_as_they_are(line):
    assert server_log.line(line) == line


@pytest.mark.parametrize("name", ["werkzeug", "longpolling"])
def test_both_web_servers_write_through_it(name, caplog):
    server_log.guard()
    server_log.guard()
    logger = logging.getLogger(name)
    assert sum(type(known).__name__ == "_WithoutSecrets" for known in logger.filters) == 1
    with caplog.at_level(logging.INFO, logger=name):
        logger.info('%s "%s" %s', "127.0.0.1", f"GET /odoo/mcp/file/{SECRET} HTTP/1.1", 200)
        logger.info("100%% of %s", "something else")
    assert caplog.messages == ['127.0.0.1 "GET /odoo/mcp/file/[secret] HTTP/1.1" 200', "100% of something else"]
