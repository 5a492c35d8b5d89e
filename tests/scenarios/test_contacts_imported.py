"""500 contacts come in as CSV, seven of them with a mistake."""

import csv
import io
import re

import pytest
from assistant import meant

MANAGER = ("base.group_partner_manager",)
COLUMNS = ("id", "name", "is_company", "email", "phone", "city", "country_id", "lang", "type")
COUNT = 500
# What is wrong, by number of the row.
MISTAKES = {
    10: ("country_id", "Belgim"),
    57: ("country_id", "Unted Kingdom"),
    123: ("is_company", "perhaps"),
    200: ("name", ""),
    311: ("lang", "Klingon"),
    404: ("type", "Factory"),
    499: ("country_id", "Nethrlands"),
}


@pytest.fixture
def importer(person):
    return person(*MANAGER, name="Ingrid Importer")


def _rows(mark, count=COUNT):
    return [
        {
            "id": f"{mark}_{number:03}",
            "name": f"{mark} {number:03}",
            "is_company": "1" if number % 5 == 0 else "0",
            "email": f"{mark}.{number:03}@example.org",
            "phone": f"+32 2 555 {number:04}",
            "city": ("Gent", "Brugge", "Leuven")[number % 3],
            "country_id": "Belgium",
            "lang": "English (US)",
            "type": "Contact",
        }
        for number in range(1, count + 1)
    ]


def _text(rows, columns=COLUMNS):
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    file.write(",".join(columns) + "\n")
    writer.writerows(rows)
    return file.getvalue()


def _with_mistakes(mark):
    rows = _rows(mark)
    for number, (column, value) in MISTAKES.items():
        rows[number - 1][column] = value
    return rows


def _imported(backend, mark, **keywords):
    return backend.do("res.partner", "search_count", [("name", "=like", f"{mark} %")], **keywords)


def _corrected(row, text):
    """The row as the error of it says that it should be."""
    column = text.split(":")[0]
    if "Did you mean" in text:
        return {**row, column: meant(text)}
    if possible := re.search(r"Possible: ([^,.]+)", text):
        return {**row, column: possible[1]}
    if use := re.search(r"Use '(\d)' for yes and '(\d)' for no", text):
        return {**row, column: use[2]}
    assert "require a name" in text, text
    return {**row, "name": row["email"].partition("@")[0].replace(".", " ")}


def test_all_seven_are_named_and_corrected_as_told_and_all_500_are_there(importer, backend):
    assert importer.find("import contacts from a CSV file")[0] == "import_records"
    rows = _with_mistakes("Alpha")
    error = importer.fails("import_records", model="res.partner", csv=_text(rows), dry_run=True)
    assert "7 of 500 rows" in error
    told = {int(number): text for number, text in re.findall(r"^Row (\d+): (.*)$", error, re.MULTILINE)}
    assert told.keys() == MISTAKES.keys()
    assert _imported(backend, "Alpha") == 0

    for number, text in told.items():
        rows[number - 1] = _corrected(rows[number - 1], text)
    tried = importer.call("import_records", model="res.partner", csv=_text(rows), dry_run=True)
    assert tried["imported"] == COUNT
    assert _imported(backend, "Alpha") == 0
    done = importer.call("import_records", model="res.partner", csv=_text(rows))
    assert len(set(done["ids"])) == COUNT
    assert _imported(backend, "Alpha") == COUNT
    shown = backend.do("res.partner", "read", done["ids"], ["name", "email", "country_id", "is_company"])
    assert [row["email"] for row in shown] == [row["email"] for row in rows], "in the order of the rows"
    assert [row["country_id"][1] for row in shown] == [row["country_id"] for row in rows]
    assert {row["country_id"][1] for row in shown} == {"Belgium", "United Kingdom", "Netherlands"}
    assert sum(row["is_company"] for row in shown) == COUNT // 5


def test_the_other_493_come_in_and_the_seven_later_without_making_anybody_twice(importer, backend):
    rows = _with_mistakes("Beta")
    done = importer.call("import_records", model="res.partner", csv=_text(rows), skip_bad_rows=True)
    assert (done["imported"], _imported(backend, "Beta")) == (COUNT - len(MISTAKES), COUNT - len(MISTAKES))
    assert {int(number) for number in done["skipped"]} == MISTAKES.keys()

    late = [_corrected(rows[int(number) - 1], text) for number, text in done["skipped"].items()]
    again = [{**row, "city": "Hasselt"} for row in rows[:5]]
    more = importer.call("import_records", model="res.partner", csv=_text(again + late))
    assert more["ids"][:5] == done["ids"][:5], "known external ids are updated"
    assert _imported(backend, "Beta") == COUNT
    assert backend.do("res.partner", "search_count", [("name", "=like", "Beta %"), ("city", "=", "Hasselt")]) == 5

    importer.call("undo_change", change_id=more["change_id"])
    assert _imported(backend, "Beta") == COUNT - len(MISTAKES)
    assert backend.do("res.partner", "search_count", [("name", "=like", "Beta %"), ("city", "=", "Hasselt")]) == 0


def test_a_wrong_column_leads_to_the_right_one(importer, backend):
    rows = _rows("Gamma", 3)
    wrong = [{"e_mail" if name == "email" else name: value for name, value in row.items()} for row in rows]
    right = meant(importer.fails("import_records", model="res.partner", rows=wrong))
    rows = [{right if name == "e_mail" else name: value for name, value in row.items()} for row in wrong]
    importer.call("import_records", model="res.partner", rows=rows)
    assert _imported(backend, "Gamma") == 3


def test_rows_may_differ_in_what_they_give(importer, backend):
    rows = [{"name": "Delta 1", "type": "invoice"}, {"name": "Delta 2"}, {"name": "Delta 3", "city": "Gent"}]
    ids = importer.call("import_records", model="res.partner", rows=rows)["ids"]
    shown = backend.do("res.partner", "read", ids, ["name", "type", "city"])
    wanted = [("invoice", False), ("contact", False), ("contact", "Gent")]
    assert [(row["type"], row["city"]) for row in shown] == wanted


def test_who_lacks_the_right_is_told_who_can_give_it_and_goes_on_then(person, backend):
    reader = person(name="Nora Newcomer")
    import_them = {"model": "res.partner", "rows": _rows("Epsilon", 2)}
    error = reader.fails("import_records", **import_them)
    assert "Nora Newcomer lacks the right" in error and "an Odoo administrator decides" in error
    group = backend.row("res.groups", backend.ref(MANAGER[0]), "full_name")
    assert group["full_name"] in error
    user = max(row["id"] for row in backend.rows("res.users", [("name", "=", "Nora Newcomer")], "name"))
    backend.do("res.groups", "write", [group["id"]], {_users_field(backend): [(4, user)]})
    assert reader.call("import_records", **import_them)["imported"] == 2


def _users_field(backend):
    return "user_ids" if "user_ids" in backend.do("res.groups", "fields_get", ["user_ids"]) else "users"
