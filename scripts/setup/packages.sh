#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Install those of Debian's own packages that Pilot needs and this machine lacks. Changes nothing else; says nothing
# when nothing is missing. With the argument kernel also what a kernel is built with (scripts/setup/build_kernel.py), with tee
# what OP-TEE is built with (scripts/setup/tee.py), with browser the browser that looks at the tool's pages (130 MB), with deb
# what Debian packages are built with.
set -euo pipefail

packages=(
	make meson ninja-build pkg-config python3 dpkg-dev xz-utils
	gcc libc6-dev gcc-aarch64-linux-gnu
	clang clang-format llvm
	libssl-dev libjansson-dev libcmocka-dev libunicorn-dev libfdt-dev openssl
	qemu-system-arm device-tree-compiler dt-schema
	python3-jsonschema mandoc
	zsh
	debian-archive-keyring
)

for what; do
	case $what in
	kernel) packages+=(flex bison bc) ;;
	tee) packages+=(python3-pyelftools python3-cryptography) ;;
	browser) packages+=(chromium fonts-dejavu-core) ;;
	deb) packages+=(debhelper) ;;
	*)
		echo "pilot: packages for $what? there are those for kernel, tee, browser and deb" >&2
		exit 2
		;;
	esac
done

release=unknown
if [ -r /etc/os-release ]; then
	release=$(. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-testing}")
fi
case $release in
"debian 12") packages+=(libclang-rt-14-dev) ;;
debian\ *) packages+=(libclang-rt-dev) ;;
*)
	echo "pilot: this is $release; the packages are known for Debian 12 and 13 only" >&2
	echo "pilot: nothing is installed; going on with what this machine has" >&2
	exit 0
	;;
esac

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
	grep -qx "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "pilot: these packages are missing: ${missing[*]}" >&2
	echo "pilot: only root can install them: apt-get install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi

echo "pilot: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# apt's own chatter is of interest only when something goes wrong.
quietly() {
	"$@" >"$log" 2>&1 </dev/null && return
	tail -n 15 "$log" >&2
	return 1
}

if ! quietly apt-get update -q; then
	echo "pilot: apt-get update failed (above); going on with the package lists that are there" >&2
fi
if ! quietly apt-get install -y -q --no-install-recommends "${missing[@]}"; then
	echo "pilot: could not install: ${missing[*]}" >&2
	echo "pilot: the reason is above; without network, install them by other means and run this again" >&2
	exit 1
fi
