#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A hostile host against the model of a board, and against the real firmware in QEMU. The last line is the total; the exit
# status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

rm -f build/native/meson-logs/testlog.json build/guest/attack.tap
mkdir -p build/guest
broken=()
export CMOCKA_MESSAGE_OUTPUT=TAP	# one line for each case: they are counted

scripts/build.sh || exit
echo "== attacks on the model"
meson test -C build/native --no-rebuild --print-errorlogs --suite attack || broken+=("tests, gcc")
echo "== attacks on the firmware"
tests/attack/attack.py | tee build/guest/attack.tap || broken+=("guest: attack")

exec scripts/count_tests.py --only "tests, gcc" --only "guest: attack" "${broken[@]}"
