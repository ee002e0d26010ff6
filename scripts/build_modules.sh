#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build the kernel modules below linux/ for the guest's kernel: every directory with a Kbuild, or those named as arguments.
# The modules of DIRECTORY land in build/modules/NAME, its last component. Shows what make said only when it failed.
# For another kernel PILOT_HEADERS names its headers below build/parts, and PILOT_MODULES what to use instead of modules.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
out=$top/build/${PILOT_MODULES:-modules}
headers=$top/build/parts/${PILOT_HEADERS:-headers}

fail() {
	echo "pilot: $*" >&2
	exit 1
}

# The one path below the unpacked headers that fits a pattern.
one() {
	local found
	found=$(compgen -G "$headers/$1") && [ "$found" = "${found%$'\n'*}" ] ||
		fail "not one $1 in build/parts/headers (scripts/setup/parts.py)"
	echo "$found"
}

common=$(one 'usr/src/linux-headers-*-common')
tree=$(one 'usr/src/linux-headers-*-arm64')
modpost=$(one 'usr/lib/linux-kbuild-*/scripts/mod/modpost.real-lsb-64')
linker=$(one 'usr/lib/*/ld-linux-*.so.?')

# modpost was linked against a C library that may be newer than this machine's: it came along
mkdir -p "$out"
cat >"$out/modpost.new" <<-END
	#!/bin/sh
	exec "$linker" --library-path "${linker%/*}" "$modpost" "\$@"
END
chmod +x "$out/modpost.new"
cmp -s "$out/modpost.new" "$out/modpost" || cp -p "$out/modpost.new" "$out/modpost"

# Debian's compiler is newer than this machine's may be: what the kernel's configuration found out about it does not hold.
# Without CC_FLAGS_FTRACE= a module builds and then oopses while it is loaded.
settings=(
	ARCH=arm64 CC=aarch64-linux-gnu-gcc MODPOST="$out/modpost"
	CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= CONFIG_DEBUG_INFO_BTF_MODULES= CC_FLAGS_FTRACE=
	KCFLAGS="-Wno-attributes -Werror"
)

build() {
	local name=${1##*/}
	[ -f "$1/Kbuild" ] || fail "$1: no Kbuild there"
	[ "$name" != rpmsg ] || scripts/setup/rpmsg.py # its sources are the kernel's
	make -C "$common" O="$tree" M="$top/${1#"$top/"}" MO="$out/$name" "${settings[@]}" modules \
		</dev/null >"$out/$name.log" 2>&1 && return
	cat "$out/$name.log" >&2
	fail "$1 was not built"
}

if [ $# = 0 ]; then
	mapfile -t directories < <(find linux -name Kbuild -printf '%h\n' | sort)
	set -- "${directories[@]}"
fi
for directory; do
	build "${directory%/}"
done
