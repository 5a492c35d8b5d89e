"""Page marks of searches."""

import pytest
from odoo_mcp.services.records.paging import page_mark, page_offset
from odoo_mcp.services.tools.errors import ToolError

SEARCH = ("res.partner", [["name", "=", "x"]], "name")


@pytest.mark.parametrize("offset", [1, 20, 9_999_999])
def test_a_mark_leads_back_to_its_offset(offset):
    assert page_offset(page_mark(offset, *SEARCH), *SEARCH) == offset


@pytest.mark.parametrize("mark", [None, ""])
def test_no_mark_is_the_first_page(mark):
    assert page_offset(mark, *SEARCH) == 0


def test_a_mark_is_good_for_its_own_search_only():
    mark = page_mark(20, *SEARCH)
    for other in (("res.users", *SEARCH[1:]), (SEARCH[0], [], SEARCH[2]), (*SEARCH[:2], "name desc")):
        with pytest.raises(ToolError, match="another search"):
            page_offset(mark, *other)


@pytest.mark.parametrize("mark", ["!", "abc", "é", "MjA", "LTU6eA==", "x" * 100, page_mark(99_999_999, *SEARCH)])
def test_a_mark_that_is_none_of_ours_is_refused(mark):
    with pytest.raises(ToolError):
        page_offset(mark, *SEARCH)
