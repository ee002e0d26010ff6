#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Style of everything that is checked in. Tools that this machine lacks are named, and nothing is installed for them.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
bad=0

fail() {
	echo "lint: $*" >&2
	bad=1
}

while read -r file; do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || fail "$file: no SPDX line among its first three lines"
done < <(git ls-files | grep -vE '^(LICENSE|LICENSES/.*|\.clang-format|\.gitignore|.*\.(md|txt|json|1))$|(known-good|motd|motd-tee|\.log)$|^debian/(changelog|source/format)$')

while read -r file; do
	fail "$file: whitespace at the end of a line"
done < <(git ls-files | grep -v '^LICENSE' | xargs grep -lE '[[:blank:]]+$')

if command -v shellcheck >/dev/null; then
	git ls-files '*.sh' .ci/run boards/virt/guest/init | xargs shellcheck -x -S warning || bad=1
else
	echo "lint: no shellcheck: shell scripts were not checked" >&2
fi
git ls-files '*.py' | xargs -r python3 -c '
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name)' || bad=1
exit $bad
