# SPDX-License-Identifier: BSD-2-Clause
"""pilot image split, join and metadata."""
import os
import resource
import signal
import subprocess
import time

from harness import TOOL, CODE, DATA, collect, contains, elf, equal, main, pilot, plain, read, sign, write


def _split(name='a.mbn', *more):
    result = pilot('image', 'split', name, *more)
    equal(result.status, 0, result.err)


def _join(status=0, part='', name='a.mdt'):
    result = pilot('image', 'join', name, '-o', 'joined')
    equal(result.status, status, result.err)
    contains(result.err, part)
    equal(os.path.exists('joined'), not status, 'output')
    equal([n for n in os.listdir('.') if n.startswith('joined.')], [], 'temporary files')


def _round_trip(data):
    write('a.mbn', data)
    os.makedirs('d', exist_ok=True)
    _split('a.mbn', '-o', 'd', '--force')
    _join(name='d/a.mdt')
    equal(read('joined') == bytes(data), True, 'round trip')
    os.unlink('joined')


def pieces_are_those_of_the_field():
    image = sign()
    _split()
    headers = bytes(image.data[:image.phdrs[0]['filesz']])
    table = image.bytes_of(image.phdrs[1])
    equal(sorted(n for n in os.listdir('.') if n.startswith('a.') and n not in ('a.elf', 'a.mbn')),
          ['a.b00', 'a.b01', 'a.b02', 'a.b03', 'a.mdt'])
    equal((read('a.b00'), read('a.b01'), read('a.b02'), read('a.b03')), (headers, table, CODE, DATA))
    equal(read('a.mdt'), headers + table)


def every_shape_comes_back():
    image = bytes(sign().data)
    for data in (image, image + b'trailing', image + bytes(5), plain(), plain(tail=b'x' * 100), plain(is64=True),
                 elf([(1, 5, 0, 0, CODE, len(CODE))]), image[:300] + b'between' + image[307:]):
        _round_trip(data)


def overlapping_segments_come_back():
    data = bytearray(elf([(1, 5, 0, 0, CODE, len(CODE)), (2, 4, 0, 0, DATA, 99)]))
    data[52 + 32 + 4:52 + 32 + 8] = (52 + 64 + 100).to_bytes(4, 'little')
    _round_trip(data)
    _split('a.mbn', '--force')
    write('a.b01', bytes(len(DATA)))
    _join(1, 'a.b00 and a.b01 differ in what they say of file offset 0xd8')


def missing_piece_is_an_error():
    sign()
    for name in ('a.b00', 'a.b01', 'a.b02', 'a.b03'):
        _split('a.mbn', '--force')
        os.unlink(name)
        _join(2, f'{name}: No such file')


def wrong_sizes_and_bytes_are_errors():
    sign()
    for name, change, part in (('a.b02', lambda d: d + b'x', 'has 5121 bytes; program header 2 asks for 5120'),
                               ('a.b02', lambda d: d[:-1], 'has 5119 bytes'), ('a.b03', lambda d: b'', 'has 0 bytes'),
                               ('a.mdt', lambda d: d + b'x', 'headers (212) and hash segment'),
                               ('a.mdt', lambda d: d[:-1], 'headers (212) and hash segment'),
                               ('a.b01', lambda d: b'x' + d[1:], 'a.mdt and a.b01 differ'),
                               ('a.b00', lambda d: d[:-1] + b'x', 'a.mdt and a.b00 differ')):
        _split('a.mbn', '--force')
        write(name, change(read(name)))
        _join(1, part)


def stray_pieces_are_errors():
    sign()
    for name in ('a.b04', 'a.b05', 'a.b99', 'a.b2', 'a.b100'):
        _split('a.mbn', '--force')
        write(name, b'x')
        _join(1, f'{name} is there, but no program header with bytes asks for it')
        os.unlink(name)
    for name in ('a.bin', 'a.b2x', 'ab.b04', 'a.b'):
        write(name, b'x')
    _join()


def damaged_rest_is_an_error():
    write('a.mbn', bytes(sign().data) + b'trailing')
    _split()
    good = read('a.rest')
    equal(len(good), 16 + 16 + 8)
    for bad, part in ((good[:15], 'malformed at byte 0'), (b'X' + good[1:], 'malformed at byte 0'),
                      (good[:-1], 'malformed at byte 24'), (good + b'x', 'malformed at byte 40'),
                      (good[:8] + b'\0' + good[9:], 'says that the file has'),
                      (good[:22] + b'\xff' + good[23:], 'more than 4 GiB')):
        write('a.rest', bad)
        _join(1, part)
    os.unlink('a.rest')
    _join()
    equal(len(read('joined')) + 8, len(read('a.mbn')), 'a set without .rest is that of the field')


