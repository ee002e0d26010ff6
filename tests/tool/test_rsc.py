# SPDX-License-Identifier: BSD-2-Clause
"""pilot rsc show and build, and the table's bytes."""
import json
import os
import struct

from harness import CODE, collect, contains, elf, equal, main, openssl, pilot, read, write

ANY = 0xffffffff
VRING = {'da': 'any', 'align': 16, 'num': 8}
GOOD = {'entries': [
    {'type': 'carveout', 'name': 'code', 'da': '0x10000000', 'pa': 'any', 'len': '0x40000', 'flags': ['read', 'write']},
    {'type': 'devmem', 'name': 'uart', 'da': 0x20000000, 'pa': 0x30000000, 'len': 4096, 'flags': ['read', 'mmio']},
    {'type': 'trace', 'name': 'trace0', 'da': '0x10001000', 'len': 4096},
    {'type': 'vdev', 'id': 7, 'dfeatures': '0x1', 'config': '010203',
     'vrings': [VRING, dict(VRING, da='0x10002000', notifyid=2)]},
    {'type': 'trace', 'da': 0, 'len': 1}]}


def _name(text):
    return text.encode().ljust(32, b'\0')


TABLE = struct.pack('<4I5I', 1, 5, 0, 0, 36, 92, 148, 196, 268) + \
    struct.pack('<6I', 0, 0x10000000, ANY, 0x40000, 3, 0) + _name('code') + \
    struct.pack('<6I', 1, 0x20000000, 0x30000000, 4096, 17, 0) + _name('uart') + \
    struct.pack('<4I', 2, 0x10001000, 4096, 0) + _name('trace0') + \
    struct.pack('<6I4B', 3, 7, 0, 1, 0, 3, 0, 2, 0, 0) + struct.pack('<5I', ANY, 16, 8, 0, 0) + \
    struct.pack('<5I', 0x10002000, 16, 8, 2, 0) + b'\1\2\3\0' + struct.pack('<4I', 2, 0, 1, 0) + _name('')


def _describe(description, path='t.json'):
    write(path, json.dumps(description).encode())
    return path


def _with_section(table, is64=False, names=b'\0.shstrtab\0.resource_table\0'):
    """A plain ELF file with the table in a section."""
    data = elf([(1, 5, 0x10000000, 0x10000000, CODE, len(CODE))], is64=is64, machine=40)
    start, where = len(data), len(data) + len(names) + len(table)
    form = '<IIQQQQIIQQ' if is64 else '<10I'
    headers = struct.pack(form, *[0] * 10) + struct.pack(form, 1, 3, 0, 0, start, len(names), 0, 0, 1, 0) + \
        struct.pack(form, 11, 1, 2, 0x10002000, start + len(names), len(table), 0, 0, 4, 0)
    data = bytearray(data + names + table + headers)
    struct.pack_into('<Q' if is64 else '<I', data, 40 if is64 else 32, where)
    struct.pack_into('<3H', data, 58 if is64 else 46, 64 if is64 else 40, 3, 1)
    return bytes(data)


def build_writes_the_bytes_that_linux_reads():
    result = pilot('rsc', 'build', _describe(GOOD), '-o', 't.bin', '--json')
    equal((result.status, result.err), (0, ''))
    equal(result.json(), {'file': 't.bin', 'size': len(TABLE), 'entries': 5})
    equal(read('t.bin'), TABLE, 'table')


def what_show_prints_builds_the_same_table():
    write('t.bin', TABLE)
    shown = pilot('rsc', 'show', '--json', 't.bin')
    equal((shown.status, shown.json()['tables'][0]['error']), (0, None))
    equal([entry['type'] for entry in shown.json()['tables'][0]['entries']],
          ['carveout', 'devmem', 'trace', 'vdev', 'trace'])
    write('again.json', shown.out.encode())
    equal(pilot('rsc', 'build', 'again.json', '-o', 'again.bin').status, 0)
    equal(read('again.bin'), TABLE, 'table')


def table_in_a_section_is_found_in_both_classes():
    for is64 in (False, True):
        write('m4.elf', _with_section(TABLE, is64))
        result = pilot('rsc', 'show', '--json', 'm4.elf')
        equal(result.status, 0, result.err)
        table = result.json()['tables'][0]
        equal((table['size'], len(table['entries'])), (len(TABLE), 5))
        equal(read('m4.elf')[table['offset']:table['offset'] + table['size']], TABLE)
        contains(pilot('rsc', 'show', 'm4.elf').out, 'in section .resource_table, 5 entries')


def a_bad_table_is_shown_and_named():
    bad = bytearray(TABLE)
    struct.pack_into('<I', bad, 92 + 4, 0x10000000)
    write('t.bin', bad)
    result = pilot('rsc', 'show', 't.bin')
    equal(result.status, 1)
    contains(result.out, 'uart')
    contains(result.err, 't.bin: resource table entries 0 and 1 overlap in device addresses')
    equal(pilot('rsc', 'show', '--json', 't.bin').json()['tables'][0]['error']['reason'], 'RSC_OVERLAP_DA')


def what_has_no_table_is_trouble():
    write('none', b'')
    write('zero', bytes(16))
    write('text', b'something else entirely')
    for name, part in (('a.elf', 'without section .resource_table'), ('none', '0 bytes'), ('zero', 'version 0'),
                       ('text', 'version'), ('not-there', 'No such file')):
        result = pilot('rsc', 'show', name)
        equal((result.status, result.out), (2, ''), name)
        contains(result.err, part)
    cut = _with_section(TABLE)
    write('cut.elf', cut[:-1])
    contains(pilot('rsc', 'show', 'cut.elf').err, 'section headers')


