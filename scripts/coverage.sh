#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Line coverage of lib/pas and lib/scm by their unit tests and by the seeds and a short run of the SCM fuzz target, measured by
# clang's source coverage in build/coverage. The last line of the report is the total.
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/coverage
tool() { command -v "$1" || command -v "$1-14" || { echo "coverage: $1 is missing (package llvm)" >&2; exit 1; }; }
profdata=$(tool llvm-profdata)
cov=$(tool llvm-cov)

flags='-fprofile-instr-generate -fcoverage-mapping'
[ -f "$build/build.ninja" ] || CC=clang meson setup "$build" -Dc_args="$flags" -Dc_link_args=-fprofile-instr-generate >/dev/null
mapfile -t tests < <(ninja -C "$build" -t targets all | sed -nE 's#^(tests/unit/(pas|scm)/test_[a-z_]+): .*#\1#p')
[ "${#tests[@]}" -gt 0 ] || { echo "coverage: no tests found in $build" >&2; exit 1; }
ninja -j "$(nproc)" -C "$build" "${tests[@]}" tests/fuzz/fuzz_scm tests/fuzz/fuzz_seeds >"$build.log" 2>&1 || { tail -n 30 "$build.log" >&2; exit 1; }

rm -f "$build"/*.profraw
objects=()
for test in "${tests[@]}"; do
	LLVM_PROFILE_FILE="$PWD/$build/$(basename "$test").profraw" "$build/$test" >/dev/null
	objects+=(-object "$build/$test")
done
LLVM_PROFILE_FILE="$PWD/$build/fuzz.profraw" tests/fuzz/run.sh "$build/tests/fuzz/fuzz_scm" "$build/tests/fuzz/fuzz_seeds" scm 2000 \
	>"$build.log" 2>&1 || { tail -n 20 "$build.log" >&2; exit 1; }
"$profdata" merge -o "$build/all.profdata" "$build"/*.profraw
"$cov" report "$build/tests/fuzz/fuzz_scm" "${objects[@]}" -instr-profile="$build/all.profdata" -show-region-summary=0 \
	-show-branch-summary=0 -ignore-filename-regex='(tests|boards|crypto|include)/|lib/(image|auth|iommu)/|lib/[a-z]*\.[ch]$'
