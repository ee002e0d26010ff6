# SPDX-License-Identifier: BSD-2-Clause
"""Every header version with every kind of key: bytes and signatures, checked with struct and the openssl command."""
import hashlib
import os
import struct

from harness import (CODE, DATA, SIGN, collect, contains, equal, kept_keys, main, openssl, outcome, pilot, plain, read,
                     sha384, verify, write)

# version: header size, common metadata, OEM metadata, words with (hash, OEM signature, OEM certificates) size
LAYOUT = {3: (40, 0, 0, (5, 7, 9)), 5: (40, 0, 0, (5, 7, 9)), 6: (48, 0, 120, (5, 7, 9)), 7: (40, 24, 224, (5, 8, 9)),
          8: (56, 24, 224, (5, 10, 11))}
KEYS = {'ec-p384': (104, 'sha384'), 'ec-p256': (72, 'sha256'), 'rsa2048': (256, 'sha256'), 'rsa3072': (384, 'sha256'),
        'rsa4096': (512, 'sha256')}
IDS = ['--soc', '0x6019,0x601a', '--oem', '1', '--model', '2', '--sw-id', '4', '--anti-rollback', '7']
DEVICE = ['--soc', '0x601a', '--oem', '1', '--model', '2', '--sw-id', '4']


class _Parts:
    """The hash segment of an ELF32 image by the table above."""

    def __init__(self, name, version):
        self.file = read(name)
        header, common, metadata, words = LAYOUT[version]
        phdrs = [struct.unpack_from('<8I', self.file, 52 + 32 * i) for i in range(struct.unpack_from('<H', self.file, 44)[0])]
        self.phdrs = phdrs
        _, start, _, self.address, size, _, _, _ = next(p for p in phdrs if p[6] >> 24 & 7 == 2)
        self.segment = self.file[start:start + size]
        self.words = struct.unpack_from(f'<{header // 4}I', self.segment)
        hashes, sig, certs = (self.words[i] for i in words)
        self.common = struct.unpack_from(f'<{common // 4}I', self.segment, header)
        self.metadata = struct.unpack_from(f'<{metadata // 4}I', self.segment, header + common)
        table = header + common + metadata
        self.table = self.segment[table:table + hashes]
        self.signed = self.segment[:table + hashes]
        self.sig = self.segment[table + hashes:][:sig]
        self.certs = self.segment[table + hashes + sig:][:certs]

    def leaf(self):
        size = 4 + int.from_bytes(self.certs[2:4], 'big')
        return openssl('x509', '-inform', 'DER', data=self.certs[:size]).stdout


def _sign(version, key, *more, make=True, output='a.mbn'):
    if make:
        kept_keys('k', '--type', key)
    result = pilot('image', 'sign', 'a.elf', '-o', output, '--keys', 'k', '--version', version, *IDS, *more)
    equal(result.status, 0, f'v{version} {key}: {result.err}')
    return _Parts(output, version)


