# SPDX-License-Identifier: BSD-2-Clause
"""Manifests: what pilot image sign makes of a description, show says of it, and verify refuses."""
import json
import os
import struct

from harness import (CODE, DATA, Image, collect, contains, elf, equal, main, pilot, plain, read, sha384, sign, verify, write)

GOOD = {'entries': [
    {'sid': '0x1234', 'access': ['read', 'write'], 'base': '0xb8000000', 'size': '0x200000'},
    {'sid': 0x1240, 'mask': 15, 'purpose': 'dma-master', 'access': ['write'], 'base': 0x9010000, 'size': 4096}]}
BYTES = struct.pack('<4I', 0x464d4c50, 1, 80, 2) + \
    struct.pack('<4I2Q', 0x1234, 0, 0, 3, 0xb8000000, 0x200000) + \
    struct.pack('<4I2Q', 0x1240, 15, 1, 2, 0x9010000, 0x1000)
FLAGS = 0x08600004		# relocatable, not used, readable


def _describe(description, path='m.json'):
    write(path, json.dumps(description).encode())
    return path


def _signed(description=None, *more):
    return sign('a.elf', 'a.mbn', '--manifest', _describe(GOOD if description is None else description), *more)


def manifest_is_a_segment_behind_the_image():
    image = _signed()
    head = image.phdrs[-1]
    equal((head['type'], head['flags'], head['filesz'], head['memsz']), (1, FLAGS, 80, 80), 'program header')
    equal((head['vaddr'], head['paddr']), (0x95c08000, 0x95c08000), 'address')
    equal(image.bytes_of(head), BYTES)
    equal(image.entry_of(5), sha384(BYTES), 'hash table')
    equal(image.hash['paddr'], 0x95c09000, 'hash segment')
    equal([image.bytes_of(p) for p in image.phdrs[2:5]], [CODE, DATA, b''], 'the other segments')


def fixed_and_elf64_images_have_one_too():
    write('a.elf', plain(is64=True))
    image = _signed(None, '--fixed')
    equal((image.is64, image.phdrs[-1]['flags'], image.bytes_of(image.phdrs[-1])), (True, FLAGS & ~0x08000000, BYTES))


def what_show_prints_makes_the_same_manifest():
    image = _signed()
    result = pilot('image', 'show', '--json', 'a.mbn')
    shown = result.json()['images'][0]['manifest']
    equal((result.status, shown['segment'], shown['error']), (0, 5, None))
    equal(shown['entries'][1], {'sid': '0x1240', 'mask': '0xf', 'purpose': 'dma-master', 'access': ['write'],
                                'base': '0x9010000', 'size': '0x1000'})
    write('again.json', result.out.encode())
    again = sign('a.elf', 'b.mbn', '--manifest', 'again.json')
    equal(again.bytes_of(again.phdrs[-1]), image.bytes_of(image.phdrs[-1]))
    text = pilot('image', 'show', 'a.mbn').out
    contains(text, 'segment 5: the streams reach the carve-out and')
    contains(text, 'stream 0x1240 mask 0xf (dma-master)')


def image_without_manifest_says_so():
    sign()
    equal(pilot('image', 'show', '--json', 'a.mbn').json()['images'][0]['manifest'], None)


def empty_manifest_takes_everything_away():
    image = _signed({'entries': []})
    equal(image.bytes_of(image.phdrs[-1]), struct.pack('<4I', 0x464d4c50, 1, 16, 0))
    contains(pilot('image', 'show', 'a.mbn').out, 'and nothing else')


def manifest_comes_from_a_profile():
    write('p.toml', f'manifest = "{_describe(GOOD)}"\n'.encode())
    image = sign('a.elf', 'a.mbn', '--profile', 'p.toml')
    equal(image.bytes_of(image.phdrs[-1]), BYTES)


