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
    contains(result.err, 'missing/keys: No such file or directory')


def two_directories_are_one_too_many():
    equal(pilot('keys', 'new', 'x', 'y').status, 2)


main(collect(globals().copy()))