def _check_signature(parts, key, digest):
    write('leaf.pem', parts.leaf())
    write('leaf.pub', openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey').stdout)
    sig = parts.sig[:parts.sig[1] + 2] if key.startswith('ec') else parts.sig
    write('sig', sig)
    write('signed', parts.signed)
    pss = [] if key.startswith('ec') else ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']
    done = openssl('dgst', f'-{digest}', *pss, '-verify', 'leaf.pub', '-signature', 'sig', 'signed')
    equal(done.stdout, b'Verified OK\n', key)


def _accepted(*more):
    for crypto in ('openssl', 'mbedtls'):
        result = verify('--crypto', crypto, '--root', 'k/root.crt', *DEVICE, *more, 'a.mbn')
        equal((result.status, result.json()['images'][0]['verdict']), (0, 'genuine'), f'{crypto}: {result.out}')


def versions_6_to_8_take_every_key():
    for key, (field, digest) in KEYS.items():
        for version in (6, 7, 8):
            parts = _sign(version, key, make=version == 6)
            equal(len(parts.sig), field, f'v{version} {key}')
            _check_signature(parts, key, digest)
            _accepted()


def versions_3_and_5_take_rsa():
    for key in ('rsa2048', 'rsa3072', 'rsa4096'):
        for version in (3, 5):
            parts = _sign(version, key, make=version == 3)
            _check_signature(parts, key, 'sha256')
            _accepted()


def hash_tables_have_the_digests_of_their_version():
    kept_keys('k', '--type', 'rsa2048')
    for version, name, more in ((3, 'sha256', []), (5, 'sha256', []), (6, 'sha384', []), (7, 'sha384', []),
                                (8, 'sha384', []), (6, 'sha256', ['--hash', 'sha256']), (7, 'sha256', ['--hash', 'sha256'])):
        parts = _sign(version, 'rsa2048', *more, make=False)
        digest = lambda data, name=name: hashlib.new(name, data).digest()
        size = hashlib.new(name).digest_size
        headers = parts.file[:parts.phdrs[0][4]]
        wanted = digest(headers) + bytes(size) + digest(CODE) + digest(DATA) + bytes(size)
        equal(parts.table, wanted, f'v{version} {name}')
        if version >= 7:
            equal(parts.common, (0, 0, 4, 0, 2 if name == 'sha256' else 3, 0), 'common metadata')
        _accepted()


def version_3_raw_signature_mixes_the_ids_in():
    kept_keys('k', '--type', 'rsa2048', '--pkcs1')
    parts = _sign(3, '', make=False)
    number = int.from_bytes(parts.sig, 'big')
    write('leaf.pem', parts.leaf())
    modulus = int(openssl('x509', '-in', 'leaf.pem', '-noout', '-modulus').stdout.split(b'=')[1], 16)
    em = pow(number, 65537, modulus).to_bytes(256, 'big')
    digest = hashlib.sha256(parts.signed).digest()
    for ident, pad in ((7 << 32 | 4, 0x36), (0, 0x5c)):
        mixed = bytes(byte ^ pad for byte in ident.to_bytes(8, 'big'))
        digest = hashlib.sha256(mixed + digest).digest()
    equal(em, b'\0\1' + b'\xff' * (256 - 3 - 32) + b'\0' + digest)
    _accepted()


def version_3_header_has_addresses():
    kept_keys('k', '--type', 'rsa2048')
    parts = _sign(3, '', make=False)
    hashes = 32 * 5
    base = parts.address + 40
    certs = parts.words[9]
    equal(parts.words, (0, 3, 0, base, hashes + 256 + certs, hashes, base + hashes, 256, base + hashes + 256, certs))


def leaf_of_versions_3_and_5_says_what_the_image_is_for():
    kept_keys('k', '--type', 'rsa2048')
    for version in (3, 5):
        parts = _sign(version, '', make=False)
        write('leaf.pem', parts.leaf())
        text = openssl('x509', '-in', 'leaf.pem', '-noout', '-subject').stdout.decode()
        for unit in ('01 0000000700000004 SW_ID', '04 0001 OEM_ID', f'05 {40 + 32 * 5:08X} SW_SIZE', '06 0002 MODEL_ID',
                     '07 0001 SHA256', '11 6019 601A ' + '0000 ' * 8 + 'SOC_VERS', '13 0001 IN_USE_SOC_HW_VERSION',
                     '15 0000 OEM_ID_INDEPENDENT'):
            contains(text, unit)
        done = openssl('verify', '-CAfile', 'k/root.crt', '-untrusted', 'k/ca.crt', 'leaf.pem')
        equal(done.returncode, 0, done.stderr)


def rsa_images_are_reproducible():
    for args in (['--type', 'rsa2048'], ['--type', 'rsa2048', '--pkcs1']):
        kept_keys('k', *args)
        for version in (3,) if '--pkcs1' in args else (3, 5, 6, 7, 8):
            first = _sign(version, '', make=False).file
            equal(first == _sign(version, '', make=False, output='b.mbn').file, True, f'v{version} {args}')


def metadata_of_version_7_says_what_was_asked():
    for version, major in ((7, 2), (8, 4)):
        parts = _sign(version, 'ec-p384', '--serial', '0x11,0x22')
        serials = [0x11, 0, 0x22, 0, *[0] * 12]
        flags = 0x155555 ^ 3 ^ 3 << 6 ^ 3 << 8 ^ 3 << 10
        equal(parts.metadata, (major, 0, 7, 0, 0x6019, 0x601a, *[0] * 10, 0, 0, *serials, 1, 2, 0, 0, 0, *[0] * 16, flags))
        _accepted('--serial', '0x22')


def _shown(name='a.mbn'):
    return pilot('image', 'show', '--json', name).json()['images'][0]['binding']


def _resign(*args, output='b.mbn', keys='k'):
    return pilot('image', 'sign', 'a.mbn', '-o', output, '--keys', keys, *args)


def chip_id_binds_in_every_version():
    for version, kind in ((3, 'rsa2048'), (5, 'rsa2048'), (6, 'ec-p384'), (7, 'ec-p384'), (8, 'ec-p384')):
        _sign(version, kind, '--soc', 'any', '--jtag', '0x1234abcd')
        equal((_shown()['jtag'], _shown()['soc']), ('0x1234abcd', None), f'v{version}')
        device = ['--root', 'k/root.crt', '--oem', '1', '--model', '2']
        equal(verify(*device, '--jtag', '0x1234abcd', 'a.mbn').status, 0, f'v{version}')
        equal(outcome(verify(*device, '--jtag', '0x1234abce', 'a.mbn'), 'binding'), ('failed', 'BIND_JTAG'))
        equal(_resign('--jtag', 'any', '--soc', '0x6019').status, 0)
        equal((_shown('b.mbn')['jtag'], _shown('b.mbn')['soc']), (None, ['0x6019']), f'v{version}')
        equal(_resign('--jtag', '7').status, 0)
        equal(_shown('b.mbn')['jtag'], '0x7', f'v{version}')
    for version in (6, 7, 8):
        _sign(version, 'ec-p384', '--jtag', '5')
        equal((_shown()['jtag'], _shown()['soc']), ('0x5', ['0x6019', '0x601a']))


def options_of_version_6_are_written_and_named():
    parts = _sign(6, 'ec-p384', '--debug', 'enable', '--root-revoke', 'disable')
    equal(parts.metadata[7] & 0x3f0, 2 << 8 | 1 << 4)
    equal((_shown()['debug'], _shown()['root_revoke'], _shown()['uie_key']), ('enable', 'disable', 'nop'))
    text = pilot('image', 'show', 'a.mbn').out
    contains(text, 'option     revocation and activation of roots: disable')
    contains(text, 'option     debugging: enable')
    equal(_resign().status, 0)
    equal((_shown('b.mbn')['debug'], _shown('b.mbn')['root_revoke']), ('enable', 'disable'))
    equal(_resign('--debug', 'nop', '--root-revoke', 'enable').status, 0)
    equal((_shown('b.mbn')['debug'], _shown('b.mbn')['root_revoke']), ('nop', 'enable'))
    result = _resign('--version', '7')
    equal(result.status, 1)
    contains(result.err, 'a.mbn: says options of debugging, roots or encryption, which version 7 cannot')


def versions_7_and_8_are_bound_to_the_root_that_signs():
    for version in (7, 8):
        parts = _sign(version, 'ec-p384', '--oem-root', 'own', '--debug', 'enable', '--jtag', '5', '--transfer-root',
                      'true')
        root = sha384(read('k/root.der')) + bytes(16)
        equal((parts.metadata[38], struct.pack('<16I', *parts.metadata[39:55])), (3, root))
        equal([parts.metadata[55] >> 2 * pair & 3 for pair in (2, 8, 9, 10)], [2] * 4)
        shown = _shown()
        equal((shown['oem_root'], shown['jtag_debug'], shown['transfer_root']), (root.hex(), True, True))
        equal(pilot('keys', 'new', '--force', 'other').status, 0)
        equal(_resign(keys='other').status, 0)
        shown = _shown('b.mbn')
        equal((shown['oem_root'], shown['jtag_debug'], shown['transfer_root']),
              ((sha384(read('other/root.der')) + bytes(16)).hex(), True, True))
        equal(_resign('--version', str(15 - version)).status, 0)
        shown = _shown('b.mbn')
        equal((shown['oem_root'], shown['jtag_debug'], shown['transfer_root'], shown['jtag']),
              (root.hex(), True, True, '0x5'))
        result = _resign('--version', '6')
        equal(result.status, 1)
        contains(result.err, 'which version 6 cannot')
        equal(_resign('--oem-root', 'any', '--transfer-root', 'false', '--debug', 'nop').status, 0)
        shown = _shown('b.mbn')
        equal((shown['oem_root'], shown['jtag_debug'], shown['transfer_root']), (None, False, False))


def a_profile_selects_root_and_options():
    equal(pilot('keys', 'new', '--roots', '3', '--root-index', '2', 'k').status, 0)
    write('p.toml', b'keys = "k"\nversion = 7\nsoc = 0x6019\njtag = 9\noem = 1\nmodel = "any"\nsw_id = 4\n'
                    b'oem_root = "own"\ntransfer_root = true\ndebug = "enable"\n')
    result = pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--profile', 'p.toml')
    equal(result.status, 0, result.err)
    shown = _shown()
    equal((shown['root_index'], shown['oem_root'], shown['transfer_root'], shown['jtag_debug'], shown['jtag']),
          (2, (sha384(read('k/root2.der')) + bytes(16)).hex(), True, True, '0x9'))
    equal(verify('--root', 'k/root2.crt', 'a.mbn').status, 0)


def several_roots_go_into_the_image():
    equal(pilot('keys', 'new', '--roots', '4', '--root-index', '2', 'k').status, 0)
    for version in (6, 7, 8):
        parts = _sign(version, '', make=False)
        for root in ('root', 'root1', 'root2', 'root3'):
            contains(parts.certs, read(f'k/{root}.der'))
        for root, status in (('root', 1), ('root1', 1), ('root2', 0), ('root3', 1)):
            equal(verify('--root', f'k/{root}.crt', 'a.mbn').status, status, f'v{version} {root}')


def what_a_version_does_not_have_is_refused():
    kept_keys('rsa', '--type', 'rsa2048')
    kept_keys('pkcs1', '--type', 'rsa2048', '--pkcs1')
    equal(pilot('keys', 'new', '--roots', '2', '--root-index', '1', '--type', 'rsa2048', 'roots').status, 0)
    for keys, more, part in (('keys', ['--version', '3'], 'version 3 is signed with RSA'),
                             ('keys', ['--version', '5'], 'version 5 is signed with RSA'),
                             ('pkcs1', ['--version', '6'], 'only version 3 has'),
                             ('roots', ['--version', '5'], 'have one root'),
                             ('rsa', ['--version', '3', '--serial', '1'], 'no place for --serial'),
                             ('rsa', ['--version', '3', '--debug', 'nop'], 'no place for --debug'),
                             ('keys', ['--version', '7', '--debug', 'disable'], 'no place for --debug disable'),
                             ('keys', ['--version', '8', '--root-revoke', 'nop'], 'no place for --root-revoke'),
                             ('keys', ['--version', '6', '--oem-root', 'own'], 'no place for --oem-root'),
                             ('keys', ['--version', '6', '--transfer-root', 'true'], 'no place for --transfer-root'),
                             ('rsa', ['--version', '5', '--jtag', '1'], '--jtag needs --soc any'),
                             ('rsa', ['--version', '5', '--oem', '0x10000'], 'OEM and model have 16 bits'),
                             ('rsa', ['--version', '5', '--oem', 'any'], 'OEM and model together'),
                             ('rsa', ['--version', '3', '--soc', '0x10000'], 'of 16 bits'),
                             ('rsa', ['--version', '3', '--soc', ','.join('1' * 11)], 'room for 10 SoC')):
        result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', keys, *SIGN, *more)
        equal((result.status, result.out), (1, ''), part)
        contains(result.err, part)


def unknown_versions_and_digests_are_usage_errors():
    for args, part in ((['--version', '4'], '--version takes 3, 5, 6, 7 or 8'), (['--hash', 'sha1'], '--hash takes'),
                       (['--version', '3', '--hash', 'sha384'], 'version 3 has SHA-256 only')):
        result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', 'keys', *SIGN, *args)
        equal((result.status, result.out), (2, ''), part)
        contains(result.err, part)


def versions_3_and_5_need_the_ca_key():
    kept_keys('k', '--type', 'rsa2048')
    os.unlink('k/ca.key')
    result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', 'k', *SIGN, '--version', '5')
    equal(result.status, 1)
    contains(result.err, 'ca.key is needed')


def elf64_in_every_version():
    write('a.elf', plain(is64=True, machine=183))
    kept_keys('k', '--type', 'rsa2048')
    for version in (3, 5, 6, 7, 8):
        equal(pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--keys', 'k', '--version', version, *IDS).status, 0)
        _accepted()


main(collect(globals().copy()))
