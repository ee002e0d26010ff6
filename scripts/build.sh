#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build what runs: build/native (the tool) and build/firmware (monitor, service, remote programs).
# With --tests also build/clang: the same as build/native, by clang, which the fuzz targets need. In both, the tests
# are compiled with AddressSanitizer and UBSan.
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

# Warnings and errors are shown, progress is not.
compile() {
	ninja -C "$1" --quiet
}

mkdir -p build
configure build/native
configure build/firmware --cross-file boards/virt/aarch64.ini
compile build/native
compile build/firmware
if [ "${1:-}" = --tests ]; then
	CC=clang configure build/clang
	compile build/clang
fi