def descriptions_that_make_no_sense_are_named():
    def entry(**more):
        return {'entries': [dict(GOOD['entries'][0], **more)]}

    def without(key):
        return {'entries': [{k: v for k, v in GOOD['entries'][0].items() if k != key}]}

    def vdev(**more):
        return {'entries': [dict(GOOD['entries'][3], **more)]}

    for bad, part in (
            ([], 'entries: a list is needed'), ({'entries': 5}, 'entries: a list is needed'),
            ({'entries': [5]}, 'entry 0: type: one of'), (entry(type='memory'), "'memory' is none of"),
            (entry(dA=1), 'entry 0: dA: there is no such key here'), (without('da'), 'entry 0: da: is missing'),
            (without('len'), 'entry 0: len: is missing'), (entry(len='any'), 'a number below 2^32 is needed'),
            (entry(da=-1), 'a number below 2^32 or "any" is needed'), (entry(da=2**32), 'a number below 2^32'),
            (entry(da=1.5), 'a number below 2^32'), (entry(name='x' * 32), 'up to 31 characters'),
            (entry(name=5), 'name: a string'), (entry(flags='read'), 'flags: a list'),
            (entry(flags=['exec']), 'none of read, write'), (vdev(vrings={}), 'vrings: a list'),
            (vdev(vrings=[1]), 'a list of objects'), (vdev(vrings=[{}]), 'da: is missing'),
            (vdev(config='0'), 'even number'), (vdev(config='0g'), 'hexadecimal digits'),
            (vdev(status=256), 'below 256'), ({'entries': GOOD['entries'] * 13}, '65 entries; 64 are the limit')):
        result = pilot('rsc', 'build', _describe(bad), '-o', 'out.bin')
        equal((result.status, result.out), (2, ''), part)
        contains(result.err, part)
        equal(os.path.exists('out.bin'), False, part)
    for text in (b'', b'{', b'{"entries": [], "entries": []}'):
        write('t.json', text)
        result = pilot('rsc', 'build', 't.json', '-o', 'out.bin')
        equal(result.status, 2)
        contains(result.err, 'line 1, column')


def a_table_that_is_not_sound_is_not_written():
    for bad, reason in (({'flags': ['0x40']}, 'unknown bits'), ({'len': 0}, '0 bytes'),
                        ({'da': '0xffffff00'}, 'past 4 GiB')):
        result = pilot('rsc', 'build', _describe({'entries': [dict(GOOD['entries'][0], **bad)]}), '-o', 'out.bin')
        equal(result.status, 1, reason)
        contains(result.err, reason)
        equal(os.path.exists('out.bin'), False, reason)
    equal(pilot('rsc', 'build', _describe({'entries': []}), '-o', 'out.bin').status, 0)
    equal(read('out.bin'), struct.pack('<4I', 1, 0, 0, 0))


def an_elf_file_with_a_bad_table_is_not_signed():
    openssl_key = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'k.key']
    equal(openssl(*openssl_key).returncode, 0)
    args = ['-o', 'm4.sign', '--key', 'k.key', '--processor', 0, '--anti-rollback', 1]
    write('m4.elf', _with_section(TABLE))
    equal(pilot('image', 'sign', '--format', 'container', 'm4.elf', *args).status, 0)
    contains(pilot('image', 'show', 'm4.sign').out, f'resource table of {len(TABLE)} bytes')
    result = pilot('image', 'sign', '--format', 'container', 'm4.elf', 'm4.elf', *args)
    equal(result.status, 1)
    contains(result.err, 'a second resource table')
    write('bad.elf', _with_section(TABLE[:-1]))
    result = pilot('image', 'sign', '--format', 'container', 'bad.elf', *args)
    equal(result.status, 1)
    contains(result.err, 'bad.elf: resource table entry 4 lies past the end')


def _stream(magic=0x4d525453, purpose=1):
    """A table of one entry as the secure world answers: a stream with two ranges."""
    return struct.pack('<5I', 1, 1, 0, 0, 20) + struct.pack('<8I', 336, magic, 0x1240, 15, purpose, 2, 0, 0) + \
        _name('audio') + struct.pack('<3Q2I', 0x1000, 0x100001000, 0x2000, 1, 0) + \
        struct.pack('<3Q2I', 0x9010000, 0x9010000, 0x1000, 19, 0)


def streams_are_shown():
    write('t.bin', _stream())
    result = pilot('rsc', 'show', '--json', 't.bin')
    equal((result.status, result.json()['tables'][0]['error']), (0, None))
    equal(result.json()['tables'][0]['entries'], [{
        'type': 'stream', 'name': 'audio', 'sid': '0x1240', 'mask': '0xf', 'purpose': 'dma-master', 'ranges': [
            {'da': '0x1000', 'pa': '0x100001000', 'len': '0x2000', 'flags': ['read']},
            {'da': '0x9010000', 'pa': '0x9010000', 'len': '0x1000', 'flags': ['read', 'write', 'mmio']}]}])
    text = pilot('rsc', 'show', 't.bin').out
    contains(text, 'stream    sid 0x1240  mask 0xf  dma-master  2 ranges  "audio"')
    contains(text, 'range 1   da 0x09010000  pa 0x09010000        4096 bytes read write mmio')


def bad_streams_are_told_and_other_vendors_left_alone():
    write('t.bin', _stream(purpose=3))
    result = pilot('rsc', 'show', 't.bin')
    equal(result.status, 1)
    contains(result.err, "resource table entry 0: a stream's purpose is firmware (0), DMA master (1) or buffers (2), not 3")
    write('t.bin', _stream(magic=0))
    equal(pilot('rsc', 'show', '--json', 't.bin').json()['tables'][0]['entries'], [{'type': 336}])


main(collect(globals().copy()))
