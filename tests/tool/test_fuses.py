# SPDX-License-Identifier: BSD-2-Clause
"""pilot fuses new and show, and the block's bytes."""
import os
import struct

from harness import collect, contains, equal, main, pilot, read, sha384, sign, write

NEW = ['fuses', 'new', '-o', 'f.bin', '--root', 'keys/root.crt', '--soc', '0x6019', '--oem', '1', '--model', '2']


def block_has_the_documented_bytes():
    equal(pilot(*NEW, '--root', 'keys/ca.der', '--jtag', '0x12345678', '--serial', '0xfedcba9876543210').status, 0)
    data = read('f.bin')
    equal(struct.unpack_from('<8IQ4IQ', data),
          (0x53465050, 2, 256, 0x6019, 0x12345678, 1, 2, 2, 0xfedcba9876543210, 2, 0, 3, 0, 0))
    equal(data[64:], sha384(read('keys/root.der')) + sha384(read('keys/ca.der')) + bytes(96), 'roots')


def show_says_what_new_wrote():
    written = pilot(*NEW, '--serial', '0xffffffffffffffff', '--json')
    equal(written.status, 0)
    shown = pilot('fuses', 'show', '--json', 'f.bin')
    equal(shown.status, 0)
    equal(shown.json(), written.json())
    equal(shown.json(), {'file': 'f.bin', 'soc': '0x6019', 'jtag': '0x0', 'oem': '0x1', 'model': '0x2',
                         'serial': '0xffffffffffffffff', 'life': 'secure', 'debug': [],
                         'root_hashes': [sha384(read('keys/root.der')).hex()], 'root_states': ['active']})
    contains(pilot('fuses', 'show', 'f.bin').out, sha384(read('keys/root.der')).hex())


def policy_is_written_and_shown():
    result = pilot(*NEW, *['--root', 'keys/ca.crt'] * 2, '--inactive', '1', '--revoke', '2', '--life', 'rma',
                   '--debug', 'coredump', '--debug', 'image', '--json')
    equal(result.status, 0)
    shown = pilot('fuses', 'show', '--json', 'f.bin').json()
    equal(shown, result.json())
    equal((shown['life'], shown['debug'], shown['root_states']),
          ('rma', ['coredump', 'image'], ['active', 'inactive', 'revoked']))
    equal(struct.unpack_from('<4I', read('f.bin'), 40), (3, 3, 5, 4))
    contains(pilot('fuses', 'show', 'f.bin').out, 'revoked')


def contradictory_policies_are_usage_errors():
    for wrong, part in ((['--inactive', '1'], '0 to 0'), (['--revoke', '4'], "not '4'"), (['--life', 'closed'], "'closed'"),
                        (['--debug', 'all'], "'all'"), (['--debug', 'image'], '--life secure')):
        result = pilot(*NEW, *wrong)
        equal(result.status, 2, str(wrong))
        contains(result.err, part)


def key_for_containers_follows_the_block():
    result = pilot(*NEW, '--container-key', 'keys/ca.crt', '--json')
    equal(result.status, 0)
    block = read('f.bin')
    equal((len(block), struct.unpack_from('<4I', block, 256)), (320, (0x4b465050, 1, 64, 0)))
    shown = pilot('fuses', 'show', '--json', 'f.bin').json()
    equal(shown, result.json())
    equal((shown['container_key'], shown['loose_containers']), (block[272:].hex(), False))
    equal(pilot(*NEW, '--container-key', 'keys/ca.crt', '--loose-containers').status, 0)
    equal(read('f.bin')[256:272], struct.pack('<4I', 0x4b465050, 1, 64, 1))
    contains(pilot('fuses', 'show', 'f.bin').out, "without Pilot's TLVs")
    equal(read('f.bin')[272:], block[272:])
    result = pilot(*NEW, '--loose-containers')
    equal(result.status, 2)
    contains(result.err, '--container-key')
    equal(pilot(*NEW, '--container-key', 'keys/none.pub').status, 2)
    write('f.bin', block[:256] + b'PPFX' + block[260:])
    equal(pilot('fuses', 'show', 'f.bin').status, 2)


def verify_asks_what_the_fuses_ask():
    sign()
    for policy, reason in (([], None), (['--revoke', '0'], 'is revoked'), (['--inactive', '0'], 'not activated'),
                           (['--life', 'rma'], 'life cycle rma'), (['--life', 'open'], None)):
        equal(pilot(*NEW[:-1], '0', *policy).status, 0)
        result = pilot('image', 'verify', '--fuses', 'f.bin', 'a.mbn')
        equal(result.status, 1 if reason else 0, str(policy))
        contains(result.out + result.err, reason or '')


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
    for bad, part in ((b'', 'ends at byte 0'), (good[:255], 'ends at byte 255'), (b'X' + good[1:], 'no fuse block'),
                      (good[:4] + b'\1' + good[5:], 'version 1'), (good[:28] + b'\0' + good[29:], '0 root hashes'),
                      (good[:28] + b'\5' + good[29:], '5 root hashes'),
                      (good[:40] + b'\4' + good[41:], 'life cycle 4'), (good[:44] + b'\2' + good[45:], 'debug policy 0x2'),
                      (good[:48] + b'\3' + good[49:], 'activated roots 0x3'), (good[:56] + b'\1' + good[57:], 'reserved'),
                      (good[:255] + b'\1', 'root hash 3')):
        write('bad.bin', bad)
        result = pilot('fuses', 'show', 'bad.bin')
        equal((result.status, result.out), (2, ''), part)
        contains(result.err, part)


main(collect(globals().copy()))
