#!/bin/sh
# All tests: beside each other, each process on servers of its own; then those that change a Zou, one after the other.
# Usage: all.sh PYTHON [what pytest takes]
python=$1
shift
"$python" -m pytest -p tests.servers.own -n auto --dist loadfile -m "not zou" "$@"
beside=$?
"$python" -m pytest -m zou "$@"
alone=$?
# 5: none was chosen.
[ "$beside" = 5 ] && [ "$alone" != 5 ] && beside=0
[ "$alone" = 5 ] && alone=0
exit $((beside | alone))
