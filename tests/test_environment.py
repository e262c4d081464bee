"""What the machine around the app may get wrong: settings, folders, imports."""

import logging
import os

import pytest
import streamlit as st

from nnviz.sessions.environment import Environment, read_environment
from nnviz.ui.registry import registry


def test_settings_are_taken_as_they_are_named() -> None:
    named = {"NNVIZ_MAX_LIVE": " 3 ", "NNVIZ_PATIENCE": "2.5", "NNVIZ_SHARE": "0.5", "NNVIZ_HZ": "2"}
    assert read_environment(named) == (Environment(max_live=3, patience=2.5, share=0.5, hz=2.0), ())
    assert read_environment({}) == (Environment(max_live=20 * (os.cpu_count() or 2), patience=60.0), ())


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "nan", "inf", "2.5", "1e9"])
def test_a_number_of_runs_that_cannot_be_used_is_named_and_the_usual_one_holds(text: str) -> None:
    environment, (complaint,) = read_environment({"NNVIZ_MAX_LIVE": text})
    assert environment == Environment()
    usual = Environment().max_live
    assert complaint == (
        f"NNVIZ_MAX_LIVE is {text!r}, but must be a whole number from 1 to 1,000,000: {usual} is used instead."
    )


@pytest.mark.parametrize("text", ["half", "0", "1.5", "nan", "-1"])
def test_a_share_that_cannot_be_used_is_named_and_all_of_the_time_is_taken(text: str) -> None:
    environment, (complaint,) = read_environment({"NNVIZ_SHARE": text})
    assert environment == Environment(share=1.0)
    assert complaint == f"NNVIZ_SHARE is {text!r}, but must be a number from 0.05 to 1.0: 1 is used instead."


@pytest.mark.parametrize("text", ["often", "0", "0.4", "7", "nan"])
def test_a_pace_of_charts_that_cannot_be_used_is_named_and_the_usual_one_holds(text: str) -> None:
    environment, (complaint,) = read_environment({"NNVIZ_HZ": text})
    assert environment == Environment(hz=4.0)
    assert complaint == f"NNVIZ_HZ is {text!r}, but must be a number from 0.5 to 6.0: 4 is used instead."


def test_a_language_that_there_is_not_is_named_with_those_that_there_are() -> None:
    assert read_environment({"NNVIZ_LANGUAGE": "qps-ploc"}) == (Environment(language="qps-ploc"), ())
    environment, (complaint,) = read_environment({"NNVIZ_LANGUAGE": "klingon"})
    assert environment == Environment()
    assert complaint == "NNVIZ_LANGUAGE is 'klingon', but must be one of en, qps-ploc: browsers choose instead."


def test_whether_there_is_a_proxy_is_yes_or_no() -> None:
    assert read_environment({"NNVIZ_BEHIND_PROXY": "yes"}) == (Environment(is_behind_proxy=True), ())
    environment, (complaint,) = read_environment({"NNVIZ_BEHIND_PROXY": "true"})
    assert environment == Environment()
    assert complaint == "NNVIZ_BEHIND_PROXY is 'true', but must be yes or no: no is used instead."


@pytest.mark.usefixtures("own_registry")
def test_bad_settings_are_told_on_the_terminal_and_the_registry_opens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    registry().close()
    st.cache_resource.clear()
    monkeypatch.setenv("NNVIZ_MAX_LIVE", "0")
    monkeypatch.setenv("NNVIZ_PATIENCE", "60s")
    with caplog.at_level(logging.WARNING, "nnviz"):
        opened = registry()
    assert (opened.pool.max_live, opened.patience) == (Environment().max_live, 60.0)
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "NNVIZ_MAX_LIVE is '0'", "NNVIZ_PATIENCE is '60s'",
    ]  # fmt: skip
    assert "must be a number of seconds from 1 to 1,000,000: 60 is used instead." in caplog.text
