"""Finding Odoo: every layout, and the order of places."""

from pathlib import Path

import pytest
from odoo_mcp.devkit import archive, debian, find_odoo
from odoo_mcp.devkit.errors import DevError, NetworkError
from odoo_mcp.devkit.home import Home
from odoo_mcp.devkit.odoo_tree import read_tree


def make_odoo(root: Path, series: str = "18.0", addons: str = "odoo/addons") -> Path:
    major, minor = series.split(".")
    (root / "odoo").mkdir(parents=True)
    (root / "odoo" / "release.py").write_text(
        f"version_info = ({major}, {minor}, 0, FINAL, 0, '')\nversion += '-20250702'\n"
    )
    for addon, folder in (("base", "odoo/addons"), ("web", addons)):
        (root / folder / addon).mkdir(parents=True)
        (root / folder / addon / "__manifest__.py").write_text("{}")
    return root


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    return Home(tmp_path / "dev")


@pytest.fixture
def no_downloads(monkeypatch):
    def unreachable(_home, series):
        raise NetworkError(f"unreachable for {series}")

    monkeypatch.setattr(archive, "official", unreachable)
    monkeypatch.setattr(debian, "package", unreachable)


def test_git_checkout_has_two_addons_folders(tmp_path):
    root = make_odoo(tmp_path / "checkout", addons="addons")
    tree = read_tree(root, "a test")
    assert tree.series == "18.0"
    assert tree.addons == (root / "addons", root / "odoo" / "addons")


def test_source_distribution_has_all_addons_in_the_package(tmp_path):
    root = make_odoo(tmp_path / "dist")
    assert read_tree(root, "a test").addons == (root / "odoo" / "addons",)


def test_build_tells_nightlies_apart(tmp_path):
    assert read_tree(make_odoo(tmp_path), "a test").build == "18.0-20250702"


def test_debian_layout_is_read_from_the_root_of_the_unpacked_package(tmp_path):
    inner = make_odoo(tmp_path / "usr/lib/python3/dist-packages", series="19.0")
    tree = read_tree(tmp_path, "a test")
    assert (tree.series, tree.root) == ("19.0", inner)


def test_archive_with_one_folder_inside_is_read(tmp_path):
    inner = make_odoo(tmp_path / "odoo-18.0.post20250702")
    assert read_tree(tmp_path, "a test").root == inner


def test_package_folder_itself_may_be_named(tmp_path):
    root = make_odoo(tmp_path / "src")
    assert read_tree(root / "odoo", "a test").root == root


def test_folder_without_web_addons_is_no_odoo(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    assert read_tree(tmp_path, "a test") is None


def test_named_source_comes_before_the_home_folder(home, tmp_path, monkeypatch):
    named = make_odoo(tmp_path / "named")
    make_odoo(tmp_path / "user/odoo/18.0")
    monkeypatch.setenv("ODOO_SOURCE", str(named))
    assert find_odoo.find_odoo(home, "18.0").root == named


def test_named_source_of_another_series_is_passed_over(home, tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(make_odoo(tmp_path / "named", series="19.0")))
    other = make_odoo(tmp_path / "user/odoo/18.0")
    assert find_odoo.find_odoo(home, "18.0").root == other


def test_named_source_without_odoo_is_an_error(home, tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(DevError, match="ODOO_SOURCE=.* holds no Odoo"):
        find_odoo.find_odoo(home, "18.0")


def test_pip_installed_odoo_is_shown_without_its_neighbours(home, tmp_path, monkeypatch):
    site = make_odoo(tmp_path / "site-packages", series="19.0")
    (site / "lxml").mkdir()
    monkeypatch.syspath_prepend(str(site))
    tree = find_odoo.find_odoo(home, "19.0")
    assert [path.name for path in tree.root.iterdir()] == ["odoo"]
    assert (tree.addons[0] / "web").is_dir()


@pytest.mark.usefixtures("no_downloads")
def test_missing_series_names_the_reason_of_every_place(home):
    with pytest.raises(find_odoo.OdooMissing) as error:
        find_odoo.find_odoo(home, "18.0")
    assert "~/odoo/18.0 is not there" in str(error.value)
    assert str(error.value).count("unreachable for 18.0") == 2
    assert "\n" not in str(error.value)


def test_what_was_fetched_once_is_taken_before_any_download(home, monkeypatch):
    make_odoo(debian.folder(home, "19.0"), series="19.0")

    def must_not_be_asked(*_arguments):
        raise AssertionError("asked for a download")

    monkeypatch.setattr(archive, "official", must_not_be_asked)
    assert find_odoo.find_odoo(home, "19.0").why == "Debian's package odoo-19"
    assert find_odoo.on_this_machine(home, "19.0")
