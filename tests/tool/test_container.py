# SPDX-License-Identifier: BSD-2-Clause
"""pilot image sign of containers, and image show and verify of containers. The loader and the script upstream are modelled here
after docs/SPEC.md section 9 with the standard library and the openssl command; the tool's sources are not used."""
import hashlib
import os
import struct

from harness import collect, contains, elf, equal, main, openssl, outcome, pilot, plain, read, sign, verify, write

MAGIC = 0x3543a468
NUMBERS = ['--processor', 3, '--anti-rollback', 7]
SIGN = ['image', 'sign', '--format', 'container']


def _key(name='ec', kind='ec'):
    """A private key NAME.key and its public key NAME.pub."""
    args = {'ec': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'p384': ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
            'rsa': ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], 'rsa1024': ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024']}
    equal(openssl('genpkey', '-algorithm', *args[kind], '-out', f'{name}.key').returncode, 0)
    equal(openssl('pkey', '-in', f'{name}.key', '-pubout', '-out', f'{name}.pub').returncode, 0)
    return f'{name}.key'


def _make(key, *sources, output='a.sign'):
    result = pilot(*SIGN, *(sources or ['a.elf']), '-o', output, '--key', key, *NUMBERS)
    equal(result.status, 0, result.err)
    return read(output)


def _round(size):
    return (size + 7) // 8 * 8


def _integer(raw):
    raw = raw.lstrip(b'\0') or b'\0'
    raw = b'\0' + raw if raw[0] & 0x80 else raw
    return bytes([2, len(raw)]) + raw


def _openssl_verify(public, signed, signature, ecdsa):
    if ecdsa:
        equal(len(signature), 64)
        body = _integer(signature[:32]) + _integer(signature[32:])
        signature = bytes([0x30, len(body)]) + body
    write('signed.tmp', signed)
    write('signature.tmp', signature)
    return openssl('dgst', '-sha256', '-verify', public, '-signature', 'signature.tmp', 'signed.tmp').returncode == 0


def _upstream(data, public):
    """Load a container as OP-TEE's loader does: (memory by address, TLVs). Raises when it would refuse."""
    magic, version, tlv_len, sign_len, img_len = struct.unpack_from('<5I', data)
    equal((magic, version), (MAGIC, 1))
    equal(len(data), 20 + _round(tlv_len) + _round(sign_len) + _round(img_len), 'size')
    end, at, tlvs = 20 + _round(tlv_len), 20, {}
    while at < 20 + tlv_len:
        kind, length = struct.unpack_from('<2I', data, at)
        tlvs.setdefault(kind, data[at + 8:at + 8 + length])
        at += 8 + _round(length)
    equal(at, end, 'end of the TLVs')
    equal(_openssl_verify(public, data[:end], data[end:end + sign_len], tlvs[1] == b'\2'), True, 'signature')
    table = [tlvs[0x10][i:i + 64] for i in range(0, len(tlvs[0x10]), 64)]
    image, memory = end + _round(sign_len), {}
    equal(tlvs[4], b'\1' * tlvs[3][0])
    for size in struct.unpack(f'<{tlvs[3][0]}I', tlvs[5]):
        _load(data[image:image + size], table, memory)
        image += size
    equal(image, len(data), 'end of the images')
    return memory, tlvs


def _load(image, table, memory):
    equal(image[:7], b'\x7fELF\1\1\1')
    phoff, phnum = struct.unpack_from('<I', image, 28)[0], struct.unpack_from('<H', image, 44)[0]
    for i in range(phnum):
        kind, offset, _, paddr, filesz, memsz, _, _ = struct.unpack_from('<8I', image, phoff + 32 * i)
        if kind != 1:
            continue
        entry = next(e for e in table if struct.unpack_from('<I', e, 12)[0] == paddr)
        equal(struct.unpack_from('<I8x4x2I', entry)[0::2], (kind, memsz))
        equal(struct.unpack_from('<I', entry, 16)[0], filesz)
        data = image[offset:offset + filesz]
        equal(hashlib.sha256(data).digest(), entry[32:], 'digest of a segment')
        memory[paddr] = data + bytes(memsz - filesz)


