"""The fault gallery in a real browser: guess what a run has, see how one can tell, cure it and see it well."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_case_is_guessed_told_and_cured_while_it_trains(visitor: Visitor) -> None:
    visitor.open("/Faults?case=displaced_labels")
    visitor.wait_for_charts()
    finding, well = visitor.page.locator("[data-finding=displaced]"), visitor.page.locator(".nnviz-findings[data-well]")
    visitor.press("Play")
    visitor.wait_for_step(120)
    expect(finding).to_have_count(0)  # a secret yet
    visitor.page.get_by_text("Learning by heart").click()
    expect(visitor.page.get_by_text("Look at the confusion matrix")).to_be_visible()
    visitor.page.get_by_text("Labels off by one").click()
    expect(visitor.page.get_by_text(re.compile("^Yes: Labels off by one"))).to_be_visible()
    expect(finding).to_contain_text("count the classes differently")
    finding.get_by_role("button", name="Begin anew without the mistake").click()
    expect(visitor.page.get_by_text(re.compile("New run: planted mistake Labels off by one → none"))).to_be_visible()
    expect(finding).to_have_count(0)
    visitor.wait_for_step(120)
    expect(well).to_have_text("Nothing looks wrong.")
    visitor.page.reload()
    visitor.wait_for_charts()
    expect(visitor.page.get_by_text(re.compile("^Yes: Labels off by one"))).to_be_visible()  # this browser knows
    visitor.page.get_by_role("link", name="Open on Train").click()
    visitor.wait_for_charts()
    expect(visitor.page.get_by_text("Planted mistake")).to_be_visible()
