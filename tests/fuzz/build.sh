#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# build.sh CLANG OUTPUT DEPFILE INCLUDE[:INCLUDE...] SOURCE...: one fuzz target, and what it was made of;
# FUZZ_CFLAGS: further options
set -eu
clang=$1 output=$2 depfile=$3 include=$4
shift 4
flags="-std=c11 -O1 -g -Wall -Wextra -Werror -I$(echo "$include" | sed 's/:/ -I/g') ${FUZZ_CFLAGS:-}"
"$clang" $flags -MM -MT "$output" "$@" > "$depfile"
exec "$clang" $flags -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
	-o "$output" "$@" -lcrypto
