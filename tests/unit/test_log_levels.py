"""logging/setLevel, and the order of the levels."""

import pytest
from library import Library, in_session, with_session
from odoo_mcp.services.protocol.log_levels import LOG_LEVELS, reaches
from protocol_client import Workshop, ask, say


def test_a_level_reaches_itself_and_those_below():
    for place, level in enumerate(LOG_LEVELS):
        assert [reaches(level, lowest) for lowest in LOG_LEVELS] == [other <= place for other in range(len(LOG_LEVELS))]


def test_the_levels_are_those_of_syslog():
    assert LOG_LEVELS[0] == "debug"
    assert LOG_LEVELS[-1] == "emergency"
    assert reaches("error", "warning")
    assert not reaches("notice", "warning")


def test_what_is_no_level_is_a_mistake_of_the_application():
    with pytest.raises(ValueError):
        reaches("loud", "info")


@pytest.mark.parametrize("level", LOG_LEVELS)
def test_a_session_sets_its_level(level):
    application = with_session()
    heard = in_session("logging/setLevel", {"level": level}, application=application)
    assert heard.result == {}
    assert application.told[1:] == [("set_log_level", level)]


@pytest.mark.parametrize("level", [None, "", "loud", "INFO", 5, ["info"], {}])
def test_an_unknown_level_is_invalid_params(level):
    application = with_session()
    heard = in_session("logging/setLevel", {"level": level}, application=application)
    assert heard.code == -32602
    assert "warning" in heard.error["message"]
    assert len(application.told) == 1


def test_without_the_capability_there_are_no_levels():
    heard = say("logging/setLevel", {"level": "info"}, application=Library(offers={"tools": {}}))
    assert heard.code == -32601
    heard = say("logging/setLevel", {"level": "info"}, application=Workshop(offers={"logging": {}}))
    assert heard.code == -32601


def test_2026_07_28_has_no_levels_to_set():
    assert ask("logging/setLevel", {"level": "info"}, application=Library()).status == 404
