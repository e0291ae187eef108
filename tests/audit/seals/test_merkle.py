from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.seals.merkle import leaf, root

# The eight entries and their tree heads that Certificate Transparency's own tests use for RFC 6962.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(1, 9))
def test_it_works(count):
    leaves = [leaf(bytes.fromhex(entry)) for entry in ENTRIES[:count]]
    assert root(leaves).hex() == HEADS[count - 1]


@given(some.lists(some.binary(max_size=4), min_size=1, max_size=40))
def test_it_is_the_tree_that_the_rfc_defines(entries):
    leaves = [leaf(entry) for entry in entries]
    assert root(leaves) == as_written(leaves)


def as_written(leaves):
    """Section 2.1, word by word: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + as_written(leaves[:half]) + as_written(leaves[half:])).digest()
