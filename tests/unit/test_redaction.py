import json
import random
import string
import time

import pytest
from odoo_mcp.services.governance import personal_numbers, redaction
from odoo_mcp.services.governance.redaction import SECRET

MARK = personal_numbers.MARK


def shown(value, personal=True):
    return redaction.payload(value, personal)


SECRET_TEXTS = {
    "bearer": ("Authorization: Bearer abcDEF123._~+/=", "abcDEF123"),
    "bearer in lower case": ("bearer zzzzzzzzzz", "zzzzzzzzzz"),
    "basic": ("Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "jwt": ("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl here", "eyJzdWIiOiIxIn0"),
    "jwt without signature": ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "eyJzdWIiOiIxIn0"),
    "our key": ("mcp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "AbCdEfGhIjKl"),
    "our access token": ("mcpa_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "AbCdEfGhIjKl"),
    "our refresh token": ("mcpr_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "AbCdEfGhIjKl"),
    "our code": ("mcpc_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "AbCdEfGhIjKl"),
    "our client secret": ("mcps_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "AbCdEfGhIjKl"),
    "our link": ("https://odoo.example/odoo/mcp/file/AbCdEfGhIjKlMnOpQrStUvWxYz-_0123456789", "AbCdEfGhIjKl"),
    "odoo key": ("0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    "openai": ("sk-proj-abcdefghij0123456789", "abcdefghij"),
    "github": ("ghp_abcdefghijklmnopqrstuvwxyz012345", "abcdefghijkl"),
    "aws": ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    "google": ("AIzaSyA0123456789abcdefghijklmnopqrstuvw", "SyA0123456789"),
    "slack": ("xoxb-123456789012-abcdefghijkl", "abcdefghijkl"),
    "pem": ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n-----END RSA PRIVATE KEY-----", "MIIEpAIB"),
    "pem cut off": ("-----BEGIN PRIVATE KEY-----\nMIIEpAIB", "MIIEpAIB"),
    "url": ("postgres://odoo:hunter22@db/prod", "hunter22"),
    "assignment": ("password=hunter22&x=1", "hunter22"),
    "sentence": ("My password is hunter22, thanks", "hunter22"),
    "colon": ('the api_key: "hunter22"', "hunter22"),
    "query": ("https://x.example/cb?access_token=hunter22", "hunter22"),
}


@pytest.mark.parametrize("name", SECRET_TEXTS)
@pytest.mark.parametrize("personal", [True, False])
def test_secrets_in_texts_are_taken_out(name, personal):
    text, secret = SECRET_TEXTS[name]
    for value in (text, {"note": text}, {"a": [{"b": f"x {text} y"}]}, {"inner": json.dumps({"deep": [text]})}):
        assert secret not in shown(value, personal), value
        assert "secret]" in shown(value, personal)


KEYS = [
    "password", "new_password", "accessToken", "access_token", "X-Api-Key", "apiKey", "client_secret", "Authorization",
    "Set-Cookie", "privateKey", "smtp_pass", "refresh_token", "totp_secret", "code_verifier", "session_id", "PASSWORD",
    "requestState",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_values_of_secret_keys_are_taken_out_whatever_they_are(key):
    for value in ("plain", 1234567, ["a", "plain"], {"x": "plain"}, 1.5):
        assert shown({"values": [{key: value}]}) == json.dumps({"values": [{key: SECRET}]}, separators=(",", ":"))
    assert shown({key: None}) == f'{{"{key}":null}}'


def test_secrets_in_domains_and_tables_are_taken_out():
    assert "hunter" not in shown({"domain": [["user_id.password", "=", "hunter"]]})
    assert "hunter" not in shown({"domain": ["&", ["name", "=", "x"], ["password", "ilike", "hunter"]]})
    table = {"fields": ["login", "password"], "rows": [["anita", "hunter"], ["bob", "hunter2"]]}
    assert "hunter" not in shown(table)
    assert "anita" in shown(table)


CARDS = ["4111111111111111", "5500 0000 0000 0004", "3400-0000-0000-009", "6011\u00a00000\u00a00000\u00a00004",
         "4111.1111.1111.1111", "2223003122003222", "4222222222222"]  # fmt: skip
IBANS = ["BE68539007547034", "BE68 5390 0754 7034", "GB82 WEST 1234 5698 7654 32", "de89370400440532013000",
         "NL91ABNA0417164300", "FR14 2004 1010 0505 0001 3M02 606", "CH93-0076-2011-6238-5295-7",
         "MT84MALT011000012345MTLCAST001S"]  # fmt: skip
PERSONS = {
    "us": "536-90-4399", "us with spaces": "536 90 4399", "be": "85.07.30-033.28", "be bare": "85073003328",
    "fr": "2 95 10 99 126 111 93", "it": "RCCMNL83S18D969H", "es": "54362315K", "es nie": "X-2482300W",
    "pl": "44051401359", "se": "880320-0016", "dk": "211062-5629", "fi": "131052-308T", "no": "151086 95088",
    "cz": "710319/2745", "ro": "1630615123457", "bg": "7523169263", "ch": "756.9217.0769.85", "ee": "36805280109",
    "tr": "17291716060", "za": "7503305044089", "cn": "360426199101010071", "kr": "971013-9019902",
    "mx": "BOXW310820HNERXN09", "br": "390.533.447-05", "in": "2341 2341 2346", "gb": "AB 12 34 56 C",
    "de": "36 574 261 809",
}  # fmt: skip


@pytest.mark.parametrize("number", [*CARDS, *IBANS, *PERSONS.values()])
def test_numbers_of_cards_accounts_and_persons_are_taken_out(number):
    for text in (number, f"paid with {number}, thanks", f"({number})", f"no. {number}.", f"order 3 {number} 17"):
        found = shown({"note": text})
        assert MARK in found, text
        assert number not in found, text
    assert number in shown({"note": number}, personal=False).encode().decode()
    if number.isdigit():
        assert shown({"n": int(number)}) == json.dumps({"n": MARK}, separators=(",", ":"))


def test_personal_keys_are_taken_out_even_when_the_number_is_not_known():
    assert "111222333" not in shown({"bsn": "111222333", "identification_id": 111222333})
    assert "111222333" in shown({"bsn": "111222333"}, personal=False)


HARMLESS = [
    "4111111111111112", "BE68539007547035", "536-00-4399", "2026-11-21 06:46:20", "2012-05-06 10:11:12",
    "INV/2026/00042",
    "res.partner", "search_records", "the basic information", "a token that expired", "keyboard", "passport office",
    "+32 470 12 34 57", "12,345,678.90 EUR", "5901234123457", "S00042", "3.14159265358979",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays_readable(text):
    assert shown({"note": text}) == json.dumps({"note": text}, separators=(",", ":"))


def test_numbers_of_ordinary_data_stay():
    value = {"ids": list(range(100, 180)), "amount": 1234567.89, "ok": True, "none": None, "count": 250_000}
    assert json.loads(shown(value)) == value


def test_most_random_numbers_stay():
    draw = random.Random(3)
    hits = sum(
        personal_numbers.redact(text) != text
        for text in ("".join(draw.choices(string.digits, k=draw.choice((8, 9, 10, 11, 12, 13)))) for _ in range(3000))
    )
    assert hits < 250, "personal numbers are found where there are none"


def test_a_long_message_is_cut_and_says_so():
    found = shown({"note": "x" * 200_000})
    assert len(found) < redaction.MOST_KEPT + 60
    assert "more characters" in found


def test_deep_and_odd_values_are_taken_as_they_come():
    deep = value = []
    for _level in range(500):
        value.append([])
        value = value[0]
    assert "…" in shown(deep)
    assert shown({"x": "\ud800"}) == '{"x":"?"}'
    assert shown(None) is None
    assert shown({1: object}) is not None
    assert shown("[" * 100_000) is not None


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112 " * 8000, "1 " * 80_000, "1" * 160_000, "GB12AAAA" * 20_000,
        "-----BEGIN PRIVATE KEY-----" * 6000,
        "password" * 20_000, "a://b:" * 25_000, "eyJ" * 50_000, "[[" * 70_000, '{"a":' * 30_000, "bearer " * 20_000,
        "A1" * 80_000,
        "BE68 " * 30_000, "12345678901 " * 13_000,
    ],
)  # fmt: skip
def test_no_text_takes_long(text):
    started = time.process_time()
    shown({"note": text})
    redaction.line(text)
    assert time.process_time() - started < 2
