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

# Linux, a hostile Linux user and a hostile host on a CPU with granule protection: QEMU of Debian 13 where this machine's has none
granules() {
	CPU=max,x-rme=on,pauth-impdef=on "$@"
}

# Debian's own kernel makes no SHM bridges: one that does is built from its source, once.
bridges() {
	scripts/setup/packages.sh kernel &&
		scripts/setup/build_kernel.py tests/guest/kernel/shmbridge.config linux/tests/shm_bridge linux/pil_client &&
		tests/guest/bridge_kernel.py
}

# Clocks of OP-TEE's that are there before Linux looks for those that nobody uses: with its drivers built in, from its source, once.
early_clocks() {
	scripts/setup/packages.sh kernel &&
		scripts/setup/build_kernel.py tests/guest/kernel/teeearly.config linux/tests/tee_call &&
		tests/guest/tee_scmi.py build/parts/linux-teeearly
}

# The kernel's own client of PAS in a TEE is in Linux 7.3, which Debian has in experimental.
pas_client() {
	scripts/setup/newer_kernel.py &&
		PILOT_HEADERS=newer-headers PILOT_MODULES=modules-newer scripts/build_modules.sh linux/tests/pas_tee linux/tests/tee_call &&
		tests/guest/tee_pas.py --kernel
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
step "another kernel under the hypervisor" tests/guest/hypervisor.py --all --only debian
step "demonstration with granule protection" granules boards/virt/run/main.py run --directory build/run-granules
step "guest scenarios with granule protection" granules tests/guest/scenarios.py
step "SMC door with granule protection" granules tests/guest/door.py
step "attacks with granule protection" granules tests/attack/attack.py
step "attacks with granule protection, under the hypervisor" granules tests/attack/attack.py --arrangement guest
step "guest scenarios with a kernel that makes SHM bridges" bridges
step "clocks of OP-TEE's before Linux sweeps them" early_clocks
step "PAS in OP-TEE with the kernel's own client" pas_client
step "RPMsg, 1,000 messages of every size" tests/guest/tee_rpmsg.py --messages 1000

for name in "${failed[@]}"; do
	echo "FAILED: $name"
done
echo "$passed steps passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
