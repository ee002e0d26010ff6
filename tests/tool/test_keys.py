# SPDX-License-Identifier: BSD-2-Clause
"""pilot keys new: what it makes, as the openssl command sees it."""
import os
import stat

from harness import collect, contains, equal, main, openssl, pilot, read, sha384, write

ROLES = ('leaf', 'ca', 'root')
FILES = [f'keys/{role}.{ending}' for role in ROLES for ending in ('key', 'crt', 'der')]


def _text(role):
    return openssl('x509', '-in', f'keys/{role}.crt', '-noout', '-text').stdout.decode()


def private_keys_are_private():
    for name in FILES:
        equal(stat.S_IMODE(os.stat(name).st_mode) & 0o077 != 0, not name.endswith('.key'), name)
    equal(sorted(os.listdir('keys')), sorted(os.path.basename(name) for name in FILES), 'files')


def umask_is_honoured():
    old = os.umask(0o077)
    try:
        equal(pilot('keys', 'new', 'tight').status, 0)
    finally:
        os.umask(old)
    equal(stat.S_IMODE(os.stat('tight/root.crt').st_mode), 0o600)


def openssl_accepts_the_chain():
    done = openssl('verify', '-x509_strict', '-CAfile', 'keys/root.crt', '-untrusted', 'keys/ca.crt', 'keys/leaf.crt')
    equal(done.returncode, 0, done.stderr)


def ca_may_not_sign_another_ca():
    contains(_text('ca'), 'CA:TRUE, pathlen:0')


def extensions_are_those_of_the_field():
    contains(_text('leaf'), 'CA:FALSE')
    contains(_text('leaf'), 'Digital Signature')
    contains(_text('leaf'), 'Code Signing')
    equal('Certificate Sign' in _text('leaf'), False, 'leaf signs certificates')
    for role in ('ca', 'root'):
        contains(_text(role), 'CA:TRUE')
        contains(_text(role), 'Certificate Sign')
        equal('Digital Signature' in _text(role), False, f'{role} signs images')


def all_is_p384_and_sha384():
    for role in ROLES:
        contains(_text(role), 'Version: 3')
        contains(_text(role), 'ASN1 OID: secp384r1')
        contains(_text(role), 'Signature Algorithm: ecdsa-with-SHA384')


def kinds_of_keys_are_those_that_were_asked():
    for kind, parts in (('ec-p256', ('ASN1 OID: prime256v1', 'ecdsa-with-SHA256')), ('rsa2048', ('(2048 bit)', 'rsassaPss')),
                        ('rsa3072', ('(3072 bit)', 'rsassaPss')), ('rsa4096', ('(4096 bit)', 'rsassaPss'))):
        equal(pilot('keys', 'new', '--force', '--type', kind, 'keys').status, 0)
        for role in ROLES:
            for part in parts:
                contains(_text(role), part)
        openssl_accepts_the_chain()
    equal(pilot('keys', 'new', '--force', '--type', 'rsa2048', '--pkcs1', 'keys').status, 0)
    contains(_text('leaf'), 'sha256WithRSAEncryption')


def several_roots_sign_themselves_and_one_the_ca():
    result = pilot('keys', 'new', '--roots', '4', '--root-index', '3', '--json', 'many')
    equal(result.status, 0)
    hashes = [sha384(read(f'many/{name}.der')).hex() for name in ('root', 'root1', 'root2', 'root3')]
    equal((result.json()['root_hashes'], result.json()['root_hash']), (hashes, hashes[3]))
    for name, status in (('root', 2), ('root3', 0)):
        done = openssl('verify', '-CAfile', f'many/{name}.crt', '-untrusted', 'many/ca.crt', 'many/leaf.crt')
        equal(done.returncode, status, name)


def impossible_wishes_are_usage_errors():
    for args, part in ((['--type', 'dsa'], '--type takes'), (['--roots', '5'], '--roots takes 1 to 4'),
                       (['--roots', '0'], '--roots takes 1 to 4'), (['--root-index', '1'], 'there are only 1 roots'),
                       (['--pkcs1'], '--pkcs1 is for RSA keys')):
        result = pilot('keys', 'new', *args, 'never')
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)
    equal(os.path.exists('never'), False)


def keys_fit_certificates():
    for role in ROLES:
        key = openssl('pkey', '-in', f'keys/{role}.key', '-pubout').stdout
        cert = openssl('x509', '-in', f'keys/{role}.crt', '-noout', '-pubkey').stdout
        equal(key, cert, role)


def der_is_the_same_certificate():
    for role in ROLES:
        equal(openssl('x509', '-in', f'keys/{role}.crt', '-outform', 'DER').stdout, read(f'keys/{role}.der'), role)


def root_hash_is_sha384_of_the_root():
    result = pilot('keys', 'new', '--json', 'other')
    equal(result.status, 0)
    equal(result.json()['root_hash'], sha384(read('other/root.der')).hex())
    equal(result.json()['directory'], 'other')
    equal(sorted(result.json()['files']), sorted(name.replace('keys/', 'other/') for name in FILES))
    equal(all(os.path.exists(name) for name in result.json()['files']), True)
    contains(pilot('keys', 'new', 'third').out, sha384(read('third/root.der')).hex())


def names_go_into_the_certificates():
    equal(pilot('keys', 'new', '--name', 'Example Ltd', 'other').status, 0)
    subject = openssl('x509', '-in', 'other/leaf.crt', '-noout', '-subject').stdout.decode()
    contains(subject, 'Example Ltd leaf')
    equal(pilot('keys', 'new', '--name', 'x' * 50, 'long').status, 0)
    for name in ('', 'x' * 51):
        result = pilot('keys', 'new', '--name', name, 'never')
        equal(result.status, 2, name)
        contains(result.err, '--name takes')
    equal(os.path.exists('never'), False, 'directory')


def keys_are_not_overwritten():
    before = {name: read(name) for name in FILES}
    result = pilot('keys', 'new', 'keys')
    equal((result.status, result.out), (1, ''))
    contains(result.err, '--force')
    equal({name: read(name) for name in FILES}, before, 'files')


def one_key_is_enough_to_refuse():
    os.mkdir('other')
    write('other/ca.key', b'precious')
    equal(pilot('keys', 'new', 'other').status, 1)
    equal(os.listdir('other'), ['ca.key'])


def force_replaces_them():
    before = read('keys/root.der')
    equal(pilot('keys', 'new', '--force', 'keys').status, 0)
    equal(read('keys/root.der') == before, False, 'same root')
    private_keys_are_private()


def a_directory_that_cannot_be_made_is_named():
    result = pilot('keys', 'new', 'missing/keys')
    equal(result.status, 2)
    contains(result.err, 'missing/keys: the directory cannot be made: No such file or directory')


def two_directories_are_one_too_many():
    equal(pilot('keys', 'new', 'x', 'y').status, 2)


main(collect(globals().copy()))
