# SPDX-License-Identifier: BSD-2-Clause
"""pilot fuses new and show, and the block's bytes."""
import os
import struct

from harness import collect, contains, equal, main, pilot, read, sha384, write

NEW = ['fuses', 'new', '-o', 'f.bin', '--root', 'keys/root.crt', '--soc', '0x6019', '--oem', '1', '--model', '2']


def block_has_the_documented_bytes():
    equal(pilot(*NEW, '--root', 'keys/ca.der', '--jtag', '0x12345678', '--serial', '0xfedcba9876543210').status, 0)
    data = read('f.bin')
    equal(struct.unpack_from('<8IQQ', data),
          (0x53465050, 1, 240, 0x6019, 0x12345678, 1, 2, 2, 0xfedcba9876543210, 0))
    equal(data[48:], sha384(read('keys/root.der')) + sha384(read('keys/ca.der')) + bytes(96), 'roots')


def show_says_what_new_wrote():
    written = pilot(*NEW, '--serial', '0xffffffffffffffff', '--json')
    equal(written.status, 0)
    shown = pilot('fuses', 'show', '--json', 'f.bin')
    equal(shown.status, 0)
    equal(shown.json(), written.json())
    equal(shown.json(), {'file': 'f.bin', 'soc': '0x6019', 'jtag': '0x0', 'oem': '0x1', 'model': '0x2',
                         'serial': '0xffffffffffffffff', 'root_hashes': [sha384(read('keys/root.der')).hex()]})
    contains(pilot('fuses', 'show', 'f.bin').out, sha384(read('keys/root.der')).hex())


def four_roots_fit_five_do_not():
    equal(pilot(*NEW, *['--root', 'keys/ca.crt'] * 3).status, 0)
    equal(len(pilot('fuses', 'show', '--json', 'f.bin').json()['root_hashes']), 4)
    os.unlink('f.bin')
    equal(pilot(*NEW, *['--root', 'keys/ca.crt'] * 4).status, 2)
    equal(os.path.exists('f.bin'), False, 'file')


def a_root_that_is_no_certificate_is_refused():
    result = pilot(*NEW, '--root', 'keys/root.key')
    equal(result.status, 2)
    contains(result.err, 'keys/root.key: no X.509 certificate')
    equal(os.path.exists('f.bin'), False, 'file')


def a_damaged_block_is_refused():
    equal(pilot(*NEW).status, 0)
    good = read('f.bin')
    for bad, part in ((b'', 'ends at byte 0'), (good[:239], 'ends at byte 239'), (b'X' + good[1:], 'no fuse block'),
                      (good[:4] + b'\2' + good[5:], 'version 2'), (good[:28] + b'\0' + good[29:], '0 root hashes'),
                      (good[:28] + b'\5' + good[29:], '5 root hashes')):
        write('bad.bin', bad)
        result = pilot('fuses', 'show', 'bad.bin')
        equal((result.status, result.out), (2, ''), part)
        contains(result.err, part)


main(collect(globals().copy()))
