#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Everything that there is to run: scripts/test.sh, then what takes longer. Every step prints its own results; the last
# line says how many steps passed. FUZZ_RUNS: inputs for each fuzz target (default: a million).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
passed=0
failed=()

step() {
	local name=$1
	shift
	echo "== $name"
	if "$@"; then
		passed=$((passed + 1))
	else
		failed+=("$name")
	fi
}

proof() {
	scripts/setup/tools.py cbmc && tests/proof/run.py
}

long_fuzz() {
	FUZZ_RUNS=${FUZZ_RUNS:-1000000} meson test -C build/clang --no-rebuild --suite fuzz --print-errorlogs \
		--timeout-multiplier 0
}

step "test" scripts/test.sh
step "proof" proof
step "fuzz targets, long" long_fuzz
step "guest scenarios on all machines" tests/guest/scenarios.py --all

for name in "${failed[@]}"; do
	echo "FAILED: $name"
done
echo "$passed steps passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
