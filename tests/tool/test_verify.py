# SPDX-License-Identifier: BSD-2-Clause
"""pilot image verify: what it accepts, what it refuses and why, with both crypto back ends."""
import hashlib
import json
import os
import shutil

from harness import (Image, collect, contains, equal, main, outcome, pilot, read, sha384, sign, verify, write)

ROOT = ['--root', 'keys/root.crt']
DEVICE = [*ROOT, '--soc', '0x601a', '--oem', '1', '--model', '0', '--jtag', '9', '--serial', '5', '--sw-id', '4']
CHECKS = ['chain', 'root', 'signature', 'binding', 'software', 'headers', 'segments']


def _both(*args):
    """The same question to both back ends: they must not differ in a single letter."""
    first, second = verify(*args), verify('--crypto', 'mbedtls', *args)
    equal((first.status, first.out, first.err), (second.status, second.out, second.err), 'back ends')
    return first


def _results(result):
    return {check['name']: check['result'] for check in result.json()['images'][0]['checks']}


def genuine_image_passes_every_check():
    sign()
    result = _both(*DEVICE, 'a.mbn')
    equal((result.status, result.err), (0, ''))
    equal(_results(result), dict.fromkeys(CHECKS, 'ok'))
    image = result.json()['images'][0]
    equal((image['verdict'], image['root_checked']), ('genuine', True))
    equal((image['segments'], image['bytes'], image['segment_errors']), (2, 5120 + 26, []))


def root_hash_does_as_well_as_the_root():
    sign()
    good = sha384(read('keys/root.der')).hex()
    equal(_both('--root-hash', good, 'a.mbn').status, 0)
    equal(_both('--root-hash', good.upper(), 'a.mbn').status, 0)
    equal(_both('--root-hash', '0' * 96, '--root-hash', good, 'a.mbn').status, 0)
    equal(_both('--root-hash', '0' * 96, 'a.mbn').status, 1)


def without_a_root_it_says_so():
    sign()
    result = _both('a.mbn')
    equal(result.status, 0)
    image = result.json()['images'][0]
    equal((image['verdict'], image['root_checked']), ('consistent', False))
    equal(image['root_hash'], sha384(read('keys/root.der')).hex())
    equal({name for name, what in _results(result).items() if what == 'not asked'}, {'root', 'binding', 'software'})
    text = pilot('image', 'verify', 'a.mbn').out
    contains(text, 'the root is not checked against anything')
    contains(text, image['root_hash'])


def foreign_root_is_refused():
    sign()
    equal(pilot('keys', 'new', 'other').status, 0)
    result = _both('--root', 'other/root.crt', 'a.mbn')
    equal(result.status, 1)
    equal(outcome(result, 'root'), ('failed', 'CERT_ROOT'))
    equal(_results(result)['signature'], 'ok', 'the other answers come all the same')
    equal(_both('--root', 'other/root.crt', *ROOT, 'a.mbn').status, 0, 'one of two roots')


def every_wrong_field_is_named():
    sign('a.elf', 'a.mbn', '--serial', '5,6')
    for option, value, reason in (('--soc', '0x6018', 'BIND_SOC'), ('--oem', '2', 'BIND_OEM'),
                                  ('--model', '1', 'BIND_MODEL'), ('--serial', '7', 'BIND_SERIAL')):
        result = _both(*ROOT, option, value, 'a.mbn')
        equal(result.status, 1, option)
        equal(outcome(result, 'binding'), ('failed', reason))
        equal([name for name, what in _results(result).items() if what == 'failed'], ['binding'])
    result = _both(*ROOT, '--sw-id', '5', 'a.mbn')
    equal((result.status, *outcome(result, 'software')), (1, 'failed', 'BIND_SW_ID'))
    equal(_both(*ROOT, '--serial', '6', '--oem', '1', 'a.mbn').status, 0)


def three_things_wrong_are_three_answers():
    sign()
    result = _both('--root', 'keys/ca.crt', '--oem', '2', '--sw-id', '9', 'a.mbn')
    equal(_results(result), {'chain': 'ok', 'root': 'failed', 'signature': 'ok', 'binding': 'failed',
                             'software': 'failed', 'headers': 'ok', 'segments': 'ok'})


