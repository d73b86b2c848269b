"""Why a champion is bad: the figures and pictures of its recursion."""

from __future__ import annotations

import re

import pytest

from tests.support.command import ROOT
from tests.unit.artefacts.test_report_data import a_champion
from worstsort.artefacts.why import MAX_DRAWN, MAX_WATCHED_SIZE, Why, costs, tree_svg
from worstsort.gosort import constructed, count_plain
from worstsort.gosort.recursion import KINDS, recursion
from worstsort.runs.baselines import random_input


def why(size: int, target: str) -> Why | None:
    """Return why the construction of a size is bad."""
    values = constructed(size, target) or []
    changes = {"size": size, "target": target, "values": values, "comparisons": count_plain(values, target)}
    return Why.of(a_champion().model_copy(update=changes))


@pytest.mark.parametrize("target", ["go1.12", "go1.19", "go1.24", "stable"])
def test_the_kinds_of_steps_share_out_all_comparisons(target: str) -> None:
    """On the champion, and on the random input beside it."""
    found = why(100, target)
    assert found
    assert sum(costs(found.champion).values()) == count_plain(constructed(100, target), target)
    assert sum(costs(found.random).values()) == count_plain(random_input(100, 1, a_champion().islands), target)


def test_each_item_has_its_role() -> None:
    """With its depth, in the order of the input."""
    found = why(100, "go1.12")
    assert found
    roles = found.roles()
    assert len(roles["kind"]) == len(roles["depth"]) == 100
    assert set(roles["kind"]) <= set(range(len(KINDS)))
    assert len(roles["words"]) == len(roles["colours"]) == len(KINDS)


def test_a_tree_has_a_block_for_each_segment_up_to_a_number() -> None:
    """The largest ones; the comparisons stand at each."""
    small, large = recursion(list(range(300, 0, -1)), "go1.12"), recursion(random_input(9_000), "stable")
    assert small
    assert large
    picture = tree_svg(small, "an input", small.depth)
    assert picture.count("<rect") == len(small.segments)
    assert sum(map(int, re.findall(r'data-c="(\d+)"', picture))) == small.comparisons
    assert tree_svg(large, "an input", large.depth).count("<rect") == min(MAX_DRAWN, len(large.segments))


@pytest.mark.parametrize(("levels", "pixels"), [(1, 15), (20, 15), (30, 10), (300, 1)])
def test_a_level_is_fifteen_pixels_high_and_all_together_three_hundred_at_most(levels: int, pixels: int) -> None:
    """However deep the deepest tree is."""
    tree = recursion(list(range(300, 0, -1)), "go1.12")
    assert tree
    assert f' height="{pixels * tree.depth}" preserve' in tree_svg(tree, "an input", levels)


def test_each_kind_of_steps_has_its_colour_and_a_paler_one_for_the_random_input() -> None:
    """By the classes of its two bars, which the page's style knows."""
    style = (ROOT / "layers/evolution/worstsort/artefacts/assets/report.css").read_text()
    known = set(re.findall(r"\.([a-z-]+)", style))
    assert {kind.replace(" ", "-") for kind in KINDS} | {"pale"} <= known
    found = why(100, "go1.24")
    assert found
    classes = [names.split() for names in re.findall(r'class="bar ([^"]*)"', found.bars())]
    assert classes == [[kind, *shade] for kind, *_ in classes[::2] for shade in ([], ["pale"])]
    assert {kind for kind, *_ in classes} <= known


def test_both_trees_have_one_scale() -> None:
    """A level is as high in both."""
    found = why(100, "go1.12")
    assert found
    heights = [int(height) for height in re.findall(r' height="(\d+)" preserve', found.trees())]
    assert heights[0] / found.champion.depth == pytest.approx(heights[1] / found.random.depth, rel=0.05)


@pytest.mark.parametrize(("size", "target"), [(100, "heapsort"), (1, "go1.12"), (MAX_WATCHED_SIZE + 1, "stable")])
def test_nothing_is_said_where_nothing_can_be_shown(size: int, target: str) -> None:
    """Of a sort that divides nothing, of an input that needs no sorting, and of one that takes long."""
    assert why(size, target) is None


def test_words_fit_a_sort_without_partitions() -> None:
    """A stable sort divides nothing."""
    found = why(100, "stable")
    assert found
    assert "Partitions" not in found.sentence()
    assert "insertion sort" in found.sentence()


def test_words_fit_an_input_that_is_not_divided() -> None:
    """Insertion sort alone takes so few items."""
    found = why(12, "go1.24")
    assert found
    assert "So few integers are not divided. All comparisons are made by insertion sort: 66 on" in found.sentence()
    assert "1 level<" in found.trees()
