# SPDX-License-Identifier: BSD-2-Clause
"""pilot dump show on core files as Linux's remoteproc writes them, whole, cut off and lying."""
import os
import struct

from harness import collect, contains, equal, main, pilot, read, write

BASE = 0xb0000000
TEXT = b'some code or other ' * 300
NOTE_LINES, NOTE_LINE, NOTE_TEXT = 8, 56, 160


def _segments(regions, is64=False, machine=164, kind=4, phnum=None):
    """As rproc_coredump() does: a PT_LOAD for each piece of memory."""
    ehdr, phdr = (64, 56) if is64 else (52, 32)
    offset = ehdr + phdr * len(regions)
    ident = b'\x7fELF' + bytes([2 if is64 else 1, 1, 1]) + bytes(9)
    form = '<16sHHIQQQIHHHHHH' if is64 else '<16sHHIIIIIHHHHHH'
    head = struct.pack(form, ident, kind, machine, 1, BASE, ehdr, 0, 0, ehdr, phdr,
                       len(regions) if phnum is None else phnum, 0, 0, 0)
    body = b''
    for address, data in regions:
        where, size = offset + len(body), len(data)
        if is64:
            head += struct.pack('<IIQQQQQQ', 1, 7, where, address, address, size, size, 0)
        else:
            head += struct.pack('<8I', 1, where, address, address, size, size, 7, 0)
        body += data
    return head + body


def _sections(regions, is64=False, names=b'STR_TBL'):
    """As rproc_coredump_using_sections() does: no section, the names, then a section for each piece of memory."""
    ehdr, shdr = (64, 64) if is64 else (52, 40)
    table, count = b'\0' + names + b'\0', len(regions) + 2
    offset = ehdr + shdr * count
    body, rows = b'', []
    for name, address, data in regions:
        rows.append((len(table), 1, 1, address, None, len(data)))
        table += name + b'\0'
    rows = [(0,) * 6, (1, 3, 0, 0, offset, len(table)), *rows]
    body, heads = table, b''
    where = offset + len(table)
    for name, kind, flags, address, at, size in rows:
        at, where = (where, where + size) if at is None else (at, where)
        heads += struct.pack('<IIQQQQIIQQ' if is64 else '<10I', name, kind, flags, address, at, size, 0, 0, 0, 0)
    for _, _, data in regions:
        body += data
    ident = b'\x7fELF' + bytes([2 if is64 else 1, 1, 1]) + bytes(9)
    form = '<16sHHIQQQIHHHHHH' if is64 else '<16sHHIIIIIHHHHHH'
    return struct.pack(form, ident, 4, 164, 1, BASE, 0, ehdr, 0, ehdr, 0, 0, shdr, count, 1) + heads + body


def _note(cause=1, lines=(b'runs', b'looks round'), text=b'asked to fail', said=None):
    said = len(lines) if said is None else said
    kept = [b''] * NOTE_LINES
    for number, line in enumerate(lines, said - len(lines)):
        kept[number % NOTE_LINES] = line
    registers = struct.pack('<33Q', *range(100, 131), 0xb0005ff0, 0xb0000440)
    return (b'PILNOTE1' + struct.pack('<II', 896, cause) + registers + struct.pack('<II', said, 0) +
            text.ljust(NOTE_TEXT, b'\0') + b''.join(line.ljust(NOTE_LINE, b'\0') for line in kept))


def _smem(items):
    """A partition of SMEM with items that grow from its front."""
    body = b''
    for item, data in items:
        padded = (len(data) + 7) & ~7
        body += struct.pack('<HHIHHI', 0xa5a5, item, padded, padded - len(data), 0, 0) + data.ljust(padded, b'\0')
    return (struct.pack('<IHHIII', 0x54525024, 0xfffe, 0xfffe, 0x2000, 32 + len(body), 0x2000).ljust(32, b'\0') +
            body).ljust(0x2000, b'\0')


def _show(data, *more, status=0):
    write('a.core', data)
    result = pilot('dump', 'show', '--json', *more, 'a.core')
    equal(result.status, status, result.err)
    text = pilot('dump', 'show', *more, 'a.core')
    equal((text.status, text.err), (result.status, result.err), 'text and JSON')
    return result.json(), text.out


