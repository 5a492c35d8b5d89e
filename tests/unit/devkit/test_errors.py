"""One line for everything that goes wrong."""

import errno
import socket
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from odoo_mcp.devkit import archive, download, lock, ports
from odoo_mcp.devkit.errors import (
    DevError,
    DiskFullError,
    NetworkError,
    from_os_error,
    from_output,
)
from odoo_mcp.devkit.server import DatabaseServer


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ("NewConnectionError: Temporary failure in name resolution", NetworkError),
        ("npm error code ENOTFOUND", NetworkError),
        ("E: Failed to fetch x  Hash Sum mismatch", NetworkError),
        ("OSError: [Errno 28] No space left on device", DiskFullError),
        ("ERROR: No matching distribution found for x", DevError),
    ],
)
def test_output_of_a_failed_command_becomes_one_line(output, kind):
    error = from_output("installing", f"noise\n{output}\nnotice: upgrade\n", "the.log")
    assert type(error) is kind
    assert str(error).startswith("installing") and "\n" not in str(error)


def test_unknown_failure_quotes_the_error_and_not_the_last_notice():
    error = from_output("installing", "ERROR: no such thing\nnotice: upgrade\n", "the.log")
    assert "no such thing" in str(error) and "upgrade" not in str(error)


def test_full_disk_says_what_to_do():
    assert "DEV_HOME" in str(from_os_error(OSError(errno.ENOSPC, "No space left", "/x/y")))


def test_forbidden_folder_is_named():
    assert "/x/y" in str(from_os_error(PermissionError(errno.EACCES, "Permission denied", "/x/y")))


def test_taken_port_names_the_process_that_has_it():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        with pytest.raises(DevError, match=r"port \d+ is taken by process \d+ "):
            ports.require_free(taken.getsockname()[1])


def test_free_port_is_free():
    ports.require_free(ports.any_free())


def test_second_holder_of_a_lock_is_told_what_the_first_does(tmp_path):
    path = tmp_path / "lock"
    with (
        lock.exclusive(path, "running tests"),
        pytest.raises(DevError, match=r"process \d+\) is running tests"),
        lock.exclusive(path, "running tests"),
    ):
        pass


def test_lock_is_free_again_after_its_holder(tmp_path):
    for _ in range(2):
        with lock.exclusive(tmp_path / "lock", "running tests"):
            pass


def test_only_the_last_user_of_a_shared_lock_is_last(tmp_path):
    path = tmp_path / "users"
    with lock.shared_until_last(path) as first:
        with lock.shared_until_last(path) as second:
            assert not second
        assert first


def test_short_tar_is_removed_and_leaves_no_half_tree(tmp_path):
    whole = tmp_path / "whole.tar.gz"
    (tmp_path / "data").write_bytes(bytes(range(256)) * 4000)
    with tarfile.open(whole, "w:gz") as tar:
        tar.add(tmp_path / "data", "data")
    short = tmp_path / "short.tar.gz"
    short.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(NetworkError, match="broken"):
        archive.unpack(short, tmp_path / "tree")
    assert not short.exists() and not list(tmp_path.glob("tree*"))


@pytest.fixture
def web_server():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/missing":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"short" if self.path == "/short" else b"0123456789")

        def log_message(self, *arguments):
            """Quiet."""

    server = HTTPServer((ports.HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{ports.HOST}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_download_is_written_whole(web_server, tmp_path):
    download.fetch(f"{web_server}/whole", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


@pytest.mark.parametrize(("path", "words"), [("/short", "broken"), ("/missing", "404")])
def test_bad_download_leaves_no_file(web_server, tmp_path, path, words):
    with pytest.raises(NetworkError, match=words):
        download.fetch(web_server + path, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_unreachable_server_is_named(tmp_path):
    with pytest.raises(NetworkError, match="unreachable"):
        download.fetch(f"http://{ports.HOST}:{ports.any_free()}/x", tmp_path / "file")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u@h/d", "postgresql://"),
        ("postgresql://postgres@h", "user postgres"),
        ("postgresql://u@h:port", "no valid URL"),
    ],
)
def test_wrong_database_url_is_explained(tmp_path, url, words):
    with pytest.raises(DevError, match=words):
        DatabaseServer.from_url(url, tmp_path)


def test_database_url_is_taken_apart_with_its_escapes(tmp_path):
    server = DatabaseServer.from_url("postgresql://o%40o:s%2Fs@h:5433/ignored", tmp_path)
    assert (server.host, server.port, server.user, server.password) == ("h", "5433", "o@o", "s/s")
    assert "s/s" not in repr(server)


def test_database_url_may_name_the_folder_of_a_socket(tmp_path):
    server = DatabaseServer.from_url("postgresql://odoo@/?host=/run/postgresql", tmp_path)
    assert server.host == "/run/postgresql"


def test_files_of_two_servers_are_kept_apart(tmp_path):
    urls = ("postgresql://o@a", "postgresql://o@b", "postgresql://o@b:5433")
    labels = {DatabaseServer.from_url(url, tmp_path).label for url in urls}
    assert len(labels | {DatabaseServer(tmp_path, host="a").label}) == 4