def independent_image_runs_anywhere():
    sign(ids=['--soc', '0x6019', '--oem', 'any', '--model', 'any', '--sw-id', '4'])
    equal(_both(*ROOT, '--soc', '0x6019', '--oem', '77', '--model', '88', 'a.mbn').status, 0)


def fuses_ask_for_everything():
    sign()
    new = ['fuses', 'new', '--root', 'keys/root.crt', '--model', '0', '--oem', '1', '-o']
    equal(pilot(*new, 'f.bin', '--soc', '0x6019').status, 0)
    equal(pilot(*new, 'g.bin', '--soc', '0x9999').status, 0)
    result = _both('--fuses', 'f.bin', 'a.mbn')
    equal((result.status, result.json()['images'][0]['verdict']), (0, 'genuine'))
    result = _both('--fuses', 'g.bin', 'a.mbn')
    equal((result.status, *outcome(result, 'binding')), (1, 'failed', 'BIND_SOC'))
    equal(pilot('image', 'verify', '--fuses', 'f.bin', '--oem', '1', 'a.mbn').status, 2, 'both at once')


def flipped_segment_bits_are_noticed():
    image = sign()
    for index, phdr in enumerate(image.phdrs[2:4], 2):
        for where in (0, phdr['filesz'] - 1):
            write('b.mbn', Image(read('a.mbn')).flip(phdr['offset'] + where, 7).data)
            result = _both(*ROOT, 'b.mbn')
            equal((result.status, *outcome(result, 'segments')), (1, 'failed', 'HASH_SEGMENT'))
            equal(result.json()['images'][0]['segment_errors'][0]['a'], index, 'segment')
            equal(_results(result)['signature'], 'ok')


def every_bad_segment_is_listed():
    image = sign()
    for phdr in image.phdrs[2:4]:
        image.flip(phdr['offset'])
    write('b.mbn', image.data)
    errors = _both('b.mbn').json()['images'][0]['segment_errors']
    equal([(error['reason'], error['a']) for error in errors], [('HASH_SEGMENT', 2), ('HASH_SEGMENT', 3)])


def flipped_bits_of_what_is_signed_are_refused():
    image = sign()
    sig, _ = image.signature()
    for offset in range(image.base, image.sig + len(sig), 7):
        write('b.mbn', Image(read('a.mbn')).flip(offset, offset % 8).data)
        result = _both(*ROOT, 'b.mbn')
        # version word and sizes make it unreadable, total and pointers only break the signature
        equal(result.status, 1, f'byte {offset - image.base} of the hash segment')


def flipped_header_byte_is_refused():
    image = sign()
    # e_type, e_machine, e_entry, a p_paddr, a p_flags
    for offset in (16, 18, 24, image.phoff + 2 * 32 + 12, image.phoff + 2 * 32 + 24):
        write('b.mbn', Image(read('a.mbn')).flip(offset).data)
        result = _both(*ROOT, 'b.mbn')
        equal((result.status, *outcome(result, 'headers')), (1, 'failed', 'HASH_HEADERS'), offset)


def flipped_bits_of_the_chain_are_refused():
    image = sign()
    used = sum(map(len, image.chain()[0]))
    for offset in range(image.certs, image.certs + used, 23):
        write('b.mbn', Image(read('a.mbn')).flip(offset).data)
        for crypto in ('openssl', 'mbedtls'):
            # which of chain, root and signature stumbles first may differ: a key can be unreadable or unknown
            result = verify('--crypto', crypto, *ROOT, 'b.mbn')
            equal(result.status, 1, f'{crypto}, byte {offset - image.certs} of the chain')
            failed = {name for name, what in _results(result).items() if what == 'failed'}
            equal(bool(failed) and failed <= {'chain', 'root', 'signature'}, True, failed)


def signature_of_another_key_is_refused():
    equal(pilot('keys', 'new', 'other').status, 0)
    write('b.mbn', sign().resign('other/leaf.key').data)
    result = _both(*ROOT, 'b.mbn')
    equal((result.status, *outcome(result, 'signature')), (1, 'failed', 'SIG_MISMATCH'))


