#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build what arrangement tee boots, in build/tee: every TA in optee/ta, OP-TEE with them and with optee/pta, the FIP that TF-A loads
# it from (pilot.fip), and one with OP-TEE alone (optee.fip). Does nothing when no source has changed; shows what make said only when
# it failed. Sources and objects of OP-TEE itself come from scripts/setup/tee.py. With --tests also forward.fip: the PTA with TAs in the
# places of Pilot's that pass on whatever they get (tests/guest/forward). With --bench instead bench.fip: Pilot's TAs and, under another
# UUID, OP-TEE's own for remote processors (bench/tee).
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
out=$top/build/tee
python=/usr/bin/python3
cross=aarch64-linux-gnu-

more=
case $*,$# in
,0) ;;
--tests,1 | --bench,1) more=$1 ;;
*)
	echo "usage: ${0##*/} [--tests | --bench]" >&2
	exit 2
	;;
esac
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

# ta NAME DIRECTORY [WORD]...: build a TA in build/tee/ta/NAME; WORDs are make's. $built is the result.
ta() {
	local name=$1 directory=$2
	mkdir -p "$out/ta/$name"
	run "$out/ta/$name.log" make -C "$directory" -j"$(nproc)" O="$out/ta/$name" TA_DEV_KIT_DIR="$out/optee/export-ta_arm64" \
		CROSS_COMPILE=$cross PYTHON3=$python PILOT_TOP="$top" "${@:3}"
	built=$(compgen -G "$out/ta/$name/*.stripped.elf") && [ "$built" = "${built%$'\n'*}" ] || {
		echo "pilot: $directory: not one *.stripped.elf in build/tee/ta/$name" >&2
		exit 1
	}
}

# optee/ta/NAME/Makefile says BINARY=its UUID and includes the kit's ta_dev_kit.mk; sub.mk names its sources.
early=()
for directory in optee/ta/*/; do
	[ -f "$directory/Makefile" ] || continue
	ta "$(basename "$directory")" "$directory"
	early+=("$built")
done

own=()
[ ! -f optee/pta/sub.mk ] || own=(--eval "core-platform-subdirs := $top/optee/pta")

# link NAME TA...: OP-TEE with these TAs as NAME.fip. Make alone takes seconds to find out that nothing has changed.
mapfile -t arguments <"$out/optee.arguments"
link() {
	local fip=$out/$1.fip made_from=$out/$1.made-from
	shift
	local state="${own[*]} $*" sources=(optee bench/tee include lib crypto boards/virt "$out/optee.json" "$tfa/bl31.bin" "$@")
	if [ -f "$fip" ] && [ "$(cat "$made_from" 2>/dev/null)" = "$state" ] &&
		[ -z "$(find "${sources[@]}" -newer "$made_from" -type f -print -quit)" ]; then
		return
	fi
	echo "pilot: building OP-TEE with $# TAs in ${fip#"$top/"}"
	printf '%s\n' "$state" >"$made_from.new" # older than the result: a source that changes meanwhile is not missed
	run "$out/optee.log" nice make -C "$source" -j"$(nproc)" "${arguments[@]}" "${own[@]}" EARLY_TA_PATHS="$*" PILOT_TOP="$top"
	fip "$out/optee/core" "$fip"
	mv "$made_from.new" "$made_from"
}

link pilot "${early[@]}"
[ -f "$out/optee.fip" ] && [ ! "$top/build/parts/optee/core/tee-header_v2.bin" -nt "$out/optee.fip" ] ||
	fip "$top/build/parts/optee/core" "$out/optee.fip"

if [ "$more" = --bench ]; then
	ta bench bench/tee/ta "OPTEE_SOURCE=$source"
	own=(--eval "core-platform-subdirs := $top/optee/pta $top/bench/tee/pta")
	link bench "${early[@]}" "$built"
fi
[ "$more" = --tests ] || exit 0
# the PTA's clients: remoteproc, PAS, events; and one whom it does not know
forward=()
for uuid in 80a4c275-0a47-4905-8285-1486a9771a08 cff7d191-7ca0-4784-af13-48223b9a4fbe 5c1f0c5e-96f1-4d5b-9d0b-31f4a1c6a7de \
	0b5ce6a4-0f3e-4d06-a35c-544d0e6f7b21; do
	ta "forward-${uuid%%-*}" tests/guest/forward "BINARY=$uuid"
	forward+=("$built")
done
link forward "${forward[@]}"
