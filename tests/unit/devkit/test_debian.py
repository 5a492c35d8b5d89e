"""Debian's package: the machine's apt sources, and links that lead nowhere."""

import pytest
from odoo_mcp.devkit.apt_sources import AptSource, parse_deb822, parse_one_line, read_sources
from odoo_mcp.devkit.debian import dangling_links, owners_of, sources_for
from odoo_mcp.devkit.errors import DevError

DEB822 = """\
# A comment
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/example.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main
"""


def test_deb822_sources_are_read_with_folded_lines_and_without_disabled_ones():
    assert list(parse_deb822(DEB822)) == [
        AptSource(
            "http://mirror.example/debian",
            ("bookworm", "bookworm-updates"),
            ("main", "contrib"),
            "/usr/share/keyrings/example.gpg",
        ),
        AptSource("http://mirror.example/security", ("bookworm-security",), ("main",), None),
    ]


def test_key_written_into_the_stanza_is_not_taken_for_a_file():
    text = "Types: deb\nURIs: http://a.example\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN\n"
    assert next(parse_deb822(text)).signed_by is None


def test_one_line_sources_are_read_with_and_without_options():
    text = (
        "deb [arch=amd64 signed-by=/k.gpg] http://a.example/debian trixie main non-free # note\n"
        "deb-src http://a.example/debian trixie main\n"
        "#deb http://off.example/debian trixie main\n"
        "deb http://b.example/debian trixie main\n"
    )
    assert list(parse_one_line(text)) == [
        AptSource("http://a.example/debian", ("trixie",), ("main", "non-free"), "/k.gpg"),
        AptSource("http://b.example/debian", ("trixie",), ("main",), None),
    ]


def test_disabled_files_are_not_read(tmp_path):
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(DEB822)
    (parts / "vendor.list").write_text("deb http://vendor.example stable main\n")
    (parts / "old.list.disabled").write_text("deb http://old.example stable main\n")
    uris = [source.uri for source in read_sources(tmp_path)]
    assert uris == [
        "http://mirror.example/debian",
        "http://mirror.example/security",
        "http://vendor.example",
    ]


def test_private_source_takes_mirror_and_key_and_changes_the_suite():
    assert sources_for(list(parse_deb822(DEB822))) == (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: unstable\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/example.gpg\n"
    )


def test_security_archive_alone_is_no_mirror():
    with pytest.raises(DevError, match="no distribution mirror"):
        sources_for([AptSource("http://s.example", ("bookworm-security",), ("main",), None)])


def test_dangling_links_are_found_and_good_ones_left(tmp_path):
    (tmp_path / "there").write_text("")
    (tmp_path / "good").symlink_to("there")
    (tmp_path / "bad").symlink_to("../../share/javascript/jquery/jquery.js")
    assert dangling_links(tmp_path) == {tmp_path / "bad": "../../share/javascript/jquery/jquery.js"}


def test_owners_of_link_targets_are_named_once():
    targets = [
        "../../../share/javascript/jquery/jquery.js",
        "../../../share/javascript/jquery/jquery.min.js",
        "../../../share/javascript/jquery-form/jquery.form.js",
        "../../../share/fonts-font-awesome/fonts/FontAwesome.otf",
        "../../../share/nobody/knows.js",
    ]
    assert owners_of(targets) == [
        "fonts-font-awesome",
        "fonts-font-awesome-legacy",
        "libjs-jquery",
        "libjs-jquery-form",
    ]
