#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Install tool, library, headers, pkg-config file, manual pages, completions and schemas below PREFIX (default: /usr/local), or below
# DESTDIR and PREFIX for a package. Compiles what is missing, without the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
case $prefix in
/*) ;;
*)
	echo "pilot: PREFIX=$prefix: an absolute path is needed" >&2
	exit 2
	;;
esac
if [ -f build/install/build.ninja ]; then
	meson configure build/install --prefix "$prefix"
else
	meson setup build/install --prefix "$prefix" --buildtype release -Dtests=false >build/install.log 2>&1 || {
		cat build/install.log >&2
		exit 1
	}
fi
echo "pilot: building build/install"
ninja -j "$(nproc)" -C build/install >build/install.log 2>&1 || {
	grep -v '^\[[0-9]*/[0-9]*\] ' build/install.log >&2
	exit 1
}
if [ -z "${DESTDIR:-}" ] && [ ! -w "$prefix" ] && [ "$(id -u)" != 0 ]; then
	echo "pilot: $prefix is not yours: run this as root, or give PREFIX or DESTDIR" >&2
	exit 1
fi
meson install -C build/install --no-rebuild >build/install.log || {
	cat build/install.log >&2
	exit 1
}
echo "pilot: installed below ${DESTDIR:-}$prefix"
