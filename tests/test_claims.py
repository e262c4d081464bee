"""Every card "What to try" and every model's idea is held to what it says, or only asks the reader to look."""

import importlib
import re
from pathlib import Path

import pytest

from benchmarks.claims import CARDS
from nnviz.catalog import MODELS
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.families.menu import PAGES

FOLDER = Path(__file__).parent
# These promise nothing that can be counted.
ASKING = {("resnet", "A smaller step"), ("gan", "MNIST with convolutions"), ("autoencoder", "Clothes")}
FIGURES = re.compile(r"\d+ %|\d+ (to \d+ )?updates|hundred updates|seeds|times as")


def said(page: FamilyPage) -> dict[str, str]:
    """What a page says, by the label of its card; "idea" for the words on its own view."""
    return {"idea": page.texts.idea} | {each.label: each.text for each in page.tries}


SAID = {(family, label): text for family, page in PAGES.items() for label, text in said(page).items()}


def noted() -> dict[tuple[str, str], list[str]]:
    """Name the tests that hold each card."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted(FOLDER.glob("test_family_*.py")):
        for name, value in vars(importlib.import_module(f"tests.{file.stem}")).items():
            for card in getattr(value, "claims", ()):
                found.setdefault(card, []).append(name)
    return found


def test_every_card_is_held_by_a_test_over_five_seeds_or_measured_or_only_asks() -> None:
    tested = set(noted())
    assert tested | set(CARDS) | ASKING == set(SAID)
    assert not tested & ASKING
    assert not set(CARDS) & (tested | ASKING)


@pytest.mark.parametrize("card", sorted(ASKING), ids="-".join)
def test_a_card_that_only_asks_names_no_figure(card: tuple[str, str]) -> None:
    assert not FIGURES.search(SAID[card])


@pytest.mark.parametrize("card", sorted(CARDS), ids="-".join)
def test_a_card_that_is_measured_by_hand_says_over_how_many_seeds_or_names_no_figure(card: tuple[str, str]) -> None:
    assert "five seeds" in SAID[card] or not FIGURES.search(SAID[card])


def test_every_twin_that_a_card_puts_beside_exists() -> None:
    for family, page in PAGES.items():
        assert {each.beside for each in page.tries} - {""} <= set(MODELS[family].twins)