def what_was_genuine_before_does_not_help_the_next():
    """Certificates and signatures are remembered within a run: one flipped bit must make them other ones."""
    image = sign()
    used = sum(map(len, image.chain()[0]))
    flips = [*range(image.base + 48, image.certs, 11), *range(image.certs, image.certs + used, 53)]
    files = [write(f'b{offset}.mbn', Image(read('a.mbn')).flip(offset, offset % 8).data) for offset in flips
             if offset < image.sig or offset < image.sig + len(image.signature()[0]) or offset >= image.certs]
    for crypto in ('openssl', 'mbedtls'):
        result = verify('--crypto', crypto, *ROOT, '--jobs', '1', 'a.mbn', *files, 'a.mbn')
        verdicts = [found['verdict'] for found in result.json()['images']]
        equal(verdicts, ['genuine', *['refused'] * len(files), 'genuine'], crypto)


def image_signed_again_by_openssl_is_genuine():
    write('b.mbn', sign().resign('keys/leaf.key').data)
    equal(_both(*DEVICE, 'b.mbn').status, 0)


def root_index_beyond_the_chain_is_refused():
    image = sign()
    image.put(image.base + 48 + 4 * 28, '<I', 1)
    write('b.mbn', image.resign('keys/leaf.key').data)
    for args in ([], ROOT, DEVICE):
        result = _both(*args, 'b.mbn')
        equal((result.status, *outcome(result, 'root')), (1, 'failed', 'CERT_ROOT_INDEX'), args)


def image_bound_to_nothing_is_refused_by_a_device():
    image = sign()
    image.put(image.base + 48 + 4 * 7, '<I', 8)
    write('b.mbn', image.resign('keys/leaf.key').data)
    result = _both(*ROOT, '--soc', '0x6019', 'b.mbn')
    equal((result.status, *outcome(result, 'binding')), (1, 'failed', 'BIND_NONE'))
    result = _both(*ROOT, 'b.mbn')
    equal((result.status, *outcome(result, 'binding')), (0, 'not asked', None), 'binding not asked')
    equal(_results(result)['headers'], 'ok', 'what comes after it')


def digest_where_none_belongs_is_refused():
    image = sign()
    image.flip(image.table + 48 * 4)
    write('b.mbn', image.resign('keys/leaf.key').data)
    result = _both(*ROOT, 'b.mbn')
    equal((result.status, *outcome(result, 'segments')), (1, 'failed', 'HASH_NOT_ZERO'))


def truncated_image_is_refused():
    image = sign()
    for size in (image.base + 10, image.sig + 1, image.end - 1, len(image.data) - 1):
        write('b.mbn', image.data[:size])
        result = verify('b.mbn')
        equal((result.status, result.json()['images'][0]['verdict']), (1, 'refused'), size)


def what_is_no_image_has_status_2():
    write('empty', b'')
    write('text', b'not an image at all, just text that is long enough to be one')
    for name, verdict in (('empty', 'not an image'), ('text', 'not an image'), ('a.elf', 'not an image'),
                          ('missing', 'unreadable')):
        result = verify(name)
        equal((result.status, result.json()['images'][0]['verdict']), (2, verdict), name)
        contains(result.err, f'pilot: {name}: ')


def directories_are_walked():
    sign()
    os.makedirs('d/e/f')
    os.makedirs('d/empty')
    for name in ('d/b.mbn', 'd/e/a.mbn', 'd/e/f/c.mbn'):
        shutil.copy('a.mbn', name)
    write('d/text', b'no image')
    shutil.copy('a.elf', 'd/plain.elf')
    os.symlink('.', 'd/loop')
    os.symlink('b.mbn', 'd/link.mbn')
    for jobs in ('1', '2', '64'):
        result = verify(*ROOT, '--jobs', jobs, 'd')
        equal([i['file'] for i in result.json()['images']], ['d/b.mbn', 'd/e/a.mbn', 'd/e/f/c.mbn'])
        equal((result.status, result.json()['passed'], result.json()['passed_over']), (0, 3, 1))
    for what in ('tables', 'signatures', 'chains'):
        equal(result.json()[what], {'good': 3, 'all': 3}, what)
    text = pilot('image', 'verify', *ROOT, 'd/').out
    contains(text, '3 files: 3 genuine, 0 refused, 0 not an image\nhash tables 3 of 3, signatures 3 of 3, chains 3 of 3\n')
    result = verify('d/empty')
    equal((result.status, result.json()['images']), (2, []))
    for jobs in ('0', '65', 'x'):
        equal(pilot('image', 'verify', '--jobs', jobs, 'd').status, 2, jobs)


