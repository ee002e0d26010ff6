# SPDX-License-Identifier: BSD-2-Clause
"""pilot image show: what it says about images, and about what is none."""
from harness import CODE, DATA, collect, contains, equal, main, openssl, pilot, plain, read, sha384, sign, write


def _show(name, status=0):
    result = pilot('image', 'show', '--json', name)
    equal(result.status, status, name)
    return result.json()['images'][0]


def signed_image_is_described():
    sign('a.elf', 'a.mbn', '--anti-rollback', '0xffffffff')
    image = _show('a.mbn')
    equal((image['kind'], image['version'], image['authority'], image['hash_algorithm'], image['hash_segment']),
          ('mbn', 6, 'OEM', 'SHA-384', 1))
    equal(image['elf'], {'class': 32, 'type': 2, 'machine': 164, 'machine_name': 'Hexagon', 'entry': '0x95c00000'})
    equal(image['load'], {'relocatable': True, 'lowest': '0x95c00000', 'span': 0x8000, 'segments': 3})
    equal(image['binding'], {'from': 'metadata', 'major': 0, 'minor': 0, 'sw_id': '0x4', 'secondary_sw_id': '0x0', 'anti_rollback': 0xffffffff,
                             'root_index': 0, 'soc': ['0x6019', '0x601a'], 'jtag': None, 'oem': '0x1',
                             'model': '0x0', 'serial': None, 'flags': '0x2',
                             'debug': 'nop', 'root_revoke': 'nop', 'uie_key': 'nop'})
    equal(image['root_hash'], sha384(read('keys/root.der')).hex())
    equal(image['warnings'], [])


def segments_have_address_size_flags_and_digest():
    sign()
    segments = _show('a.mbn')['segments']
    equal([s['index'] for s in segments], [0, 1, 2, 3, 4])
    code = segments[2]
    equal({key: code[key] for key in ('type', 'flags', 'vaddr', 'paddr', 'filesz', 'memsz', 'relocatable', 'digest')},
          {'type': '0x1', 'flags': '0x8000005', 'vaddr': '0xc0000000', 'paddr': '0x95c00000', 'filesz': len(CODE),
           'memsz': len(CODE), 'relocatable': True, 'digest': sha384(CODE).hex()})
    equal(segments[3]['digest'], sha384(DATA).hex())


def chain_is_that_of_the_keys():
    sign()
    chain = _show('a.mbn')['chain']
    equal([cert['subject'].rsplit(' ', 1)[1] for cert in chain], ['leaf', 'CA', 'root'])
    equal([cert['ca'] for cert in chain], [False, True, True])
    for cert, role in zip(chain, ('leaf', 'ca', 'root')):
        equal((cert['key'], cert['key_bits'], cert['signature']), ('EC P-384', 384, 'ECDSA with SHA-384'))
        equal(cert['size'], len(read(f'keys/{role}.der')))
        end = openssl('x509', '-in', f'keys/{role}.crt', '-noout', '-enddate', '-dateopt', 'iso_8601').stdout.decode()
        contains(end, cert['not_after'])


def text_names_everything():
    sign()
    text = pilot('image', 'show', 'a.mbn').out
    for part in ('a.mbn: MBN v6 image, ELF32, Hexagon, ', 'SoC 0x6019, 0x601a; OEM 0x1; model 0x0', 'id 0x4',
                 'Pilot test leaf', 'Pilot test root', sha384(read('keys/root.der')).hex(), 'relocatable', '0x95c00000',
                 sha384(CODE).hex()[:16]):
        contains(text, part)


def plain_elf_is_called_so():
    image = _show('a.elf')
    equal((image['kind'], len(image['segments']), 'version' in image), ('elf', 4, False))
    contains(pilot('image', 'show', 'a.elf').out, 'plain ELF file without hash segment')


def elf64_is_warned_about():
    write('a.elf', plain(is64=True))
    sign()
    contains(' '.join(_show('a.mbn')['warnings']), 'mdt_loader')


def trailing_bytes_are_warned_about():
    write('b.mbn', bytes(sign().data) + b'xyz')
    contains(' '.join(_show('b.mbn')['warnings']), '3 bytes after the last segment')


def expired_certificate_is_warned_about():
    write('leaf.cnf', b'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n')
    openssl('req', '-new', '-key', 'keys/leaf.key', '-subj', '/CN=old leaf', '-out', 'leaf.csr')
    # `openssl x509` of version 3.4 and later refuses to go back in time, `openssl ca` does not
    write('ca.cnf', b'[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\ndefault_md=sha384\npolicy=p\n'
                    b'[p]\ncommonName=supplied\n')
    write('index.txt', b'')
    done = openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'leaf.csr', '-cert', 'keys/ca.crt', '-keyfile',
                   'keys/ca.key', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z', '-extfile', 'leaf.cnf',
                   '-create_serial', '-out', 'keys/leaf.crt')
    equal(done.returncode, 0, done.stderr)
    sign()
    contains(' '.join(_show('a.mbn')['warnings']), 'certificate 0 expired on ')
    equal(pilot('image', 'verify', '--root', 'keys/root.crt', 'a.mbn').status, 0, 'dates do not count')


def names_do_not_drive_the_terminal():
    equal(pilot('keys', 'new', '--name', 'evil\033[31m\n\u00e9', 'evil').status, 0)
    sign(keys='evil')
    for args in (['show'], ['verify']):
        text = pilot('image', *args, 'a.mbn').out
        equal('\033' in text, False, args)
        contains(text, 'evil\\1B[31m')


def unknown_version_is_said():
    image = sign()
    image.put(image.base + 4, '<I', 99)
    write('b.mbn', image.data)
    shown = _show('b.mbn', status=1)
    equal((shown['kind'], shown['error']['reason'], shown['error']['a']), ('broken', 'MBN_VERSION', 99))
    equal(len(shown['segments']), 5, 'what can be read is shown')


def what_is_no_image_has_status_2():
    write('text', b'hello' * 50)
    equal(_show('text', status=2)['error']['reason'], 'ELF_MAGIC')
    equal(_show('missing', status=2)['kind'], 'unreadable')


def several_files_are_shown():
    sign()
    result = pilot('image', 'show', '--json', 'a.mbn', 'text', 'a.elf')
    equal(result.status, 2)
    equal([i['kind'] for i in result.json()['images']], ['mbn', 'unreadable', 'elf'])


main(collect(globals().copy()))