def _tlv(kind, value):
    return struct.pack('<2I', kind, len(value)) + value.ljust(_round(len(value)), b'\0')


def _script(images, private, ecdsa, extra=b''):
    """What OP-TEE's script writes, with its 8 zero bytes behind TLVs that are aligned already."""
    table = b''
    for image in images:
        for i in range(struct.unpack_from('<H', image, 44)[0]):
            phdr = image[52 + 32 * i:84 + 32 * i]
            offset, filesz = struct.unpack_from('<4xI8xI', phdr)
            table += phdr + hashlib.sha256(image[offset:offset + filesz]).digest()
    padded = [image.ljust(_round(len(image)), b'\0') for image in images]
    tlvs = _tlv(1, b'\2' if ecdsa else b'\1') + _tlv(3, bytes([len(images)])) + _tlv(4, b'\1' * len(images)) + \
        _tlv(5, struct.pack(f'<{len(images)}I', *map(len, padded))) + _tlv(2, b'\1') + _tlv(0x10, table) + extra
    tlvs += bytes(8)
    head = struct.pack('<5I', MAGIC, 1, len(tlvs), 64 if ecdsa else 256, sum(map(len, padded))) + tlvs
    write('signed.tmp', head)
    signature = openssl('dgst', '-sha256', '-sign', private, 'signed.tmp').stdout
    if ecdsa:
        r_size = signature[3]
        r, s = signature[4:4 + r_size], signature[6 + r_size:]
        signature = r[-32:].rjust(32, b'\0') + s[-32:].rjust(32, b'\0')
    return head + signature + b''.join(padded)


def upstream_loads_what_is_signed():
    for kind in ('ec', 'rsa'):
        key = _key(kind, kind)
        write('b.elf', elf([(1, 5, 0x1000, 0x1000, b'second', 32)], machine=40))
        memory, tlvs = _upstream(_make(key, 'a.elf', 'b.elf'), f'{kind}.pub')
        equal(sorted(memory), [0x1000, 0x95c00000, 0x95c02000, 0x95c03000])
        equal(memory[0x1000], b'second' + bytes(26))
        equal((tlvs[0x15001], tlvs[0x15002]), (struct.pack('<I', 3), struct.pack('<I', 7)))
        first, second = plain(), read('b.elf')
        digests = [hashlib.sha256(x.ljust(_round(len(x)), b'\0')).digest() for x in (first, second)]
        equal(tlvs[0x15003], b''.join(digests))
        equal(tlvs[0x11], openssl('pkey', '-pubin', '-in', f'{kind}.pub', '-outform', 'DER').stdout, 'PKEYINFO')


def strict_verify_takes_what_is_signed_with_both_back_ends():
    for kind in ('ec', 'rsa'):
        key = _key(kind, kind)
        _make(key)
        for crypto in ('openssl', 'mbedtls'):
            result = verify('--strict', '--key', f'{kind}.pub', '--processor', 3, '--min-version', 7, '--crypto',
                            crypto, 'a.sign')
            image = result.json()['images'][0]
            equal((result.status, image['verdict'], image['kind']), (0, 'genuine', 'optee-container'))
            equal({check['result'] for check in image['checks']}, {'ok'})


def key_is_trusted_by_file_or_digest_only():
    _make(_key())
    _key('other')
    der = openssl('pkey', '-pubin', '-in', 'ec.pub', '-outform', 'DER').stdout
    write('ec.der', der)
    digest = hashlib.sha384(der).hexdigest()
    result = verify('a.sign')
    equal((result.status, result.json()['images'][0]['verdict']), (0, 'consistent'))
    equal(result.json()['images'][0]['key_hash'], digest)
    for args in (['--key', 'ec.pub'], ['--key', 'ec.der'], ['--key', 'ec.key'], ['--key-hash', digest]):
        result = verify(*args, 'a.sign')
        equal((result.status, result.json()['images'][0]['verdict']), (0, 'genuine'), args)
    equal(outcome(verify('--key', 'other.pub', 'a.sign'), 'signature'), ('failed', 'CONTAINER_SIGNATURE'))
    equal(outcome(verify('--key-hash', digest[:-1] + ('0' if digest[-1] != '0' else '1'), 'a.sign'), 'key'),
          ('failed', 'CONTAINER_KEY_HASH'))
    for bad in ('a.elf', 'not-there'):
        equal(pilot('image', 'verify', '--key', bad, 'a.sign').status, 2)
    equal(pilot('image', 'verify', '--key-hash', 'ab', 'a.sign').status, 2)


