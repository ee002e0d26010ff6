#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every test: unit tests compiled by gcc and by clang, fuzz targets for a short fixed count, every firmware image that
# Debian ships (skipped where they cannot be had), every device tree of its kernel, the Debian packages, the demonstration, then
# programs that run the firmware in QEMU and print TAP: the guest tests and the attacks. At the end a browser looks at the runs'
# reports.
# The last line is the total; the exit status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

# Two lanes, side by side, that take about as long as each other: in the first is what boots the machine of arrangement owner or guest with
# Linux, because these share a directory below build/; in the second OP-TEE. The rest fills the shorter one.
lane_linux=(guest/cost.py guest/scenarios.py guest/bridges.py guest/hypervisor.py guest/video.py "guest/video.py --arrangement guest"
	guest/handover.py "guest/handover.py --arrangement owner" attack/dying.py
	guest/fake_tee.py "attack/attack.py --family guest --family hidden --family guest-gic --arrangement guest")
lane_others=(guest/traces.py guest/door.py "guest/door.py --arrangement guest" guest/tee_driver.py attack/attack.py
	guest/tee.py guest/tee_cores.py guest/tee_scmi.py guest/tee_pas.py guest/tee_rpmsg.py guest/tee_attacks.py
	"browser/report.py build/native/tools/pilot/pilot runs")

rm -f build/native/meson-logs/testlog.json build/clang/meson-logs/testlog.json build/run/result.json build/run-guest/result.json \
	build/run-tee/result.json build/corpus/result.json build/corpus/trees/result.json build/package.tap build/guest/*.tap
broken=()
export CMOCKA_MESSAGE_OUTPUT=TAP	# one line for each case: they are counted

step() {
	local name=$1 begin=$SECONDS
	shift
	echo "== $name"
	"$@" || broken+=("$name")
	echo "-- $name: $((SECONDS - begin)) s"
}

# A program of tests/ with its arguments, and what is said of it: its name, and its last argument.
guest_name() {
	local words=("$@")
	echo "$(basename "$1" .py)${words[1]:+-${words[-1]}}"
}

# What it prints is its record, and shown when it has ended: the lanes must not talk at the same time.
guest_test() {
	local name begin=$SECONDS status=ok
	name=$(guest_name "$@")
	echo "== guest: $name begins"
	"tests/$1" "${@:2}" >"build/guest/$name.tap" 2>&1 </dev/null || status=failed
	[ $status = ok ] || echo "guest: $name" >>build/guest/broken
	flock build/guest/terminal cat "build/guest/$name.tap" - <<<"-- guest: $name: $status, $((SECONDS - begin)) s"
}

# What it prints is also its record.
package_test() {
	tests/package/package.py </dev/null | tee build/package.tap
}

lane() {
	local test words
	for test; do
		read -ra words <<<"$test"
		guest_test "${words[@]}"
	done
}

step "build" scripts/build.sh --tests
step "build, tee" scripts/build_tee.sh --tests
step "tests, gcc" meson test -C build/native --no-rebuild --print-errorlogs
step "tests, clang" meson test -C build/clang --no-rebuild --print-errorlogs
step "bindings" scripts/check_bindings.py
step "corpus" tests/corpus/main.py
step "device trees" tests/corpus/trees.py
step "packages" package_test
step "guest test" boards/virt/run/main.py run
step "guest test, hypervisor" env ARRANGEMENT=guest boards/virt/run/main.py run --directory build/run-guest
step "guest test, OP-TEE" env ARRANGEMENT=tee boards/virt/run/main.py run --directory build/run-tee
mkdir -p build/guest
rm -f build/guest/broken
trap 'trap - INT TERM; kill 0; exit 130' INT TERM	# a lane in the background does not hear of the keyboard
lane "${lane_linux[@]}" &
lane "${lane_others[@]}" &
wait
trap - INT TERM
[ ! -f build/guest/broken ] || mapfile -t -O "${#broken[@]}" broken <build/guest/broken

# A step that broke without a failed test in its records counts as one failure.
exec scripts/count_tests.py "${broken[@]}"