def segments_of_both_classes_are_read():
    for is64 in (False, True):
        shown, text = _show(_segments([(BASE, TEXT), (BASE + 0x10000, bytes(4096)), (0x40, b'\xff' * 64),
                                       (0x80, b'\xde\xad\xbe\xef' * 5)], is64))
        equal((shown['class'], shown['kind'], shown['machine_name'], shown['missing']),
              (64 if is64 else 32, 'segments', 'Hexagon', 0))
        equal([(r['address'], r['size'], r['present'], r['contents']) for r in shown['regions']],
              [('0xb0000000', len(TEXT), len(TEXT), 'data'), ('0xb0010000', 4096, 4096, 'zero'),
               ('0x40', 64, 64, 'ones'), ('0x80', 20, 20, 'pattern')])
        equal(shown['regions'][3]['word'], '0xefbeadde')
        equal({note['id'] for note in shown['notes']}, {'locked', 'not-mapped', 'no-words'})
        for part in ('0xb0010000', 'all zero', 'all 0xff', '0xefbeadde again and again'):
            contains(text, part)


def sections_are_read_with_their_names():
    for is64 in (False, True):
        shown, text = _show(_sections([(b'adsp', BASE, TEXT), (b'log\x1b[31m', BASE + 0x8000, bytes(64))], is64))
        equal((shown['kind'], shown['headers']), ('sections', 4))
        equal([(r['index'], r['name'], r['address'], r['size']) for r in shown['regions']],
              [(2, 'adsp', '0xb0000000', len(TEXT)), (3, 'log?[31m', '0xb0008000', 64)])
        equal('minidump' in {note['id'] for note in shown['notes']}, True)
        contains(text, '"adsp"')
        equal('\033' in text, False, 'escape sequence of a name')


def a_cleared_carve_out_is_explained():
    shown, text = _show(_segments([(BASE, bytes(9000))]))
    equal([note['id'] for note in shown['notes']], ['cleared'])
    for part in ('--debug coredump', 'Nothing but zeros'):
        contains(text, part)


def the_note_of_a_program_is_found():
    memory = bytes(1024) + TEXT[:512] + _note() + bytes(100)
    shown, text = _show(_segments([(BASE, memory)]))
    note = shown['note']
    equal((note['address'], note['fatal'], note['said'], note['lines']),
          ('0xb0000600', True, 2, ['runs', 'looks round']))
    equal((note['registers']['pc'], note['registers']['sp'], note['registers']['x'][0], note['registers']['x'][30]),
          ('0xb0000440', '0xb0005ff0', '0x64', '0x82'))
    equal([(w['source'], w['text']) for w in shown['last_words']], [('note', 'asked to fail')])
    for part in ('asked to fail', 'looks round', 'pc  00000000b0000440', 'x30 0000000000000082'):
        contains(text, part)


def the_newest_lines_of_a_note_come_last():
    lines = [f'line {i}'.encode() for i in range(4, 12)]
    shown, _ = _show(_segments([(BASE, _note(0, lines, said=12))]))
    equal((shown['note']['lines'], shown['note']['registers'], shown['last_words']),
          ([line.decode() for line in lines], None, []))
    equal('no-complaint' in {note['id'] for note in shown['notes']}, True)


def a_note_that_is_cut_off_or_of_another_size_is_none():
    for memory in (_note()[:-1], _note().replace(struct.pack('<I', 896), struct.pack('<I', 895), 1), b'x' + _note()):
        shown, _ = _show(_segments([(BASE, memory)]))
        equal(shown['note'], None)


def text_of_a_note_does_not_drive_the_terminal():
    shown, text = _show(_segments([(BASE, _note(text=b'\x1b[2J\x07bad', lines=(b'\x9b31m',)))]))
    equal((shown['last_words'][0]['text'], shown['note']['lines']), ('?[2J?bad', ['?31m']))
    equal('\033' in text or '\007' in text, False)


def crash_reason_of_smem_is_found():
    smem = _smem([(7, b'not this one'), (421, b'main.c:77:it is over\0'), (601, b'\0' * 8), (423, b'no NUL at all')])
    shown, text = _show(_segments([(0xb8000000, bytes(0x4000) + smem)]))
    equal([(w['source'], w['item'], w['address'], w['text']) for w in shown['last_words']],
          [('smem', 421, '0xb8004050', 'main.c:77:it is over'), ('smem', 423, '0xb8004090', 'no NUL at all')])
    contains(text, 'SMEM item 421')


def broken_smem_ends_the_search():
    smem = bytearray(_smem([(7, b'x' * 8), (421, b'main.c:1:x\0')]))
    for offset, value in ((32, 0), (36, 0xffffffff), (36, 0xfffffff0), (40, 0xffff0000)):
        bad = bytearray(smem)
        struct.pack_into('<I', bad, offset, value)
        shown, _ = _show(_segments([(0, bytes(bad))]))
        equal(shown['last_words'], [], hex(value))


