# SPDX-License-Identifier: BSD-2-Clause
"""pilot image sign on images that are signed already, on directories, with a command, with a profile."""
import os
import shutil

from harness import (CODE, SIGN, Image, collect, contains, equal, main, openssl, pilot, plain, read, sha384, sign, verify,
                     write)

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/examples/sign-with-openssl')


def _keys(name='own', *args):
    equal(pilot('keys', 'new', '--name', 'Own', *args, name).status, 0)
    return name


def _again(*more, source='a.mbn', output='b.mbn', keys='own', status=0):
    result = pilot('image', 'sign', source, '-o', output, '--keys', keys, *more)
    equal(result.status, status, f'{more}: {result.err}')
    return Image(read(output)) if not status else result


def only_signature_and_chain_change():
    old = sign('a.elf', 'a.mbn', '--serial', '5', '--anti-rollback', '9')
    _keys()
    new = _again()
    equal(len(new.data), len(old.data))
    equal(new.data[:old.sig], old.data[:old.sig], 'headers, metadata and table')
    equal(new.data[old.end:], old.data[old.end:], 'segments')
    equal(new.chain()[0], [read(f'own/{role}.der') for role in ('leaf', 'ca', 'root')])
    equal(verify('--root', 'own/root.crt', 'b.mbn').status, 0)
    equal(verify('--root', 'keys/root.crt', 'b.mbn').status, 1)
    equal(pilot('image', 'diff', '--ignore-signing', 'a.mbn', 'b.mbn').status, 0)


def options_change_what_they_name_and_nothing_else():
    old = sign('a.elf', 'a.mbn', '--serial', '5', '--anti-rollback', '9')
    _keys()
    words = list(old.metadata)
    new = _again('--oem', '0x51')
    words[4] = 0x51
    equal(list(new.metadata), words)
    new = _again('--soc', 'any', '--serial', 'any', '--sw-id', '0x17', '--anti-rollback', '1')
    equal(new.metadata, (0, 0, 0x17, 0, 1, 0, 0, 0, *[0] * 12, *[0] * 8, 0, 1))


def a_table_that_is_wrong_gets_no_signature():
    image = sign()
    write('a.mbn', image.flip(image.phdrs[2]['offset']).data)
    _keys()
    contains(_again(status=1).err, 'segment 2: digest of 5120 bytes differs')
    equal(os.path.exists('b.mbn'), False)


def longer_certificates_go_where_there_is_room():
    old = sign()
    _keys('own', '--type', 'rsa4096')
    new = _again()
    equal(new.hash['offset'] >= len(old.data) and new.hash['offset'] % 4096 == 0, True, 'at the end of the file')
    equal(new.data[old.base:old.end], bytes(old.end - old.base), 'where it was')
    equal([new.bytes_of(p) for p in new.phdrs[2:]], [old.bytes_of(p) for p in old.phdrs[2:]], 'segments')
    equal([p['offset'] for p in new.phdrs[2:]], [p['offset'] for p in old.phdrs[2:]], 'places')
    equal(verify('--root', 'own/root.crt', 'b.mbn').status, 0)
    shutil.copy('b.mbn', 'a.mbn')
    equal(len(_again(keys='keys').data), len(new.data), 'shorter ones stay there')


