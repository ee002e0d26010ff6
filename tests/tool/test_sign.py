# SPDX-License-Identifier: BSD-2-Clause
"""pilot image sign: the bytes that it writes, checked without the tool's help."""
import os
import shutil
import subprocess

from harness import (CODE, DATA, PAGE, SIGN, collect, contains, elf, equal, main, openssl, pilot, plain, read, sha384,
                     sign, verify, write)

LOAD = (1, 5, 0x1000, 0x1000, CODE, len(CODE))


def layout_is_that_of_the_field():
    image = sign()
    equal((image.type, image.machine, image.entry), (2, 164, 0x95c00000), 'header')
    equal((image.phoff, image.shoff, image.ehsize, image.phentsize, image.shnum), (52, 0, 52, 32, 0), 'header sizes')
    equal([(p['type'], p['flags']) for p in image.phdrs],
          [(0, 0x07000000), (0, 0x02200000), (1, 0x08000005), (1, 0x08000006), (1, 0x08000006)], 'types and flags')
    head, table = image.phdrs[:2]
    equal((head['offset'], head['filesz'], head['memsz']), (0, 52 + 32 * 5, 0), 'program header 0')
    equal((table['offset'], table['paddr'], table['memsz']), (PAGE, 0x95c08000, PAGE), 'hash segment')
    equal([p['offset'] % PAGE for p in image.phdrs], [0] * 5, 'page alignment')
    equal(len(image.data), image.phdrs[3]['offset'] + len(DATA), 'file size')


def segments_are_carried_over():
    image = sign()
    equal([image.bytes_of(p) for p in image.phdrs[2:]], [CODE, DATA, b''], 'bytes')
    equal([(p['vaddr'], p['paddr'], p['memsz']) for p in image.phdrs[2:]],
          [(0xc0000000, 0x95c00000, len(CODE)), (0xc0002000, 0x95c02000, 100), (0xc0003000, 0x95c03000, 0x5000)])


def header_is_version_6():
    image = sign()
    count = 48 * 5
    equal(image.words, (0, 6, 0, 0, count + 104 + 3360, count, 0xffffffff, 104, 0xffffffff, 3360, 0, 120), 'header')
    equal(image.hash['filesz'], 48 + 120 + count + 104 + 3360, 'segment size')


def metadata_says_what_was_asked():
    image = sign('a.elf', 'a.mbn', '--anti-rollback', '7', '--serial', '0x11,0x22')
    equal(image.metadata, (0, 0, 4, 0, 1, 0, 0, 0x6, 0x6019, 0x601a, *[0] * 10, 0x11, 0x22, *[0] * 6, 0, 7))


def independence_has_its_flags():
    for oem, model, major, flags in (('1', '2', 0, 0x2), ('any', 'any', 0, 0xa), ('1', 'any', 1, 0x802),
                                     ('any', '2', 1, 0xa)):
        image = sign(ids=['--soc', '0x6019', '--oem', oem, '--model', model, '--sw-id', '4'])
        equal((image.metadata[0], image.metadata[7]), (major, flags), f'{oem} {model}')
        equal(image.metadata[4:6], tuple(0 if x == 'any' else int(x) for x in (oem, model)), 'ids')


def hash_table_holds_the_digests():
    image = sign()
    equal(image.entry_of(0), sha384(bytes(image.data[:image.phdrs[0]['filesz']])), 'headers')
    equal(image.entry_of(1), bytes(48), 'hash segment')
    equal([image.entry_of(i) for i in (2, 3, 4)], [sha384(CODE), sha384(DATA), bytes(48)], 'segments')