def what_is_no_set_is_refused():
    sign()
    write('t.mdt', b'text')
    equal(pilot('image', 'join', 't.mdt', '-o', 'x').status, 2)
    equal(pilot('image', 'join', 'missing.mdt', '-o', 'x').status, 2)
    for name in ('a.mbn', '.mdt', 'a.mdt/b'):
        result = pilot('image', 'join', name, '-o', 'x')
        equal(result.status, 2)
        contains(result.err, 'the set is named by its .mdt')


def a_set_is_not_mixed_with_an_older_one():
    sign()
    write('a.b09', b'old')
    result = pilot('image', 'split', 'a.mbn')
    equal(result.status, 1)
    contains(result.err, 'a.b09 is there already')
    equal(os.path.exists('a.mdt'), False)
    _split('a.mbn', '--force')
    equal(os.path.exists('a.b09'), False, 'old piece')
    _join()


def truncated_image_is_not_split():
    write('b.mbn', sign().data[:-1])
    result = pilot('image', 'split', 'b.mbn')
    equal(result.status, 1)
    contains(result.err, 'segment 3 ends past the end of the file')
    write('b.mbn', b'text' * 100)
    equal(pilot('image', 'split', 'b.mbn').status, 2)
    equal([n for n in os.listdir('.') if n.startswith('b.')], ['b.mbn'])


def names_decide_where_pieces_go():
    sign()
    os.makedirs('x.mdt.d')
    _split('a.mbn', '-o', 'x.mdt.d', '--name', 'z.y')
    equal(sorted(os.listdir('x.mdt.d')), ['z.y.b00', 'z.y.b01', 'z.y.b02', 'z.y.b03', 'z.y.mdt'])
    _join(name='x.mdt.d/z.y.mdt')
    for name in ('', 'a/b'):
        equal(pilot('image', 'split', 'a.mbn', '--name', name).status, 2)
    equal(pilot('image', 'split', 'a.mbn', '-o', 'missing').status, 2)


def failed_write_leaves_no_pieces():
    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4500, 4500))
    sign()
    result = pilot('image', 'split', 'a.mbn', '--name', 'n', preexec_fn=small_files)
    equal(result.status, 2)
    contains(result.err, 'n.b02: cannot write')
    equal([n for n in os.listdir('.') if n.startswith('n.')], [])


def failed_rename_leaves_no_pieces():
    sign()
    os.mkdir('n.mdt')
    result = pilot('image', 'split', 'a.mbn', '--name', 'n', '--force')
    equal(result.status, 2)
    equal([n for n in os.listdir('.') if n.startswith('n.')], ['n.mdt'])


def a_signal_leaves_no_files():
    """The command is stopped while it writes into a pipe of a signing command; then the signal comes."""
    from harness import SIGN
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        sign()
        _split('a.mbn', '--force')
        big = elf([(1, 5, 0, 0, bytes(64 << 20), 64 << 20)])
        write('big.elf', big)
        for args in (['image', 'split', 'big.elf'], ['image', 'sign', 'big.elf', '-o', 'big.mbn', '--keys', 'keys', *SIGN]):
            # whoever started the tests may have had the signal ignored, as nohup does
            child = subprocess.Popen([TOOL, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     preexec_fn=lambda number=number: signal.signal(number, signal.SIG_DFL))
            deadline = time.monotonic() + 30
            while not [n for n in os.listdir('.') if n.startswith('big.') and n != 'big.elf']:
                if child.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f'{args}: no temporary file was seen')
            child.send_signal(number)
            equal(child.wait(30), -number, args)
            equal([n for n in os.listdir('.') if n.startswith('big.')], ['big.elf'], args)


def metadata_is_headers_and_hash_segment():
    image = sign()
    wanted = bytes(image.data[:image.phdrs[0]['filesz']]) + image.bytes_of(image.hash)
    result = pilot('image', 'metadata', 'a.mbn', '-o', 'a.md', '--json')
    equal((result.status, read('a.md')), (0, wanted))
    equal(result.json(), {'file': 'a.md', 'size': len(wanted), 'headers': 212, 'hash_segment': len(wanted) - 212})
    _split()
    equal(read('a.mdt'), wanted)
    equal(pilot('image', 'metadata', 'a.mdt', '-o', 'b.md').status, 0)
    equal(read('b.md'), wanted)
    for name, status in (('a.elf', 1), ('missing', 2), ('keys/leaf.key', 2)):
        equal(pilot('image', 'metadata', name, '-o', 'c.md').status, status, name)
    equal(os.path.exists('c.md'), False)


main(collect(globals().copy()))
