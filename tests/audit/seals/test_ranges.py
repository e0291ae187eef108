from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from audit.seals.ranges import count_in, gaps, holds, joined, numbers_in, ranges_of

NUMBERS = some.sets(some.integers(1, 60))


def test_it_works():
    assert ranges_of([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 7], [9, 10]]


@given(NUMBERS)
def test_it_keeps_every_number(numbers):
    ranges = ranges_of(sorted(numbers))
    assert list(numbers_in(ranges)) == sorted(numbers)
    assert count_in(ranges) == len(numbers)
    assert {number for number in range(70) if holds(ranges, number)} == numbers


@given(NUMBERS, some.integers(1, 60), some.integers(1, 60))
def test_it_finds_the_gaps(numbers, first, last):
    found = gaps(ranges_of(sorted(numbers)), first, last)
    assert list(numbers_in(found)) == [number for number in range(first, last + 1) if number not in numbers]


@given(some.lists(NUMBERS, max_size=4))
def test_it_joins(several):
    ranges = [pair for numbers in several for pair in ranges_of(sorted(numbers))]
    assert list(numbers_in(joined(ranges))) == sorted(set().union(*several))
    assert joined(ranges) == ranges_of(sorted(set().union(*several)))
