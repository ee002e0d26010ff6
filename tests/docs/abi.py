#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""libpilot.so against what docs/VERSIONS.md promises: no symbol of the symbols file is gone, no structure has another size, and what the
library shows is what its map lists. More symbols are fine. Prints TAP.

usage: abi.py SOURCE_ROOT libpilot.so SIZES_PROGRAM
"""
import os
import re
import subprocess
import sys

# Sizes where pointers and size_t have 64 bits. A change of one needs another soname: docs/VERSIONS.md.
SIZES = {
    'pil_auth_policy': 32,
    'pil_auth_result': 1264,
    'pil_auth_rules': 32,
    'pil_bytes': 16,
    'pil_cert': 144,
    'pil_container': 408,
    'pil_container_policy': 40,
    'pil_container_result': 200,
    'pil_crypto': 56,
    'pil_cursor': 40,
    'pil_device': 304,
    'pil_elf': 48,
    'pil_image': 872,
    'pil_manifest': 520,
    'pil_mbn': 800,
    'pil_phdr': 56,
    'pil_plan': 2616,
    'pil_range': 16,
    'pil_rsc_item': 112,
    'pil_section': 32,
    'pil_why': 24,
}
SONAME = 'libpilot.so.0'


def read(path):
    """A file's text."""
    with open(path, encoding='utf-8') as file:
        return file.read()


def output(*args):
    """What a program prints; it must succeed."""
    return subprocess.run(args, capture_output=True, text=True, check=True).stdout


def promised(root):
    """The symbols of the package's symbols file."""
    return set(re.findall(r'^ (pil_\w+)@PILOT_0 ', read(os.path.join(root, 'debian/libpilot0.symbols')), re.M))


def gone(root, library):
    """Symbols that were there once and are not any more."""
    shown = set(re.findall(r' [TDRB] (pil_\w+)', output('nm', '-D', '--defined-only', library)))
    names = promised(root)
    if len(names) < 100:
        yield f'only {len(names)} symbols in debian/libpilot0.symbols: is the test looking in the right place?'
    yield from sorted(names - shown)


def map_differs(root, library):
    """Symbols of the map that the library lacks, and symbols that it shows beside them."""
    shown = set(re.findall(r' [TDRB] (\S+?)(?:@@PILOT_0)?$', output('nm', '-D', '--defined-only', library), re.M))
    listed = set(re.findall(r'^\t(pil_\w+);$', read(os.path.join(root, 'package/libpilot.map')), re.M))
    yield from (f'{name} is in the map, not in the library' for name in sorted(listed - shown))
    yield from (f'{name} is in the library, not in the map' for name in sorted(shown - listed))


def soname_differs(_, library):
    """The soname, if it is not the one that is promised."""
    found = re.findall(r'SONAME\s+(\S+)', output('objdump', '-p', library))
    if found != [SONAME]:
        yield f'the soname is {found}'


def sizes_differ(program):
    """Structures whose size has changed."""
    sizes = {name: int(size) for name, size in (line.split() for line in output(program).splitlines())}
    if sys.maxsize < 2 ** 32:
        return
    yield from (f'{name} has {sizes.get(name)} bytes, {size} were promised' for name, size in SIZES.items()
                if sizes.get(name) != size)
    yield from (f'{name} has {size} bytes, and no promise yet' for name, size in sizes.items() if name not in SIZES)


def main():
    """Compare, report."""
    root, library, program = sys.argv[1:]
    results = [('no symbol is gone', list(gone(root, library))),
               ('the library shows what its map lists', list(map_differs(root, library))),
               ('the soname is the promised one', list(soname_differs(root, library))),
               ('no structure has another size', list(sizes_differ(program)))]
    print(f'1..{len(results)}')
    for number, (what, wrong) in enumerate(results, 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {what}')
        for text in wrong:
            print(f'# {text}')
    sys.exit(1 if any(wrong for _, wrong in results) else 0)


main()
