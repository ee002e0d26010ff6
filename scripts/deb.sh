#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Build Debian packages of the tool and the library: build/deb/*.deb. The tree is copied first, so that nothing is left in it.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dh >/dev/null; then
	echo "pilot: debhelper is missing: scripts/setup/packages.sh deb installs it" >&2
	exit 1
fi
mbedtls=$PWD/build/parts/mbedtls
if [ ! -f "$mbedtls/include/mbedtls/x509_crt.h" ]; then
	echo "pilot: no source of Mbed TLS in build/parts: scripts/setup/parts.py gets it" >&2
	exit 1
fi
rm -rf build/deb
mkdir -p build/deb/source
tar --exclude=./build --exclude=./.git --exclude=__pycache__ -cf - . | tar -C build/deb/source -xf -
cd build/deb/source
echo "pilot: building Debian packages of $(dpkg-parsechangelog -SSource) $(dpkg-parsechangelog -SVersion)"
log=../build.log
if ! PILOT_MBEDTLS=$mbedtls DEB_BUILD_OPTIONS="parallel=$(nproc) nocheck ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage -b -us -uc >"$log" 2>&1; then
	tail -n 30 "$log" >&2
	echo "pilot: the packages could not be built; build/deb/build.log has all of it" >&2
	exit 1
fi
cd ..
rm -rf source
ls ./*.deb | sed 's,^\.,pilot: build/deb,'