def processor_and_version_are_asked():
    _make(_key())
    for args, name, expected in (
            (['--processor', 4], 'processor', ('failed', 'CONTAINER_PROCESSOR')),
            (['--processor', 3], 'processor', ('ok', None)), ([], 'processor', ('not asked', None)),
            (['--min-version', 8], 'rollback', ('failed', 'ROLLBACK')),
            (['--min-version', 6], 'rollback', ('ok', None))):
        result = verify(*args, 'a.sign')
        equal(outcome(result, name), expected, args)
        equal(result.status, 1 if expected[0] == 'failed' else 0)


def what_the_script_writes_is_accepted_with_warnings():
    for kind in ('ec', 'rsa'):
        key = _key(kind, kind)
        data = _script([plain(machine=40)], key, kind == 'ec', _tlv(0x10001, struct.pack('<I', 0x80000000)))
        _upstream(data, f'{kind}.pub')
        write('up.sign', data)
        result = verify('--key', f'{kind}.pub', 'up.sign')
        equal((result.status, result.json()['images'][0]['verdict']), (0, 'genuine'), result.err)
        for name in ('processor', 'rollback', 'whole'):
            equal(outcome(result, name), ('missing', None))
        text = pilot('image', 'verify', '--key', f'{kind}.pub', 'up.sign').out
        contains(text, 'warning: entry point, section headers and resource table are not signed')
        shown = pilot('image', 'show', '--json', 'up.sign').json()['images'][0]
        equal((shown['processor'], shown['image_version'], len(shown['warnings'])), (None, None, 4))
        strict = verify('--strict', '--key', f'{kind}.pub', 'up.sign')
        equal(strict.status, 1)
        for name in ('processor', 'rollback', 'whole'):
            equal(outcome(strict, name), ('failed', 'CONTAINER_LOOSE'))
        equal(outcome(verify('--key', f'{kind}.pub', '--processor', 0, 'up.sign'), 'processor'),
              ('failed', 'CONTAINER_LOOSE'))
        equal(outcome(verify('up.sign'), 'key'), ('failed', 'CONTAINER_KEY_NONE'))


def changes_that_upstream_lets_pass_are_found():
    """Removed segment, moved entry point: the loader upstream takes both."""
    data = _make(_key())
    start = len(data) - _round(len(plain()))
    for offset, value, check, reason in (
            (52 + 32 * 1, struct.pack('<I', 0), 'headers', 'CONTAINER_PHDR'),
            (24, struct.pack('<I', 0x95c00100), 'whole', 'CONTAINER_ELF_DIGEST')):
        bad = bytearray(data)
        bad[start + offset:start + offset + len(value)] = value
        _upstream(bytes(bad), 'ec.pub')
        write('bad.sign', bad)
        result = verify('--key', 'ec.pub', 'bad.sign')
        equal((result.status, outcome(result, check)), (1, ('failed', reason)))
        equal(outcome(result, 'signature'), ('ok', None), 'the others are made, too')


def show_says_what_was_signed():
    _make(_key(), 'a.elf', 'a.elf')
    shown = pilot('image', 'show', '--json', 'a.sign').json()['images'][0]
    equal((shown['kind'], shown['processor'], shown['image_version'], shown['warnings']), ('optee-container', 3, 7, []))
    equal([len(image['segments']) for image in shown['images']], [4, 4])
    equal(shown['images'][0]['segments'][0]['digest'], hashlib.sha256(bytes(range(256)) * 20).hexdigest())
    contains(pilot('image', 'show', 'a.sign').out, 'OP-TEE container version 1, 2 images')


