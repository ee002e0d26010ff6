#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A hostile host against the model of a board, and against the real firmware in QEMU, at EL2 and at EL1 under the hypervisor; then
# faults in the processor. The last line is the total; the exit status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

rm -f build/native/meson-logs/testlog.json build/guest/attack.tap build/guest/attack-guest.tap build/guest/inject.tap
mkdir -p build/guest
broken=()
export CMOCKA_MESSAGE_OUTPUT=TAP	# one line for each case: they are counted

scripts/build.sh || exit
echo "== attacks on the model"
meson test -C build/native --no-rebuild --print-errorlogs --suite attack || broken+=("tests, gcc")
echo "== attacks on the firmware"
tests/attack/attack.py | tee build/guest/attack.tap || broken+=("guest: attack")
echo "== attacks on the firmware from under the hypervisor"
tests/attack/attack.py --arrangement guest | tee build/guest/attack-guest.tap || broken+=("guest: attack-guest")

echo "== faults in the processor, on the service's AArch64 code"
inject() {
	if [ -x build/native/tests/attack/inject ]; then
		build/native/tests/attack/inject build/firmware/tests/attack/inject.bin
	else
		echo "ok 1 - faults_after_verification # SKIP libunicorn-dev was missing when the tests were configured"
		echo "1..1"
	fi
}
inject | tee build/guest/inject.tap || broken+=("guest: inject")

exec scripts/count_tests.py --only "tests, gcc" --only "guest: attack" --only "guest: attack-guest" --only "guest: inject" "${broken[@]}"
