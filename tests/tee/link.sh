#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build what the tests of Pilot's PTA boot: OP-TEE with the PTA and, in the places of Pilot's TAs, one that passes every command on
# (tests/tee/forward), as build/tee-test/forward.fip; and its client for the guest, build/tee-test/client.
set -euo pipefail
cd "$(dirname "$0")/../.."
top=$PWD
out=$top/build/tee-test
cross=aarch64-linux-gnu-
# remoteproc, events, and one whom the PTA does not know
uuids=(80a4c275-0a47-4905-8285-1486a9771a08 5c1f0c5e-96f1-4d5b-9d0b-31f4a1c6a7de 0b5ce6a4-0f3e-4d06-a35c-544d0e6f7b21)

mkdir -p "$out"
early=()
for uuid in "${uuids[@]}"; do
	make -C tests/tee/forward BINARY="$uuid" O="$out/$uuid" TA_DEV_KIT_DIR="$top/build/tee/optee/export-ta_arm64" \
		CROSS_COMPILE=$cross PYTHON3=/usr/bin/python3 >"$out/$uuid.log" 2>&1 </dev/null || {
		tail -n 20 "$out/$uuid.log" >&2
		exit 1
	}
	early+=("$out/$uuid/$uuid.stripped.elf")
done
scripts/build_tee.sh --with "$out/forward.fip" "${early[@]}"
${cross}gcc -O2 -Wall -Wextra -Wshadow -Werror -static -o "$out/client" tests/tee/client/client.c