def damaged_containers_are_refused_by_both():
    data = _make(_key())
    for bad in (data[:20], data[:-1], data + bytes(8), data[:4] + b'\2' + data[5:]):
        write('bad.sign', bad)
        for command in ('show', 'verify'):
            result = pilot('image', command, 'bad.sign')
            equal(result.status, 1, command)
            contains(result.err, 'bad.sign: ')
            equal(len(pilot('image', command, '--json', 'bad.sign').json()['images']), 1)


def containers_and_images_go_together():
    _make(_key())
    sign()
    result = verify('--key', 'ec.pub', '--root', 'keys/root.crt', 'a.sign', 'a.mbn')
    equal((result.status, result.json()['passed']), (0, 2))
    equal([image['verdict'] for image in result.json()['images']], ['genuine', 'genuine'])
    equal(pilot('image', 'show', 'a.sign', 'a.mbn').status, 0)


def containers_of_a_directory_are_verified_in_order():
    os.makedirs('dir/below')
    data = _make(_key())
    loaded = data.index(bytes(range(256)))
    sign(output='dir/b.mbn')
    for i in range(0, 20, 2):
        write(f'dir/below/{i:02}.sign', data)
        write(f'dir/below/{i + 1:02}.sign', data[:loaded] + b'\1' + data[loaded + 1:])
    write('dir/below/text', b'neither one nor the other')
    for jobs in (1, 4):
        result = verify('--key', 'ec.pub', '--root', 'keys/root.crt', '--jobs', jobs, 'dir')
        found = result.json()
        equal([image['file'] for image in found['images']],
              ['dir/b.mbn'] + [f'dir/below/{i:02}.sign' for i in range(20)])
        equal([image['verdict'] for image in found['images']], ['genuine'] + ['genuine', 'refused'] * 10)
        equal((result.status, found['passed'], found['refused'], found['passed_over']), (1, 11, 10, 0))
        equal((found['tables'], found['signatures']), ({'good': 11, 'all': 21}, {'good': 21, 'all': 21}))
        text = pilot('image', 'verify', '--key', 'ec.pub', '--jobs', jobs, 'dir')
        contains(text.out, '21 files: 11 passed, 10 refused, 0 not an image')
        contains(text.out, 'dir/below/01.sign: refused')


def reason_of_a_damaged_container_comes_beside_its_verdict():
    data = _make(_key())
    write('bad.sign', data[:-1])
    result = pilot('image', 'verify', 'a.sign', 'bad.sign')
    equal(result.status, 1)
    contains(result.out, 'bad.sign: refused')
    contains(result.err, f"bad.sign: the container's lengths come to {len(data)} bytes, but there are {len(data) - 1}")
    equal(verify('bad.sign').json()['images'][0]['error']['reason'], 'CONTAINER_SIZE')


def encrypted_key_signs_with_its_passphrase():
    key = _key()
    equal(openssl('pkey', '-in', key, '-aes256', '-passout', 'pass:open sesame', '-out', 'locked.key').returncode, 0)
    write('good', b'open sesame\n')
    write('bad', b'open barley\n')
    args = (*SIGN, 'a.elf', '-o', 'a.sign', '--key', 'locked.key', *NUMBERS)
    for more, part in (([], 'locked.key: the key is encrypted: its passphrase is taken from'),
                       (['--passphrase-file', 'bad'], 'locked.key: the key is encrypted, and not with')):
        result = pilot(*args, *more)
        equal((result.status, os.path.exists('a.sign')), (2, False))
        contains(result.err, part)
    equal(pilot(*args, '--passphrase-file', 'good').status, 0)
    equal(verify('--key', 'ec.pub', 'a.sign').json()['images'][0]['verdict'], 'genuine')
    result = pilot('image', 'verify', '--key', 'locked.key', 'a.sign')
    equal(result.status, 2)
    contains(result.err, 'locked.key: an encrypted private key')


