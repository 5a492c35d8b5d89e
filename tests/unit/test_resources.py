"""resources/*: lists, templates, reading, and the subscriptions of the handshake era."""

import base64

import pytest
from library import Library, in_session, with_session
from odoo_mcp.services.protocol.errors import ProtocolError
from odoo_mcp.services.protocol.limits import Limits
from protocol_client import Workshop, ask, say

BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])
PARTNER = "odoo://model/res.partner/1"
TEXT = {"uri": PARTNER, "mimeType": "application/json", "text": "{}"}
SHELF = [{"uri": "odoo://b", "name": "b"}, {"uri": "odoo://a", "name": "a"}]
TEMPLATES = [{"uriTemplate": f"odoo://{letter}/{{id}}", "name": letter} for letter in "bca"]
METHODS = ["resources/list", "resources/templates/list", "resources/read"]


def library(**options):
    return Library(contents={PARTNER: {"contents": [TEXT]}}, resources=SHELF, **options)


@BOTH
@pytest.mark.parametrize("method", METHODS)
def test_without_the_capability_there_are_no_resources(send, method):
    application = Library(offers={"tools": {}})
    heard = send(method, {"uri": PARTNER}, application=application)
    assert (heard.status, heard.code) == (404 if send is ask else 200, -32601)
    assert not application.told


@BOTH
def test_an_application_that_announces_but_does_not_offer_is_an_error_and_no_accident(send):
    for method in ("resources/list", "resources/read"):
        heard = send(method, {"uri": PARTNER}, application=Workshop(offers={"resources": {}}))
        assert heard.code == -32601
        assert method in heard.error["message"]
    heard = send("resources/templates/list", application=Workshop(offers={"resources": {}}))
    assert heard.result["resourceTemplates"] == []


@BOTH
def test_the_application_cuts_and_sorts_the_pages_of_resources(send):
    first = send("resources/list", application=library())
    assert first.application.told == [("list_resources", None)]
    assert first.result["resources"] == SHELF
    assert first.result["nextCursor"] == "next"
    last = send("resources/list", {"cursor": "next"}, application=library())
    assert last.application.told == [("list_resources", "next")]
    assert "nextCursor" not in last.result


@BOTH
def test_an_empty_cursor_is_the_first_page(send):
    heard = send("resources/list", {"cursor": ""}, application=library())
    assert heard.application.told == [("list_resources", None)]


@BOTH
@pytest.mark.parametrize("cursor", [5, [], {}, True])
def test_a_cursor_that_is_no_string_never_reaches_the_application(send, cursor):
    heard = send("resources/list", {"cursor": cursor}, application=library())
    assert heard.code == -32602
    assert not heard.application.told


@BOTH
def test_a_cursor_the_application_refuses_is_invalid_params(send):
    assert send("resources/list", {"cursor": "old"}, application=library()).code == -32602


@BOTH
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_templates_are_paged_in_the_order_of_the_application(send, size):
    application, limits = library(templates=TEMPLATES), Limits(page_size=size)
    pages, cursor = [], None
    while cursor is not None or not pages:
        params = {"cursor": cursor} if cursor else {}
        heard = send("resources/templates/list", params, application=application, limits=limits)
        pages.append(heard.result["resourceTemplates"])
        cursor = heard.result.get("nextCursor")
    assert [entry for page in pages for entry in page] == TEMPLATES
    assert all(len(page) == size for page in pages[:-1])


def test_a_cursor_behind_a_template_that_is_gone_is_refused():
    application, limits = library(templates=TEMPLATES), Limits(page_size=2)
    method = "resources/templates/list"
    cursor = ask(method, application=application, limits=limits).result["nextCursor"]
    application.templates = [TEMPLATES[0], TEMPLATES[2]]
    assert ask(method, {"cursor": cursor}, application=application, limits=limits).code == -32602


@BOTH
def test_a_resource_is_read(send):
    heard = send("resources/read", {"uri": PARTNER}, application=library())
    assert heard.application.told == [("read_resource", PARTNER)]
    assert heard.result["contents"] == [TEXT]


def test_a_resource_that_is_not_there_has_the_code_of_its_era():
    modern = ask("resources/read", {"uri": "odoo://x"}, application=library())
    handshake = say("resources/read", {"uri": "odoo://x"}, application=library())
    assert (modern.status, modern.code) == (400, -32602)
    assert (handshake.status, handshake.code) == (200, -32002)
    assert modern.error["data"] == handshake.error["data"] == {"uri": "odoo://x"}


