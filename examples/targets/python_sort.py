"""list.sort of Python as a target of Worstsort, and all that another sort in Python needs: put it into `sort`.

worstsort check --target "cmd: python3 python_sort.py" --sizes 1000,4000
"""

import struct
import sys
from array import array
from functools import cmp_to_key


def sort(items, compare):
    """Sort items in place; compare(a, b) is negative if a belongs before b, positive if b before a, and else 0."""
    items.sort(key=cmp_to_key(compare))


def by_values(values):
    """Compare items by their values, and count."""
    counted = [0]

    def compare(a, b):
        counted[0] += 1
        return values[a] - values[b]

    return compare, counted


def by_decisions(genes, values):
    """Play M. D. McIlroy's adversary, which gives items values (-1: none yet) when it has to, as the genes say."""
    size, counted = len(values), [0]
    candidate, low, high, asked = 0, 0, size - 1, 0

    def compare(a, b):
        nonlocal candidate, low, high, asked
        counted[0] += 1
        if a == b:
            return 0
        x, y = values[a], values[b]
        if x < 0 and y < 0:
            gene = genes[asked] if asked < len(genes) else 0
            asked += 1
            frozen, candidate = (a, b) if (candidate == a) != (gene & 1) else (b, a)
            if gene & 2:
                values[frozen], high = high, high - 1
            else:
                values[frozen], low = low, low + 1
            x, y = values[a], values[b]
        if x < 0:
            candidate = a
            return -1 if y > high else 1
        if y < 0:
            candidate = b
            return -1 if x < low else 1
        return x - y

    return compare, counted


def by_asking(a, b):
    """Ask Worstsort."""
    replies.write(struct.pack("<2i", a, b))
    replies.flush()
    return struct.unpack("b", requests.read(1))[0]


requests, replies = sys.stdin.buffer, sys.stdout.buffer
sys.stdout = sys.stderr  # what the sort prints must not get among the replies
replies.write(f"worstsort 1 Python {sys.version.split()[0]} list.sort\n".encode())
replies.flush()
while header := requests.read(16):
    mode, size, rows, genes = struct.unpack("<4i", header)
    for _ in range(rows):
        items = list(range(size))
        if mode == 0:
            compare, counted = by_values(array("i", requests.read(4 * size)))
            sort(items, compare)
            replies.write(struct.pack("<q", counted[0]) + array("i", items).tobytes())
        elif mode == 1:
            values = [-1] * size
            compare, counted = by_decisions(requests.read(genes), values)
            sort(items, compare)
            replies.write(struct.pack("<q", counted[0]) + array("i", items + values).tobytes())
        else:
            sort(items, by_asking)
            replies.write(struct.pack("<2i", -1, -1) + array("i", items).tobytes())
    replies.flush()