def what_cannot_be_signed_is_refused():
    key, p384, short = _key(), _key('p384', 'p384'), _key('short', 'rsa1024')
    write('c.elf', plain()[:200])
    write('text', b'no ELF file at all, but long enough to look at it in peace and quiet')
    for source, with_key, status, part in (
            ('c.elf', key, 1, 'past the end of the file'),
            ('text', key, 2, 'not an ELF file'), ('not-there', key, 2, 'No such file'),
            ('a.elf', p384, 1, 'neither RSA with 2048 to 4096 bits nor EC on P-256'),
            ('a.elf', short, 1, 'neither RSA'), ('a.elf', 'text', 2, 'no private key'),
            ('a.elf', 'none', 2, 'No such')):
        result = pilot(*SIGN, source, '-o', 'out', '--key', with_key, *NUMBERS)
        equal((result.status, result.out), (status, ''), f'{source} {with_key}: {result.err}')
        contains(result.err, part)
        equal(os.path.exists('out'), False, source)


def elf64_images_have_their_own_entries():
    key = _key()
    write('b.elf', plain(is64=True))
    data = _make(key, 'a.elf', 'b.elf')
    table = data[data.index(struct.pack('<I', 0x10), 20) + 8:]
    elf64 = read('b.elf')
    for i in range(4):
        entry = table[4 * 64 + i * 88:][:88]
        equal(entry[:56], elf64[64 + 56 * i:64 + 56 * (i + 1)], f'program header {i}')
        offset, filesz = struct.unpack_from('<Q16xQ', entry, 8)
        equal(entry[56:], hashlib.sha256(elf64[offset:offset + filesz]).digest(), f'digest {i}')
    for crypto in ('openssl', 'mbedtls'):
        image = verify('--strict', '--key', 'ec.pub', '--processor', 3, '--min-version', 7, '--crypto', crypto,
                       'a.sign').json()['images'][0]
        equal((image['verdict'], {check['result'] for check in image['checks']}), ('genuine', {'ok'}))
    shown = pilot('image', 'show', '--json', 'a.sign').json()['images'][0]['images']
    equal([image['class'] for image in shown], [32, 64])
    contains(pilot('image', 'show', 'a.sign').out, 'image 1    ELF64')
    at = data.rindex(elf64[64:120])
    write('bad.sign', data[:at + 4] + bytes([data[at + 4] ^ 1]) + data[at + 5:])
    equal(outcome(verify('--key', 'ec.pub', 'bad.sign'), 'headers'), ('failed', 'CONTAINER_PHDR'))


SIGNER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/examples/sign-with-openssl')


def a_command_signs_in_place_of_the_key():
    for kind in ('ec', 'rsa'):
        key = _key(kind, kind)
        os.rename(key, 'away.pem')
        args = (*SIGN, 'a.elf', '-o', 'a.sign', '--key', f'{kind}.pub', *NUMBERS)
        result = pilot(*args, '--sign-with', f'{SIGNER} away.pem')
        equal(result.status, 0, result.err)
        _upstream(read('a.sign'), f'{kind}.pub')
        equal(verify('--strict', '--key', f'{kind}.pub', 'a.sign').json()['images'][0]['verdict'], 'genuine')
        os.remove('a.sign')
        _key('other', kind)
        for command, status, part in ((f'{SIGNER} other.key', 1, f'does not fit the key of {kind}.pub'),
                                      ('false', 2, 'ended with status 1'), ('true', 1, 'returned 0 bytes'),
                                      ('head -c 64 /dev/zero', 1, 'does not fit the key')):
            result = pilot(*args, '--sign-with', command)
            equal(result.status, status, f'{command}: {result.err}')
            contains(result.err, part)
            equal(os.path.exists('a.sign'), False, command)


def a_container_is_signed_again_with_another_key():
    old, new = _key('old'), _key('new', 'rsa')
    write('b.elf', plain(is64=True))
    before = _make(old, 'a.elf', 'b.elf')
    result = pilot('image', 'sign', 'a.sign', '-o', 'b.sign', '--key', new, '--json')
    equal(result.status, 0, result.err)
    said = result.json()
    equal((said['kind'], said['images'], said['processor'], said['image_version'], said['scheme']),
          ('optee-container', 2, 3, 7, 'rsa-pkcs1-sha256'))
    after = read('b.sign')
    equal(after[-len(read('b.elf')) - 8:], before[-len(read('b.elf')) - 8:], 'images')
    equal(verify('--strict', '--key', 'new.pub', '--processor', 3, '--min-version', 7, 'b.sign').status, 0)
    equal(verify('--key', 'old.pub', 'b.sign').status, 1)
    equal(pilot('image', 'sign', 'a.sign', '-o', 'a.sign', '--key', old, '--processor', 4, '--anti-rollback',
                8).status, 0)
    equal(verify('--strict', '--key', 'old.pub', '--processor', 4, '--min-version', 8, 'a.sign').status, 0)
    write('bad.sign', before[:-100] + b'\1' + before[-99:])
    result = pilot('image', 'sign', 'bad.sign', '-o', 'c.sign', '--key', new)
    equal((result.status, os.path.exists('c.sign')), (1, False))
    contains(result.err, 'bad.sign: image 1: digest of')


