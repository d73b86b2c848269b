"""EC2 instances by their names, and the jobs that fit on them."""

from __future__ import annotations

import pytest

from worstsort_cli.costs.instances import DEFAULT_TYPES, instances, smallest


@pytest.mark.parametrize(
    ("name", "vcpus", "gib"),
    [
        ("c7g.medium", 1, 2), ("c7g.large", 2, 4), ("c6g.xlarge", 4, 8), ("m7g.2xlarge", 8, 32),
        ("r6gd.12xlarge", 48, 384), ("c5.large", 2, 4), ("m6i.16xlarge", 64, 256), ("c7gn.large", 2, 4),
    ],
)  # fmt: skip
def test_the_name_of_an_instance_tells_what_it_has(name: str, vcpus: int, gib: int) -> None:
    (found,) = instances([name])
    assert (found.vcpus, found.mib) == (vcpus, gib * 1024)


@pytest.mark.parametrize("name", ["optimal", "t4g.large", "c7g.metal", "x2gd.large", "c5n.large", "c7g.", "", "large"])
def test_an_instance_whose_size_its_name_does_not_tell_is_left_out(name: str) -> None:
    assert instances([name]) == []


def test_a_family_stands_for_all_of_its_sizes() -> None:
    """Up to the largest, which may be bought beyond a maximum."""
    assert [each.vcpus for each in instances(["c7g"])] == [1, 2, 4, 8, 16, 32, 48, 64]
    assert min(each.vcpus for each in instances(["c5"])) == 2


def test_an_instance_registers_less_memory_than_it_is_sold_with() -> None:
    """So two jobs of half of its memory do not fit."""
    (large,) = instances(["c7g.large"])
    assert large.registered_mib < 4096 - 32
    assert (large.jobs(1, 2048), large.jobs(1, 1900), large.jobs(2, 512)) == (1, 2, 1)
    (larger,) = instances(["c7g.2xlarge"])
    assert larger.jobs(1, 2048) == 7


def test_the_smallest_instance_that_holds_a_job_is_taken() -> None:
    """The first one of several, as they are listed."""
    needs = (1, 1536), (4, 1536), (1, 3900), (1, 8000), (16, 512)
    names = [found.name if (found := smallest(DEFAULT_TYPES, *need)) else None for need in needs]
    assert names == [
        "c7g.large",
        "c7g.xlarge",
        "c7g.large",
        "m7g.xlarge",
        None,
    ]


@pytest.mark.parametrize(("name", "mib"), [("c7g.medium", 1_950), ("c7g.large", 3_932), ("m7g.2xlarge", 31_687)])
def test_what_a_machine_and_the_agent_keep_is_taken_off(name: str, mib: int) -> None:
    """3.2 % of the memory, and 32 MiB."""
    (found,) = instances([name])
    assert found.registered_mib == mib