def openssl_verifies_signature_and_chain():
    image = sign()
    chain, padding = image.chain()
    equal(chain, [read(f'keys/{role}.der') for role in ('leaf', 'ca', 'root')], 'chain')
    equal(padding, b'\xff' * len(padding), 'padding of certificates')
    sig, zeros = image.signature()
    equal(zeros, bytes(len(zeros)), 'padding of the signature')
    for role, der in zip(('leaf', 'ca', 'root'), chain):
        write(f'{role}.pem', openssl('x509', '-inform', 'DER', data=der).stdout)
    equal(openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'leaf.pem').returncode, 0, 'chain')
    write('leaf.pub', openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey').stdout)
    write('sig', sig)
    write('signed', image.signed())
    done = openssl('dgst', '-sha384', '-verify', 'leaf.pub', '-signature', 'sig', 'signed')
    equal((done.returncode, done.stdout), (0, b'Verified OK\n'), 'signature')
    write('signed', image.signed()[:-1])
    equal(openssl('dgst', '-sha384', '-verify', 'leaf.pub', '-signature', 'sig', 'signed').returncode, 1, 'control')


def elf64_stays_elf64():
    write('a.elf', plain(is64=True, machine=183))
    result = pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--keys', 'keys', *SIGN)
    equal(result.status, 0)
    contains(result.err, 'mdt_loader reads only ELF32')
    image = sign()
    equal((image.is64, image.machine, image.phoff, image.phentsize), (True, 183, 64, 56), 'header')
    equal(image.entry_of(0), sha384(bytes(image.data[:64 + 56 * 5])), 'headers')
    equal([image.bytes_of(p) for p in image.phdrs[2:]], [CODE, DATA, b''], 'bytes')
    equal(verify('a.mbn').status, 0, 'verify')


def elf32_converts_headers_only():
    write('a.elf', plain(is64=True, machine=183, flags=0x1234))
    image = sign('a.elf', 'a.mbn', '--elf32')
    equal((image.is64, image.machine, image.phentsize, image.entry, image.flags),
          (False, 183, 32, 0x95c00000, 0x1234), 'header')
    equal([image.bytes_of(p) for p in image.phdrs[2:]], [CODE, DATA, b''], 'bytes')
    equal(verify('--root', 'keys/root.crt', 'a.mbn').status, 0, 'verify')


def elf32_refuses_what_does_not_fit():
    for segment, entry in (((1, 5, 0, 1 << 32, CODE, 9999), 0), ((1, 5, 1 << 32, 0, CODE, 9999), 0),
                           ((1, 5, 0, 0xffffff00, CODE, 9999), 0), ((1, 5, 0, 0, CODE, 1 << 33), 0),
                           ((1, 5, 0, 0, CODE, 9999), 1 << 32)):
        write('a.elf', elf([segment], is64=True, entry=entry))
        _refused('a.elf', 'does not fit ELF32', '--elf32')


def fixed_leaves_the_relocatable_bit_away():
    image = sign('a.elf', 'a.mbn', '--fixed')
    equal([p['flags'] for p in image.phdrs[2:]], [5, 6, 6])


def image_at_the_end_of_memory_is_signed():
    write('a.elf', elf([(1, 5, 0, 0xffff0000, CODE, 0xf000)]))
    image = sign()
    equal(image.hash['paddr'], 0, 'hash segment claims no memory where there is none')
    equal(verify('a.mbn').status, 0, 'verify')


def aarch64_program_of_the_compiler():
    compiler = shutil.which('aarch64-linux-gnu-gcc')
    if not compiler:
        raise AssertionError('aarch64-linux-gnu-gcc is missing: apt install gcc-aarch64-linux-gnu')
    write('a.c', b'int x = 5, bss[1000]; void _start(void) { for (;;) bss[x]++; }\n')
    subprocess.run([compiler, '-nostdlib', '-static', '-Wl,-Ttext=0x40010000', '-o', 'a.elf', 'a.c'], check=True)
    image = sign('a.elf', 'a.mbn', '--elf32')
    equal((image.is64, image.machine), (False, 183))
    equal(verify('--root', 'keys/root.crt', 'a.mbn').status, 0, 'verify')


def report_is_exact():
    result = pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--keys', 'keys', *SIGN, '--json')
    equal((result.status, result.err), (0, ''))
    equal(result.json(), {'file': 'a.mbn', 'kind': 'mbn', 'version': 6, 'class': 32, 'segments': 3, 'size': os.path.getsize('a.mbn'),
                          'scheme': 'ecdsa-sha384', 'root_hash': sha384(read('keys/root.der')).hex()})


def _refused(source, part, *more, status=1, keys='keys'):
    result = pilot('image', 'sign', source, '-o', 'x.mbn', '--keys', keys, *SIGN, *more)
    equal((result.status, result.out), (status, ''), part)
    contains(result.err, part)
    equal([name for name in os.listdir('.') if name.startswith('x.mbn')], [], 'output')


def input_without_load_segments_is_refused():
    write('a.elf', elf([(0x6474e551, 6, 0, 0, b'', 0), (1, 6, 0, 0, b'', 0)]))
    _refused('a.elf', 'no loadable segment among 2')


def overlapping_segments_are_refused():
    write('a.elf', elf([LOAD, (1, 6, 0x1100, 0x1100, DATA, 100)]))
    _refused('a.elf', 'segments 2 and 3 overlap')


def segment_larger_than_its_memory_is_refused():
    write('a.elf', elf([(1, 5, 0, 0, CODE, len(CODE) - 1)]))
    _refused('a.elf', 'more than the 5119 in memory')


def segment_past_the_end_is_refused():
    write('a.elf', elf([LOAD])[:-1])
    _refused('a.elf', 'end past the end of the file')


def too_many_segments_are_refused():
    many = [(1, 5, i << 12, i << 12, b'x', 1) for i in range(65)]
    write('a.elf', elf(many[:64]))
    equal(sign().phnum, 66)
    write('a.elf', elf(many))
    _refused('a.elf', 'more than 64 loadable segments')
    write('a.elf', elf([(1, 5, i << 12, i << 12, b'x', 1) for i in range(127)]))
    _refused('a.elf', 'more than 126 loadable segments')


def entry_outside_is_a_warning():
    write('a.elf', elf([LOAD], entry=0x9999999))
    result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', 'keys', *SIGN)
    equal(result.status, 0)
    contains(result.err, 'entry point 0x9999999 lies in no loadable segment')


def input_that_is_no_elf_is_refused():
    for data, part in ((b'', 'too short for an ELF header'), (b'hello, world' * 20, 'not an ELF file'),
                       (plain()[:60], 'program headers end'), (plain()[:5] + b'\2' + plain()[6:], 'little endian')):
        write('b.elf', data)
        _refused('b.elf', part, status=2)
    _refused('missing.elf', 'missing.elf: No such file', status=2)
    _refused('keys', 'not a regular file', status=2)


def key_of_another_certificate_is_refused():
    equal(pilot('keys', 'new', 'other').status, 0)
    shutil.copy('other/leaf.key', 'keys/leaf.key')
    _refused('a.elf', 'leaf.key does not fit leaf.crt')


def broken_chain_is_refused():
    equal(pilot('keys', 'new', 'other').status, 0)
    shutil.copytree('keys', 'mixed')
    shutil.copy('other/root.crt', 'mixed/root.crt')
    _refused('a.elf', 'ca.crt is not signed by the key of root.crt', keys='mixed')
    shutil.copy('other/ca.crt', 'mixed/ca.crt')
    _refused('a.elf', 'leaf.crt is not signed by the key of ca.crt', keys='mixed')


def other_kinds_of_keys_are_refused():
    for args in (['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp521r1'], ['-newkey', 'rsa:1024'],
                 ['-newkey', 'ed25519']):
        openssl('req', '-x509', *args, '-nodes', '-keyout', 'keys/leaf.key', '-out', 'keys/leaf.crt', '-subj', '/CN=x')
        _refused('a.elf', 'leaf.crt: its key is none of EC P-384, EC P-256, RSA of 2048, 3072 or 4096 bits')


def _encrypt():
    done = openssl('pkcs8', '-topk8', '-in', 'keys/leaf.key', '-out', 'keys/leaf.new', '-passout', 'pass:secret')
    equal(done.returncode, 0, done.stderr)
    os.replace('keys/leaf.new', 'keys/leaf.key')


def encrypted_key_is_refused_without_passphrase():
    _encrypt()
    _refused('a.elf', 'keys/leaf.key: the key is encrypted: its passphrase is taken from', status=2)


def encrypted_key_is_opened_by_its_passphrase():
    _encrypt()
    write('good', b'secret\nnot this line\n')
    write('bad', b'wrong\n')
    write('long', b'x' * 5000)
    sign('a.elf', 'a.mbn', '--passphrase-file', 'good')
    equal(verify('--root', 'keys/root.crt', 'a.mbn').status, 0)
    result = pilot('image', 'sign', 'a.elf', '-o', 'b.mbn', '--keys', 'keys', *SIGN, env={'PILOT_PASSPHRASE': 'secret'})
    equal(result.status, 0, result.err)
    _refused('a.elf', 'the key is encrypted, and not with this passphrase', '--passphrase-file', 'bad', status=2)
    _refused('a.elf', 'long: passphrase longer than', '--passphrase-file', 'long', status=2)
    _refused('a.elf', 'missing: No such file', '--passphrase-file', 'missing', status=2)


def missing_or_damaged_key_files_are_named():
    for name in ('leaf.key', 'leaf.crt', 'ca.crt', 'root.crt'):
        good = read(f'keys/{name}')
        write(f'keys/{name}', b'nonsense')
        _refused('a.elf', f'keys/{name}: no ', status=2)
        os.unlink(f'keys/{name}')
        _refused('a.elf', f'keys/{name}: No such file', status=2)
        write(f'keys/{name}', good)


def certificates_too_long_for_their_field_are_refused():
    done = openssl('req', '-x509', '-key', 'keys/root.key', '-sha384', '-utf8', '-subj',
                   '/O=Pilot test/CN=Pilot test root', '-addext', 'nsComment=' + 'x' * 25000, '-out', 'keys/root.crt')
    equal(done.returncode, 0, done.stderr)
    _refused('a.elf', '24576 is the limit')


main(collect(globals().copy()))