def statements_of_a_platform_stay_when_it_is_signed_again():
    key = _key()
    extra = _tlv(0x10001, struct.pack('<I', 0x80000000)) + _tlv(0x1abcd, b'eleven char')
    write('a.sign', _script([plain()], key, True, extra))
    result = pilot('image', 'sign', 'a.sign', '-o', 'b.sign', '--key', key)
    equal(result.status, 1)
    contains(result.err, 'the container does not say it: --processor N is missing')
    result = pilot('image', 'sign', 'a.sign', '-o', 'b.sign', '--key', key, '--processor', 1)
    contains(result.err, '--anti-rollback N is missing')
    equal(pilot('image', 'sign', 'a.sign', '-o', 'b.sign', '--key', key, '--processor', 1, '--anti-rollback',
                2).status, 0)
    memory, tlvs = _upstream(read('b.sign'), 'ec.pub')
    equal(sorted(memory), [0x95c00000, 0x95c02000, 0x95c03000])
    equal((tlvs[0x10001], tlvs[0x1abcd]), (struct.pack('<I', 0x80000000), b'eleven char'))
    equal(verify('--strict', '--key', 'ec.pub', '--processor', 1, '--min-version', 2, 'b.sign').status, 0)


def a_directory_of_images_and_containers_is_signed_again():
    os.makedirs('in/sub')
    _make(_key('old'), output='in/sub/m4.sign')
    sign(output='in/a.mbn')
    new = _key('new')
    result = pilot('image', 'sign', '--recursive', 'in', '-o', 'out', '--keys', 'keys')
    equal(result.status, 1)
    contains(result.err, 'in/sub/m4.sign: a container: --key FILE is missing')
    contains(result.out, 'in/sub/m4.sign: refused')
    equal(os.path.exists('out/sub/m4.sign'), False)
    result = pilot('image', 'sign', '--recursive', 'in', '-o', 'out', '--keys', 'keys', '--key', new)
    equal(result.status, 0, result.err)
    contains(result.out, 'in/sub/m4.sign: signed, container, ecdsa-sha256')
    contains(result.out, '2 signed, 0 refused')
    equal(verify('--strict', '--key', 'new.pub', '--root', 'keys/root.crt', 'out').json()['passed'], 2)


def a_profile_says_it_for_containers():
    key = _key()
    write('m4.toml', f'format = "container"\nkey = "{key}"\nprocessor = 3\nanti_rollback = 7\n'.encode())
    equal(pilot('image', 'sign', 'a.elf', '-o', 'a.sign', '--profile', 'm4.toml').status, 0)
    equal(verify('--strict', '--key', 'ec.pub', '--processor', 3, '--min-version', 7, 'a.sign').status, 0)


def options_of_the_other_kind_are_refused():
    key = _key()
    _make(key)
    sign()
    for args, part in ((['a.sign', '--key', key, '--soc', '1'], '--soc does not go with a container'),
                       (['a.sign', '--keys', 'keys'], '--keys does not go with a container'),
                       (['a.sign', '--format', 'mbn', '--keys', 'keys'], 'a.sign is a container'),
                       (['a.sign'], '--key FILE is missing'),
                       (['a.sign', 'a.sign', '--key', key], '2 inputs'),
                       (['a.mbn', '--keys', 'keys', '--processor', '1'], '--processor does not go with an MBN image'),
                       (['a.mbn', 'a.mbn', '--keys', 'keys'], '2 inputs'),
                       (['a.mbn', '--keys', 'keys', '--format', 'cpio'], '--format takes mbn or container'),
                       (['--recursive', '.', '--keys', 'keys', '--format', 'mbn'], '--recursive takes one directory')):
        result = pilot('image', 'sign', *args, '-o', 'out')
        equal(result.status, 2, args)
        contains(result.err, part)
        equal(os.path.exists('out'), False)