@BOTH
def test_a_resource_without_contents_is_one_that_is_not_there(send):
    application = Library(contents={PARTNER: {"contents": []}})
    heard = send("resources/read", {"uri": PARTNER}, application=application)
    assert heard.error["data"] == {"uri": PARTNER}


@BOTH
@pytest.mark.parametrize(
    "uri",
    [
        None,
        "",
        5,
        [],
        "res.partner/1",
        "/etc/passwd",
        "odoo:",
        "://x",
        "1odoo://x",
        "odoo://a b",
        "odoo://é",
        "odoo://a\n",
        "odoo://{id}",
        "odoo://a\\b",
        "odoo://" + "a" * 1994,
    ],
)
def test_what_is_no_uri_is_refused_before_the_application(send, uri):
    # The header cannot carry each of these as they are: it is the body that is tested here.
    headers = {} if send is say else {"Mcp-Name": _encoded(uri)}
    heard = send("resources/read", {"uri": uri}, headers=headers, application=library())
    assert heard.code == (-32020 if isinstance(uri, (int, list)) and send is ask else -32602)
    assert not heard.application.told


def _encoded(uri):
    text = uri if isinstance(uri, str) else ""
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


@BOTH
@pytest.mark.parametrize(
    "uri",
    ["odoo://" + "a" * 1993, "test://template/%C3%A9/data?x=1&y=[2]#z", "urn:a", "a+b-c.1:!$'()*~"],
)
def test_any_absolute_uri_reaches_the_application(send, uri):
    heard = send("resources/read", {"uri": uri}, application=library())
    assert heard.application.told == [("read_resource", uri)]


def test_a_read_may_not_be_kept_unless_the_application_says_so():
    default = ask("resources/read", {"uri": PARTNER}, application=library()).result
    assert (default["ttlMs"], default["cacheScope"]) == (0, "private")
    public = {"contents": [TEXT], "ttlMs": 5, "cacheScope": "public"}
    application = Library(contents={PARTNER: public})
    said = ask("resources/read", {"uri": PARTNER}, application=application).result
    assert (said["ttlMs"], said["cacheScope"]) == (5, "public")


@pytest.mark.parametrize("more", [{"inputResponses": {"a": {}}}, {"requestState": ""}])
def test_what_took_more_than_its_uri_may_never_be_kept(more):
    public = {"contents": [TEXT], "ttlMs": 5, "cacheScope": "public"}
    application = Library(contents={PARTNER: public})
    result = ask("resources/read", {"uri": PARTNER, **more}, application=application).result
    assert (result["ttlMs"], result["cacheScope"]) == (0, "private")


@pytest.mark.parametrize("method", METHODS[:2])
def test_lists_may_be_kept(method):
    result = ask(method, application=library()).result
    assert (result["ttlMs"], result["cacheScope"]) == (60_000, "private")


@pytest.mark.parametrize("method", METHODS)
def test_handshake_clients_see_nothing_of_caching(method):
    public = {"contents": [TEXT], "ttlMs": 5, "cacheScope": "public", "resultType": "complete"}
    application = Library(contents={PARTNER: public})
    result = say(method, {"uri": PARTNER}, application=application).result
    assert {"ttlMs", "cacheScope", "resultType"}.isdisjoint(result)


@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
def test_a_session_subscribes_to_a_resource(method):
    application = with_session()
    heard = in_session(f"resources/{method}", {"uri": PARTNER}, application=application)
    assert heard.result == {}
    assert application.told[1:] == [(method, PARTNER)]
    assert application.contexts[-1].session_id == "s1"


@pytest.mark.parametrize("method", ["resources/subscribe", "resources/unsubscribe"])
def test_subscriptions_need_a_session_and_the_capability(method):
    stateless = say(method, {"uri": PARTNER}, application=Library())
    assert (stateless.status, stateless.code) == (400, -32600)
    assert "Mcp-Session-Id" in stateless.error["message"]
    for offers in ({"resources": {}}, {"resources": {"subscribe": False}}, {"resources": None}, {}):
        application = with_session(offers=offers)
        heard = in_session(method, {"uri": PARTNER}, application=application)
        assert (heard.status, heard.code) == (200, -32601)
    assert in_session(method, {"uri": "x"}, application=with_session()).code == -32602


@BOTH
def test_a_refusal_of_the_application_is_passed_on(send):
    class Closed(Library):
        def read_resource(self, _context, _uri):
            raise ProtocolError(-32603, "The shelf is locked")

    heard = send("resources/read", {"uri": PARTNER}, application=Closed())
    assert heard.error == {"code": -32603, "message": "The shelf is locked"}