def strings_of_misfortune_are_shown_without_being_believed():
    memory = (TEXT[:64] + b'\0ASSERT failed in q6_task.c line 12\0' + b'\0assertion %s failed\0' + bytes(64))
    shown, text = _show(_segments([(BASE, memory)]))
    equal([(w['source'], w['text']) for w in shown['last_words']], [('string', 'ASSERT failed in q6_task.c line 12')])
    contains(text, 'not known')
    shown, _ = _show(_segments([(BASE, b''.join(b'crash of kind %d\0' % i for i in range(100)).replace(b'%', b''))]))
    equal((len(shown['last_words']), shown['more_words']), (12, 88))


def a_file_that_is_cut_off_is_shown_as_far_as_it_goes():
    whole = _segments([(BASE, _note() + TEXT), (BASE + 0x10000, TEXT)])
    for size in range(52, len(whole), 397):
        shown, text = _show(whole[:size], status=1)
        present = sum(r['present'] for r in shown['regions'])
        equal(shown['missing'], sum(r['size'] for r in shown['regions']) - present, size)
        equal(bool(shown['problems']), True, size)
        if size > 116 + 896:
            equal(shown['note']['lines'], ['runs', 'looks round'])
            equal('cut-off' in {note['id'] for note in shown['notes']}, True)
            contains(text, 'missing' if shown['regions'][-1]['present'] else 'not in the file')
    shown, _ = _show(whole[:60], status=1)
    contains(shown['problems'][0], 'cut off within program header 0 of 2')


def a_file_that_is_cut_off_in_its_sections_is_shown_too():
    whole = _sections([(b'adsp', BASE, TEXT), (b'smem', 0xb8000000, _smem([(421, b'it is over\0')]))])
    for size in range(52, len(whole), 491):
        shown, _ = _show(whole[:size], status=1)
        equal(bool(shown['problems']), True, size)
    shown, _ = _show(whole[:-0x1000], status=1)
    equal((shown['missing'], [r['name'] for r in shown['regions']]), (0x1000, ['adsp', 'smem']))
    equal(shown['last_words'][0]['text'], 'it is over')


def sizes_that_lie_are_not_believed():
    for is64, offset, size in ((False, 0x54, 0xffffffff), (True, 0x94, 1 << 32), (True, 0x94, (1 << 64) - 1),
                               (False, 0xfffffff0, 0x1000), (True, (1 << 64) - 16, 0x1000)):
        data = bytearray(_segments([(BASE, TEXT)], is64))
        if is64:
            struct.pack_into('<Q', data, 64 + 8, offset)
            struct.pack_into('<Q', data, 64 + 32, size)
        else:
            struct.pack_into('<I', data, 52 + 4, offset)
            struct.pack_into('<I', data, 52 + 16, size)
        shown, _ = _show(bytes(data), status=1)
        equal(shown['regions'][0]['present'] <= len(data), True)
        equal(bool(shown['problems']), True, (is64, offset, size))


def addresses_at_the_end_are_fine_and_behind_it_are_not():
    shown, _ = _show(_segments([((1 << 64) - 4096, TEXT[:4096])], True))
    equal(shown['regions'][0]['address'], '0xfffffffffffff000')
    shown, _ = _show(_segments([((1 << 64) - 4095, TEXT[:4096])], True), status=1)
    contains(shown['problems'][0], 'past the end of all addresses')


def a_core_without_headers_has_no_memory():
    shown, text = _show(_segments([]))
    equal((shown['kind'], shown['regions'], [note['id'] for note in shown['notes']]), ('empty', [], ['no-memory']))
    contains(text, 'no memory')


def counts_that_lie_are_named():
    shown, _ = _show(_segments([(BASE, bytes(64))], phnum=65535), status=1)
    equal((len(shown['regions']) <= 1024, shown['headers']), (True, 65535))
    equal(len(shown['problems']) > 0, True)
    many = _segments([(BASE + i, b'') for i in range(1030)])
    shown, _ = _show(many, status=1)
    equal((len(shown['regions']), shown['problems'][-1]), (1024, '1030 program headers: the first 1024 were read'))


