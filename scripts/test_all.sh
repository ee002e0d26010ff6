#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Everything that there is to run: scripts/test.sh, then what takes longer. Every step prints its own results; the last
# line says how many steps passed. FUZZ_SECONDS: how long each fuzz target runs (default: 300); MUTATIONS: images that both
# crypto back ends judge (default: 100000).
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
	FUZZ_SECONDS=${FUZZ_SECONDS:-300} meson test -C build/clang --no-rebuild --suite fuzz --print-errorlogs \
		--timeout-multiplier 0
}

step "test" scripts/test.sh
step "proof" proof
step "attacks and injected faults" scripts/attack.sh
step "fuzz targets, long" long_fuzz
step "mutated images" build/native/tests/differential/mutate "${MUTATIONS:-100000}"
step "a host that dies, everywhere" tests/attack/dying.py --all
step "soak" tests/guest/soak.py --cycles 2000
step "guest scenarios on all machines" tests/guest/scenarios.py --all

for name in "${failed[@]}"; do
	echo "FAILED: $name"
done
echo "$passed steps passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
