#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build what runs: build/native (the tool), build/firmware (monitor, service, remote programs), and the demonstration's drivers in
# build/modules. With --tests also build/clang: the same as build/native, by clang, and all kernel modules. In build/native and
# build/clang the tests are compiled with AddressSanitizer and UBSan. For ARRANGEMENT=tee also build/tee, and its modules instead.
set -euo pipefail
cd "$(dirname "$0")/.."

# meson configures a directory once; ninja does so again by itself when a meson.build changes.
configure() {
	local directory=$1
	shift
	[ -f "$directory/build.ninja" ] && return
	meson setup "$directory" "$@" >"$directory.log" 2>&1 && return
	cat "$directory.log" >&2
	return 1
}

# Says what takes time; shows what the compiler said only when it failed (warnings are errors).
compile() {
	local directory=$1
	ninja -C "$directory" -n | grep -q '^ninja: no work to do' && return
	echo "pilot: building $directory"
	compiled=$directory
	ninja -j "$(nproc)" -C "$directory" >"$directory.log" 2>&1 && return
	grep -v '^\[[0-9]*/[0-9]*\] ' "$directory.log" >&2
	return 1
}

compiled=
mkdir -p build
configure build/native
configure build/firmware --cross-file boards/virt/aarch64.ini
compile build/native
compile build/firmware
if [ "$compiled" = build/firmware ]; then
	scripts/sizes.py build/firmware
fi
if [ "${1:-}" = --tests ]; then
	CC=clang configure build/clang
	compile build/clang
	scripts/setup/rpmsg.py
	scripts/build_modules.sh
elif [ "${ARRANGEMENT:-}" = tee ]; then
	scripts/setup/rpmsg.py
	scripts/build_modules.sh linux/rpmsg linux/pil_mailbox linux/rproc_tee	# for the demonstration
	scripts/build_tee.sh
else
	scripts/build_modules.sh linux/pil_client
fi