def manifest_stays_when_an_image_is_signed_again():
    _signed()
    result = pilot('image', 'sign', 'a.mbn', '-o', 'b.mbn', '--keys', 'keys')
    equal((result.status, result.err), (0, ''))
    again = Image(read('b.mbn'))
    equal(again.bytes_of(again.phdrs[-1]), BYTES)
    equal(verify('--root', 'keys/root.crt', 'b.mbn').status, 0)


def bad_descriptions_are_told():
    entry = GOOD['entries'][0]
    for status, says, description in (
            (2, 'a list "entries" is needed', {}),
            (2, 'entry 0: it: an object is needed', {'entries': [1]}),
            (2, 'entry 1: sid: a number up to 0xffffffff is needed', {'entries': [entry, dict(entry, sid=1 << 32)]}),
            (2, 'entry 0: sid: a number', {'entries': [{k: v for k, v in entry.items() if k != 'sid'}]}),
            (2, 'entry 0: access: a list of read and write', {'entries': [dict(entry, access=[])]}),
            (2, 'entry 0: access: a list of read and write', {'entries': [dict(entry, access=['execute'])]}),
            (2, 'entry 0: purpose: firmware, dma-master or buffers', {'entries': [dict(entry, purpose='video')]}),
            (2, 'entry 0: extra: there is no such key', {'entries': [dict(entry, extra=1)]}),
            (1, 'manifest entry 0: what begins at 0xb8000000', {'entries': [dict(entry, size=0x1001)]}),
            (1, 'manifest entries 0 and 1 overlap', {'entries': [entry, entry]}),
            (1, '17 entries; 16 are the limit', {'entries': [dict(entry, base=0x1000 * i, size=4096) for i in range(17)]})):
        result = pilot('image', 'sign', 'a.elf', '-o', 'out.mbn', '--keys', 'keys', '--soc', 'any', '--oem', 'any',
                       '--model', 'any', '--sw-id', '4', '--manifest', _describe(description))
        equal((result.status, os.path.exists('out.mbn')), (status, False), says)
        contains(result.err, says)
    write('m.json', b'{"entries": [')
    result = pilot('image', 'sign', 'a.elf', '-o', 'out.mbn', '--keys', 'keys', '--soc', 'any', '--oem', 'any', '--model',
                   'any', '--sw-id', '4', '--manifest', 'm.json')
    equal(result.status, 2)
    contains(result.err, 'm.json: line 1, column 13: no JSON')


def manifest_goes_with_a_plain_file_only():
    _signed()
    result = pilot('image', 'sign', 'a.mbn', '-o', 'b.mbn', '--keys', 'keys', '--manifest', 'm.json')
    equal(result.status, 2)
    contains(result.err, 'are for plain ELF files; a.mbn is signed already')
    write('b.elf', elf([(1, 0x00600004, 0x1000, 0x1000, CODE, len(CODE))]))
    result = pilot('image', 'sign', 'b.elf', '-o', 'b.mbn', '--keys', 'keys', '--soc', 'any', '--oem', 'any', '--model', 'any',
                   '--sw-id', '4')
    equal(result.status, 1)
    contains(result.err, 'b.elf: segment at 0x1000 has the mark of a manifest (p_flags 0x8600004)')


def malformed_manifest_is_refused():
    """Every digest and the signature are right, and yet no device would take it."""
    image = _signed()
    head = image.phdrs[-1]
    image.put(head['offset'] + 4, '<I', 2)		# version
    image.put(image.table + 5 * 48, '48s', sha384(image.bytes_of(head)))
    image.resign('keys/leaf.key')
    write('b.mbn', image.data)
    result = verify('--root', 'keys/root.crt', 'b.mbn')
    equal(result.status, 1)
    contains(pilot('image', 'verify', '--root', 'keys/root.crt', 'b.mbn').out, 'manifest version 2 is not 1')
    contains(pilot('image', 'show', 'b.mbn').out, 'manifest that no device takes: manifest version 2 is not 1')
    again = pilot('image', 'sign', 'b.mbn', '-o', 'c.mbn', '--keys', 'keys')
    equal(again.status, 1)
    contains(again.err, 'manifest version 2 is not 1')


main(collect(globals().copy()))
