#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every test: unit tests compiled by gcc and by clang, fuzz targets for a short fixed count, then every
# firmware image that Debian ships (skipped where they cannot be had), then the guest test.
# The last line is the total; the exit status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

rm -f build/native/meson-logs/testlog.json build/clang/meson-logs/testlog.json build/run/result.json \
	build/corpus/result.json
broken=()
export CMOCKA_MESSAGE_OUTPUT=TAP	# one line for each case: they are counted

step() {
	local name=$1
	shift
	echo "== $name"
	"$@" || broken+=("$name")
}

step "build" scripts/build.sh --tests
step "tests, gcc" meson test -C build/native --no-rebuild --print-errorlogs
step "tests, clang" meson test -C build/clang --no-rebuild --no-suite fuzz --print-errorlogs
step "corpus" tests/corpus/main.py
step "guest test" boards/virt/run/main.py run

# A step that broke without a failed test in its records counts as one failure.
exec scripts/count_tests.py "${broken[@]}"