def any_version_becomes_any_other():
    _keys('own', '--type', 'rsa2048')
    ids = ['--soc', '0x6019', '--oem', '1', '--model', '2', '--sw-id', '4', '--anti-rollback', '3']
    for old in ('3', '5', '6', '7', '8'):
        equal(pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--keys', 'own', '--version', old, *ids).status, 0)
        for new in ('3', '5', '6', '7', '8'):
            equal(pilot('image', 'sign', 'a.mbn', '-o', 'b.mbn', '--keys', 'own', '--version', new).status, 0)
            result = verify('--root', 'own/root.crt', '--soc', '0x6019', '--oem', '1', '--model', '2', '--sw-id', '4',
                            'b.mbn')
            equal(result.status, 0, f'{old} to {new}: {result.out}')
            shown = pilot('image', 'show', '--json', 'b.mbn').json()['images'][0]
            equal(shown['version'], int(new))
            if int(new) < 6:
                contains(shown['chain'][0]['subject'], '01 0000000300000004 SW_ID')
            else:
                equal(shown['binding']['anti_rollback'], 3, f'{old} to {new}')


def digests_can_be_made_anew():
    sign()
    _keys()
    _again('--hash', 'sha256')
    equal(pilot('image', 'show', '--json', 'b.mbn').json()['images'][0]['hash_algorithm'], 'SHA-256')
    equal(verify('--root', 'own/root.crt', 'b.mbn').status, 0)


def options_for_plain_files_are_refused():
    sign()
    for option in ('--elf32', '--fixed'):
        result = pilot('image', 'sign', 'a.mbn', '-o', 'b.mbn', '--keys', 'keys', option)
        equal(result.status, 2)
        contains(result.err, 'are for plain ELF files')


def a_directory_is_signed_with_a_summary():
    os.makedirs('tree/sub')
    sign('a.elf', 'tree/one.mbn')
    sign('a.elf', 'tree/sub/two.mbn')
    bad = sign('a.elf', 'tree/bad.mbn')
    write('tree/bad.mbn', bad.flip(bad.phdrs[2]['offset']).data)
    write('tree/readme', b'text')
    shutil.copy('a.elf', 'tree/plain.elf')
    os.symlink('one.mbn', 'tree/link.mbn')
    equal(pilot('image', 'split', 'tree/one.mbn', '-o', 'tree/sub').status, 0)
    _keys()
    result = pilot('image', 'sign', '--recursive', 'tree/', '-o', 'out', '--keys', 'own', '--json')
    equal(result.status, 1, result.err)
    summary = result.json()
    equal({key: summary[key] for key in ('signed', 'refused', 'failed', 'skipped')},
          {'signed': 3, 'refused': 1, 'failed': 0, 'skipped': 2})
    found = [os.path.join(where, name) for where, _, names in os.walk('out') for name in names]
    equal(sorted(found), ['out/one.mbn', *(f'out/sub/one.{piece}' for piece in ('b00', 'b01', 'b02', 'b03', 'mdt')),
                          'out/sub/two.mbn'])
    equal(verify('--root', 'own/root.crt', 'out/one.mbn', 'out/sub/one.mdt', 'out/sub/two.mbn').status, 0)


def _set(where='.', name='a'):
    return {file: read(os.path.join(where, file)) for file in sorted(os.listdir(where))
            if file.startswith(f'{name}.') and file[-3:] not in ('mbn', 'elf')}


def an_image_in_pieces_is_signed_in_place():
    write('a.mbn', bytes(sign().data) + b'behind the last segment')
    equal(pilot('image', 'split', 'a.mbn').status, 0)
    before = _set()
    equal(list(before), ['a.b00', 'a.b01', 'a.b02', 'a.b03', 'a.mdt', 'a.rest'])
    _keys()
    result = pilot('image', 'sign', 'a.mdt', '-o', 'a.mdt', '--keys', 'own', '--oem', '0x51')
    equal(result.status, 0, result.err)
    after = _set()
    equal(list(after), list(before))
    equal([name for name in before if before[name] != after[name]], ['a.b01', 'a.mdt'], 'hash segment and .mdt')
    equal(verify('--root', 'own/root.crt', '--oem', '0x51', '--soc', '0x6019', '--model', '0', 'a.mdt').status, 0)
    equal(pilot('image', 'join', 'a.mdt', '-o', 'b.mbn').status, 0)
    equal(read('b.mbn')[-23:], b'behind the last segment')
    equal(pilot('image', 'diff', '--ignore-signing', 'a.mbn', 'b.mbn').status, 0)


def longer_certificates_of_pieces_change_the_headers_too():
    sign()
    equal(pilot('image', 'split', 'a.mbn').status, 0)
    before = _set()
    _keys('own', '--type', 'rsa4096')
    os.mkdir('out')
    equal(pilot('image', 'sign', 'a.mdt', '-o', 'out/b.mdt', '--keys', 'own').status, 0)
    equal(_set(), before, 'the input')
    after = _set('out', 'b')
    equal(list(after), ['b.b00', 'b.b01', 'b.b02', 'b.b03', 'b.mdt'])
    equal((after['b.mdt'], after['b.b02'], after['b.b03']), (after['b.b00'] + after['b.b01'], CODE, before['a.b03']))
    equal(verify('--root', 'own/root.crt', 'out/b.mdt').status, 0)
    equal(pilot('image', 'sign', 'a.mdt', '-o', 'one.mbn', '--keys', 'own').status, 0)
    equal(verify('--root', 'own/root.crt', 'one.mbn').status, 0, 'one file')


def pieces_that_do_not_fit_are_not_signed_and_stay_as_they_are():
    _keys()
    for spoil, part in ((lambda: os.unlink('a.b02'), 'a.b02: No such file'),
                        (lambda: write('a.b02', b'\1' + CODE[1:]), 'a.mdt: segment 2: digest of 5120 bytes differs'),
                        (lambda: write('a.b02', CODE + b'x'), 'program header 2 asks for 5120'),
                        (lambda: write('a.b07', b'x'), 'a.b07 is there, but no program header'),
                        (lambda: write('a.b01', read('a.b01')[:-1] + b'x'), 'differ in what they say')):
        sign()
        equal(pilot('image', 'split', 'a.mbn', '--force').status, 0)
        spoil()
        before = _set()
        for output in ('a.mdt', 'new.mdt', 'new.mbn'):
            result = pilot('image', 'sign', 'a.mdt', '-o', output, '--keys', 'own')
            equal(result.status in (1, 2), True, part)
            contains(result.err, part)
        equal(_set(), before, part)
        equal([name for name in os.listdir('.') if name.startswith('new') or 'mdt.' in name], [], 'left over')


def a_directory_can_be_its_own_output():
    os.mkdir('tree')
    sign('a.elf', 'tree/one.mbn')
    _keys()
    result = pilot('image', 'sign', '--recursive', 'tree', '-o', 'tree', '--keys', 'own')
    equal((result.status, result.out.splitlines()[-1]), (0, '1 signed, 0 refused, 0 failed, 0 other files left out'))
    equal(verify('--root', 'own/root.crt', 'tree/one.mbn').status, 0)
    equal(os.listdir('tree'), ['one.mbn'])


def a_command_signs_with_every_scheme():
    for kind, version in (('ec-p384', 6), ('ec-p256', 6), ('rsa2048', 7), ('rsa2048', 3), ('pkcs1', 3)):
        shutil.rmtree('own', ignore_errors=True)
        _keys('own', '--type', kind) if kind != 'pkcs1' else _keys('own', '--type', 'rsa2048', '--pkcs1')
        os.rename('own/leaf.key', 'token.key')
        result = pilot('image', 'sign', 'a.elf', '-o', 'a.mbn', '--keys', 'own', *SIGN, '--version', version,
                       '--sign-with', f'{EXAMPLE} token.key')
        equal(result.status, 0, f'{kind} v{version}: {result.err}')
        equal(verify('--root', 'own/root.crt', 'a.mbn').status, 0, f'{kind} v{version}')


def a_command_gets_the_digest():
    script = 'cat >digest; printf %s "$PILOT_SIGN_DIGEST" >hex; printf %s "$PILOT_SIGN_SCHEME" >scheme; ' \
             f'{EXAMPLE} keys/leaf.key <digest'
    image = sign('a.elf', 'a.mbn', '--sign-with', script)
    equal(read('digest'), sha384(image.signed()))
    equal(read('hex'), sha384(image.signed()).hex().encode())
    equal(read('scheme'), b'ecdsa-sha384')


def a_command_that_fails_is_an_error():
    for script, status, part in (('exit 3', 2, 'ended with status 3'), ('kill -9 $$', 2, 'was ended by signal 9'),
                                 ('true', 1, 'returned 0 bytes'), ('head -c 600 /dev/zero', 1, 'returned 600 bytes'),
                                 ('echo nonsense', 1, 'does not fit the key of leaf.crt'),
                                 ('no-such-command', 2, 'ended with status 127')):
        result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', 'keys', *SIGN, '--sign-with', script)
        equal((result.status, result.out), (status, ''), script)
        contains(result.err, part)
        equal(os.path.exists('x.mbn'), False)


PROFILE = b"""# how the product is signed
keys = "keys"
soc = [0x6019, 0x60_1a]   # two
oem = 'any'
model = "any"
sw_id = 4

version = 7
"""


def a_profile_brings_options():
    write('p.toml', PROFILE)
    result = pilot('image', 'sign', '--profile', 'p.toml', 'a.elf', '-o', 'a.mbn', '--anti-rollback', '2')
    equal(result.status, 0, result.err)
    shown = pilot('image', 'show', '--json', 'a.mbn').json()['images'][0]
    equal((shown['version'], shown['binding']['soc'], shown['binding']['oem'], shown['binding']['anti_rollback']),
          (7, ['0x6019', '0x601a'], None, 2))


def the_command_line_wins_over_the_profile():
    write('p.toml', PROFILE + b'fixed = true\njson = false\n')
    result = pilot('image', 'sign', '--version', '6', '--oem', '3', 'a.elf', '--profile', 'p.toml', '-o', 'a.mbn')
    equal(result.status, 0, result.err)
    image = Image(read('a.mbn'))
    equal((image.words[1], image.metadata[4], image.phdrs[2]['flags']), (6, 3, 5))


def bad_profiles_are_refused_with_their_line():
    for text, part in ((b'\nnonsense = 1\n', "there is no key 'nonsense'"), (b'keys "x"\n', "line 1: '=' expected"),
                       (b'soc = [1, 2\n', "line 1: ',' or ']' expected"), (b'keys = "x\n', 'line 1: string without end'),
                       (b'keys = "a\\n"\n', 'line 1: escapes'), (b'oem = 1\noem = 2\n', 'line 2: key is there already'),
                       (b'oem = 1 2\n', 'line 1: something behind the value'), (b'oem = -1\n', 'line 1: value is'),
                       (b'[sign]\n', 'line 1: key expected'), (b'\n\nsoc = 0\n', 'line 3: soc is not taken'),
                       (b'elf32 = 7\n', '--elf32 takes true or false'), (b'profile = "x"\n', "there is no key 'profile'"),
                       (b'a = ' + b'"x"' * 9, 'something behind'), (b'k' * 40 + b' = 1\n', 'key too long'),
                       # what the line before has left behind makes no boolean of part of a word
                       (b'fixed = true\nelf32 = t\n', 'line 2: value is neither'),
                       (b'keys = trueness\n', 'line 1: value is neither'), (b'json = tr_ue\n', 'line 1: value is neither'),
                       (b'keys = "' + b'x' * 2000 + b'"\n', 'value too long'), (b'\0', 'zero bytes')):
        write('p.toml', text)
        result = pilot('image', 'sign', '--profile', 'p.toml', 'a.elf', '-o', 'x.mbn')
        equal((result.status, result.out), (2, ''), text)
        contains(result.err, part)
    equal(pilot('image', 'sign', '--profile', 'missing', 'a.elf', '-o', 'x.mbn').status, 2)


main(collect(globals().copy()))
