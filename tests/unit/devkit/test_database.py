"""Which files make an upgrade of the addon necessary."""

import pytest
from odoo_mcp.devkit.database import addon_files, addon_fingerprint, repository_files


@pytest.fixture
def repository(tmp_path):
    names = [
        "__manifest__.py",
        "models/a.py",
        "tests/test_a.py",
        "tests/unit/test_b.py",
        "README.md",
        "devkit/c.py",
        "dev",
        ".dev/venv/d.py",
        ".ci/run",
        "models/__pycache__/a.pyc",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names_of(files, repository):
    return [str(file.relative_to(repository)) for file in files]


def test_repository_without_git_is_listed_without_what_dev_installed(repository):
    found = names_of(repository_files(repository), repository)
    assert "models/a.py" in found and "dev" in found
    assert not [name for name in found if name.startswith(".dev") or "__pycache__" in name]


def test_only_what_odoo_reads_belongs_to_the_addon(repository):
    assert names_of(addon_files(repository), repository) == ["__manifest__.py", "models/a.py"]
    assert "tests/test_a.py" in names_of(addon_files(repository, with_tests=True), repository)


def test_changed_model_changes_the_fingerprint_and_changed_test_does_not(repository):
    before = addon_fingerprint(repository)
    (repository / "tests/test_a.py").write_text("changed")
    (repository / "README.md").write_text("changed")
    assert addon_fingerprint(repository) == before
    (repository / "models/a.py").write_text("changed")
    assert addon_fingerprint(repository) != before


def test_renamed_file_changes_the_fingerprint(repository):
    before = addon_fingerprint(repository)
    (repository / "models/a.py").rename(repository / "models/b.py")
    assert addon_fingerprint(repository) != before
