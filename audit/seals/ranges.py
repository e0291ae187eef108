"""Numbers of events as ranges: `[[1, 500], [502, 600]]`. Ranges are in order, do not touch, and include both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Range = list[int]


def ranges_of(numbers: Iterable[int]) -> list[Range]:
    """Rising numbers as ranges."""
    found: list[Range] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def numbers_in(ranges: Iterable[Range]) -> Iterator[int]:
    """Every number of the ranges, in order."""
    for first, last in ranges:
        yield from range(first, last + 1)


def count_in(ranges: Iterable[Range]) -> int:
    """How many numbers they hold."""
    return sum(last - first + 1 for first, last in ranges)


def holds(ranges: Iterable[Range], number: int) -> bool:
    """Whether a number is in one of them."""
    return any(first <= number <= last for first, last in ranges)


def gaps(ranges: Iterable[Range], first: int, last: int) -> list[Range]:
    """What of first to last stands in no range."""
    found, next_one = [], first
    for start, end in ranges:
        if start > next_one:
            found.append([next_one, min(start - 1, last)])
        next_one = max(next_one, end + 1)
    if next_one <= last:
        found.append([next_one, last])
    return [gap for gap in found if gap[0] <= gap[1]]


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in any order as few, in order."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def overlap(some: Sequence[Range], others: Sequence[Range]) -> bool:
    """Whether any number is in both, each in order."""
    here = there = 0
    while here < len(some) and there < len(others):
        if some[here][1] < others[there][0]:
            here += 1
        elif others[there][1] < some[here][0]:
            there += 1
        else:
            return True
    return False
