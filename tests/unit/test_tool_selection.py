import pytest
from odoo_mcp.services.tools import selection

CATEGORIES = ("Records", "Files and reports", "Talk")


def choose(parameters=None, headers=None, mode="full"):
    return selection.selection_of(parameters or {}, headers or {}, mode, CATEGORIES)


def test_nothing_said_is_everything():
    assert choose() == selection.Selection()


def test_the_mode_of_the_connection_counts_where_the_request_says_nothing():
    assert choose(mode="search").mode == "search"
    assert choose({"mode": "full"}, mode="search").mode == "full"


def test_toolsets_may_be_spelled_as_people_do():
    for spelled in ("Files and reports,talk", "files-and-reports, TALK", "files_and_reports,talk,"):
        assert choose({"toolsets": spelled}).toolsets == {"files_and_reports", "talk"}


@pytest.mark.parametrize(
    "parameters", [{"mode": "serach"}, {"toolsets": "record"}, {"toolsets": "talk,nope"}, {"readonly": "2"}]
)
def test_unknown_values_are_refused(parameters):
    with pytest.raises(selection.UnknownChoiceError, match="There are"):
        choose(parameters)


def test_the_two_doors_are_open_in_every_selection_and_listed_where_tools_are_hidden():
    narrow = choose({"readonly": "1", "toolsets": "talk", "mode": "search"})
    for name in ("find_tools", "call_tool"):
        assert narrow.lists(name)
        assert not narrow.why_not(name, "Find tools", "destructive")
        assert not selection.Selection().lists(name)


def test_a_tool_of_no_known_risk_is_none_that_only_reads():
    assert choose({"readonly": "true"}).why_not("odd", None, None)
