"""Which attempts of `construction` succeed, so that nobody has to wait for the others again."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOUND: Mapping[int, tuple[int, int]] = MappingProxyType(
    {
        68: (0, 13),
        69: (0, 3),
        70: (0, 3),
        71: (0, 4),
        72: (0, 142),
        74: (0, 4),
        75: (0, 6),
        76: (0, 202),
        79: (0, 84),
        80: (1, 1),
        81: (0, 21),
        82: (0, 302),
        83: (0, 478),
        84: (1, 1),
        85: (2, 131),
        86: (0, 8),
        87: (2, 91),
        88: (0, 157),
        89: (0, 353),
        90: (1, 1),
        91: (0, 810),
        92: (0, 129),
        94: (0, 128),
        95: (0, 518),
        97: (2, 52),
        98: (2, 55),
        99: (0, 63),
        102: (1, 288),
        103: (0, 274),
        104: (0, 40),
        105: (1, 23),
        106: (1, 1),
        107: (0, 23),
        109: (0, 344),
        113: (0, 68),
        114: (0, 95),
        115: (0, 70),
        118: (0, 28),
        128: (0, 52),
        130: (0, 211),
        131: (0, 179),
        136: (0, 23),
        139: (0, 62),
        143: (0, 32),
        149: (0, 12),
        174: (0, 7),
        175: (0, 4),
        282: (0, 5),
        284: (0, 2),
    }
)
"""By size: how many costs of plans are passed over, since no attempt reached them, and the number of the attempt.

Where nothing is said, the highest cost is tried from attempt 0 on.
"""