def names_that_lie_are_left_out():
    data = bytearray(_sections([(b'adsp', BASE, TEXT)]))
    for where, value in ((52 + 40 + 16, 0xfffffff0), (52 + 40 + 4, 1), (52 + 80, 0xffffffff), (50, 0x00070003)):
        bad = bytearray(data)
        struct.pack_into('<I', bad, where, value)
        write('a.core', bytes(bad))
        result = pilot('dump', 'show', '--json', 'a.core')
        equal(result.status in (0, 1), True, hex(where))
        equal([r['name'] for r in result.json()['regions'] if r['size'] == len(TEXT)], [None], hex(where))


def what_is_no_core_file_is_refused():
    for data, part in ((b'', 'no core file'), (b'\x7fELF', 'no core file'), (b'x' * 100, 'no core file'),
                       (read('a.elf'), "type 2, and a core file has type 4; 'pilot image show'"),
                       (_segments([])[:51], 'cut off within the ELF header: 51 bytes'),
                       (b'\x7fELF\x03' + _segments([])[5:], 'class 3'), (b'\x7fELF\x01\x02' + _segments([])[6:], 'order 2')):
        write('a.core', data)
        result = pilot('dump', 'show', 'a.core')
        equal((result.status, result.out), (2, ''), part)
        contains(result.err, 'a.core: ')
        contains(result.err, part)


BOARD = '''/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	compatible = "pilot,test";
	reserved-memory {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		adsp_mem: adsp@b0000000 { reg = <0 0xb0000000 0 0x900000>; no-map; };
		other@b1000000 { reg = <0 0xb1000000 0 0x100000>; no-map; };
	};
	remoteproc-adsp { compatible = "qcom,sa8775p-adsp-pas"; memory-region = <&adsp_mem>; };
};
'''


def regions_have_the_names_of_the_board():
    write('b.dts', BOARD.encode())
    data = _segments([(0xb0000000, TEXT), (0xb1000010, bytes(64)), (0x90000000, bytes(64))])
    shown, text = _show(data, '--board', 'b.dts')
    regions = [(r['reserved_memory'], r['path']) for r in shown['regions']]
    equal(regions, [('adsp', '/reserved-memory/adsp@b0000000'), ('other', '/reserved-memory/other@b1000000'),
                    (None, None)])
    equal([r['peripheral'] for r in shown['regions']], ['adsp', None, None])
    contains(text, '/reserved-memory/adsp@b0000000, of adsp')
    result = pilot('dump', 'show', 'a.core', '--board', 'missing.dtb')
    equal((result.status, result.out), (2, ''))
    contains(result.err, 'missing.dtb')


def the_secure_log_is_shown_beside_it():
    log = (b'[    0.318995] monitor: up on 6 CPUs\n[    5.201250] shim: core 0: read of 0x50000000 at pc 0xb00005d4\n'
           b'[    5.263125] adsp: CRASH seen: core 0 \x1b[2Jwas stopped\r\n[    5.269092] adsp: SHUTDOWN accepted')
    write('secure.log', log)
    shown, text = _show(_segments([(BASE, bytes(64))]), '--secure-log', 'secure.log')
    equal(shown['secure_log'], ['[    5.201250] shim: core 0: read of 0x50000000 at pc 0xb00005d4',
                                '[    5.263125] adsp: CRASH seen: core 0 ?[2Jwas stopped',
                                '[    5.269092] adsp: SHUTDOWN accepted'])
    contains(text, 'read of 0x50000000')
    write('secure.log', b'shim: core 0: x\n' * 5000 + b'x' * 70000 + b' watchdog')
    shown, _ = _show(_segments([(BASE, bytes(64))]), '--secure-log', 'secure.log')
    equal(len(shown['secure_log']), 64)
    equal(pilot('dump', 'show', 'a.core', '--secure-log', 'gone').status, 2)


def options_that_make_no_sense_are_named():
    write('a.core', _segments([]))
    for args, part in ((['a.core', 'a.core'], 'one CORE at a time'), (['a.core', '--overlay', 'x'], '--overlay needs --board'),
                       (['a.core'] + ['--overlay', 'x'] * 9, 'more than 8 overlays')):
        result = pilot('dump', 'show', *args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)


def a_sparse_file_of_four_gibibytes_is_read():
    head = bytearray(_segments([(BASE, b'')], True))
    struct.pack_into('<Q', head, 64 + 32, 1 << 32)
    write('a.core', bytes(head))
    os.truncate('a.core', len(head) + (64 << 20))
    result = pilot('dump', 'show', '--json', 'a.core')
    equal(result.status, 1)
    region = result.json()['regions'][0]
    equal((region['size'], region['present'], region['contents']), (1 << 32, 64 << 20, 'zero'))


main(collect(globals().copy()))