def split_image_is_verified_by_its_mdt():
    image = sign()
    head = image.phdrs[0]['filesz']
    pieces = {index: bytes(image.bytes_of(phdr)) for index, phdr in enumerate(image.phdrs) if phdr['filesz']}
    write('s.mdt', bytes(image.data[:head]) + pieces[1])
    for index, piece in pieces.items():
        write(f's.b{index:02d}', piece)
    result = _both(*ROOT, 's.mdt')
    equal((result.status, result.json()['images'][0]['verdict']), (0, 'genuine'))
    write('s.b02', pieces[2][:-1] + b'~')
    equal(outcome(_both(*ROOT, 's.mdt'), 'segments'), ('failed', 'HASH_SEGMENT'))
    write('s.b02', pieces[2][:-1])
    equal(outcome(_both(*ROOT, 's.mdt'), 'segments'), ('failed', 'SEGMENT_FILE'))
    os.unlink('s.b03')
    errors = _both('s.mdt').json()['images'][0]['segment_errors']
    equal([(error['reason'], error['a']) for error in errors], [('SEGMENT_FILE', 2), ('SEGMENT_FILE', 3)])
    contains(' '.join(pilot('image', 'show', '--json', 's.mdt').json()['images'][0]['warnings']), '.b03')


def unsigned_image_and_placeholder_are_called_so():
    image = sign()
    image.put(image.base + 28, '<I', 0)
    image.put(image.base + 36, '<I', 0)
    write('u.mbn', image.data)
    result = _both('u.mbn')
    equal((result.status, result.json()['images'][0]['verdict']), (1, 'unsigned'))
    equal(_results(result)['segments'], 'ok')
    image = Image(read('a.mbn'))
    image.data[image.base:image.end] = bytes(image.end - image.base)
    write('p.mbn', image.data)
    result = verify('p.mbn')
    equal((result.status, result.json()['images'][0]['verdict']), (1, 'placeholder'))
    contains(pilot('image', 'verify', 'u.mbn', 'p.mbn').out, '0 refused, 1 unsigned, 1 placeholders')


def root_by_sha256_does_for_old_parts():
    sign()
    good = hashlib.sha256(read('keys/root.der')).hexdigest()
    equal(_both('--root-hash', good, 'a.mbn').status, 0)
    equal(outcome(_both('--root-hash', '0' * 64, 'a.mbn'), 'root'), ('failed', 'CERT_ROOT'))
    equal(pilot('image', 'verify', '--root-hash', good[:-1], 'a.mbn').status, 2)


def worst_of_several_files_counts():
    image = sign()
    shutil.copy('a.mbn', 'good.mbn')
    write('bad.mbn', image.flip(image.phdrs[2]['offset']).data)
    for names, status in ((['good.mbn', 'good.mbn'], 0), (['bad.mbn', 'good.mbn'], 1),
                          (['a.elf', 'bad.mbn', 'good.mbn'], 2)):
        result = verify(*ROOT, *names)
        equal(result.status, status, names)
        equal([i['file'] for i in result.json()['images']], names)
    totals = {key: result.json()[key] for key in ('passed', 'refused', 'not_images')}
    equal(totals, {'passed': 1, 'refused': 1, 'not_images': 1})
    contains(pilot('image', 'verify', *ROOT, *names).out, '3 files: 1 genuine, 1 refused, 1 not an image')


def text_says_what_json_says():
    sign()
    text = pilot('image', 'verify', *DEVICE, 'a.mbn')
    equal(text.status, 0)
    contains(text.out, 'a.mbn: genuine\n')
    for name in CHECKS:
        contains(text.out, f'  {name:9}  ok')
    text = pilot('image', 'verify', '--oem', '9', 'a.mbn')
    contains(text.out, 'failed: signed for OEM 0x1; this is 0x9')


def names_that_are_not_utf8_do_not_break_json():
    sign()
    shutil.copy('a.mbn', b'caf\xe9.mbn')
    result = pilot('image', 'verify', '--json', 'caf\udce9.mbn')
    equal((result.status, json.loads(result.out)['images'][0]['file']), (0, 'caf?.mbn'))


main(collect(globals().copy()))
