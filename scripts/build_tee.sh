#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build what arrangement tee boots, in build/tee: every TA in optee/ta, OP-TEE with them and with optee/pta, the FIP that TF-A loads
# it from (pilot.fip), and one with OP-TEE alone (optee.fip). Does nothing when no source has changed; shows what make said only when
# it failed. Sources and objects of OP-TEE itself come from scripts/setup/tee.py.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
out=$top/build/tee
python=/usr/bin/python3
cross=aarch64-linux-gnu-

[ $# = 0 ] || {
	echo "usage: ${0##*/}" >&2
	exit 2
}
scripts/setup/tee.py
source=$top/build/parts/optee-os
tfa=$top/build/parts/tf-a
export SOURCE_DATE_EPOCH=1
export LC_ALL=C

# run LOG COMMAND...
run() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 </dev/null && return
	tail -n 40 "$log" >&2
	echo "pilot: ${log#"$top/"} has all of it" >&2
	return 1
}

# fip IMAGES RESULT: what BL1 and BL2 load
fip() {
	run "$out/fip.log" "$tfa/fiptool" create --tb-fw "$tfa/bl2.bin" --soc-fw "$tfa/bl31.bin" --tos-fw "$1/tee-header_v2.bin" \
		--tos-fw-extra1 "$1/tee-pager_v2.bin" --tos-fw-extra2 "$1/tee-pageable_v2.bin" "$2.new"
	mv "$2.new" "$2"
}

# A TA: optee/ta/NAME/Makefile says BINARY=its UUID and includes the kit's ta_dev_kit.mk; sub.mk names its sources.
early=()
for directory in optee/ta/*/; do
	[ -f "$directory/Makefile" ] || continue
	name=$(basename "$directory")
	mkdir -p "$out/ta/$name"
	run "$out/ta/$name.log" make -C "$directory" -j"$(nproc)" O="$out/ta/$name" TA_DEV_KIT_DIR="$out/optee/export-ta_arm64" \
		CROSS_COMPILE=$cross PYTHON3=$python PILOT_TOP="$top"
	found=$(compgen -G "$out/ta/$name/*.stripped.elf") && [ "$found" = "${found%$'\n'*}" ] || {
		echo "pilot: $directory: not one *.stripped.elf in build/tee/ta/$name" >&2
		exit 1
	}
	early+=("$found")
done

own=()
[ ! -f optee/pta/sub.mk ] || own=(--eval "core-platform-subdirs := $top/optee/pta")

# make alone takes seconds to find out that nothing has changed
state="${own[*]} ${early[*]}"
sources=(optee include lib crypto boards/virt "$out/optee.json" "$tfa/bl31.bin" "${early[@]}")
if [ -f "$out/pilot.fip" ] && [ "$(cat "$out/made-from" 2>/dev/null)" = "$state" ] &&
	[ -z "$(find "${sources[@]}" -newer "$out/made-from" -type f -print -quit)" ]; then
	exit 0
fi

echo "pilot: building OP-TEE with ${#early[@]} TAs of Pilot's"
printf '%s\n' "$state" >"$out/made-from.new" # older than the result: a source that changes meanwhile is not missed
mapfile -t arguments <"$out/optee.arguments"
run "$out/optee.log" nice make -C "$source" -j"$(nproc)" "${arguments[@]}" "${own[@]}" EARLY_TA_PATHS="${early[*]}" PILOT_TOP="$top"
fip "$out/optee/core" "$out/pilot.fip"
fip "$top/build/parts/optee/core" "$out/optee.fip"
mv "$out/made-from.new" "$out/made-from"