def plan_places_every_image_of_a_container():
    key = _key()
    write('b.elf', elf([(1, 5, 0, 0x195c10000, b'x' * 64, 128)], is64=True, entry=0x195c10000))
    _make(key, 'a.elf', 'b.elf')
    args = ('image', 'plan', 'a.sign', '--carveout', '0x95c00000,0x110000000')
    result = pilot(*args, '--json')
    plan = result.json()
    equal((result.status, plan['kind'], plan['fits'], plan['overlaps']), (0, 'optee-container', True, []))
    equal([[s['address'] for s in image['segments']] for image in plan['images']],
          [['0x95c00000', '0x95c02000', '0x95c03000'], ['0x195c10000']])
    equal(plan['images'][1]['segments'], [{'index': 0, 'address': '0x195c10000', 'offset': 120, 'from_file': 64,
                                           'zeroed': 64}])
    equal((plan['images'][1]['entry'], plan['images'][1]['relocatable']), ('0x195c10000', False))
    contains(pilot(*args).out, 'a.sign: container with 2 images, fits in 0x95c00000')
    result = pilot('image', 'plan', 'a.sign', '--carveout', '0x95c00000,0x100000', '--json')
    equal((result.status, result.json()['fits'], [i['fits'] for i in result.json()['images']]),
          (1, False, [True, False]))
    equal([p['reason'] for p in result.json()['images'][1]['problems']], ['PLAN_OUTSIDE'])


def images_of_a_container_that_overlap_are_named():
    write('b.elf', elf([(1, 5, 0, 0x95c04ff0, b'x' * 64, 128)]))
    _make(_key(), 'a.elf', 'b.elf')
    args = ('image', 'plan', 'a.sign', '--carveout', '0x95c00000,0x100000')
    result = pilot(*args, '--json')
    plan = result.json()
    equal((result.status, plan['fits'], [i['fits'] for i in plan['images']]), (1, False, [True, True]))
    equal(plan['overlaps'], [{'images': [0, 1], 'segments': [3, 0]}])
    contains(pilot(*args).out, 'PLAN_OVERLAP: segment 3 of image 0 and segment 0 of image 1 overlap in memory')
    write('bad.sign', read('a.sign')[:-1])
    equal(pilot('image', 'plan', 'bad.sign', '--carveout', '0,1').status, 1)


def commands_that_take_no_containers_say_which_do():
    _make(_key())
    sign()
    for command, args in (('diff', ['a.sign', 'a.mbn']), ('diff', ['a.mbn', 'a.sign']), ('split', ['a.sign']),
                          ('metadata', ['a.sign', '-o', 'out'])):
        result = pilot('image', command, *args)
        equal((result.status, result.out), (2, ''), command)
        contains(result.err, f"a.sign: of format optee-container, which 'pilot image {command}' does not take; 'show'")


def usage_is_checked():
    key = _key()
    good = ['a.elf', '-o', 'out', '--key', key, '--processor', '3', '--anti-rollback', '7']
    for missing in ('-o', '--key', '--processor', '--anti-rollback'):
        at = good.index(missing)
        result = pilot(*SIGN, *good[:at], *good[at + 2:])
        equal(result.status, 2)
        contains(result.err, f'{missing} ')
        contains(result.err, 'is missing')
    for bad, part in ((good[1:], 'IN.elf, is missing'), (['a.elf'] * 4 + good, '5 inputs; only containers'),
                      (good[:-1] + ['x'], '--anti-rollback takes a number'), (good[:-1] + [str(2**32)], '--anti-rollback takes')):
        result = pilot(*SIGN, *bad)
        equal(result.status, 2)
        contains(result.err, part)


main(collect(globals().copy()))
