# SPDX-License-Identifier: BSD-2-Clause
"""Help, usage errors, exit statuses, colours."""
import os
import pty
import re
import select
import signal
import subprocess

from harness import TOOL, SIGN, collect, commands, contains, equal, main, openssl, pilot, sign, write


def every_command_explains_itself():
    for words in commands():
        result = pilot(*words, '--help')
        equal((result.status, result.err), (0, ''), f'{words} --help')
        for part in (f'usage: pilot {" ".join(words)}', 'options:', 'example', 'exit status:'):
            contains(result.out, part)
        equal(pilot(*words, '-h').out, result.out, '-h')
        equal('--json' in result.out, words[0] != 'completion', f'{words}: --json')


def groups_list_their_commands():
    for group in {words[0] for words in commands() if len(words) == 2}:
        result = pilot(group, '--help')
        equal(result.status, 0)
        for words in commands():
            listed = re.search(rf'^  pilot {" ".join(words)} ', result.out, re.M) is not None
            equal(listed, words[0] == group, f'{group}: {words}')


def top_lists_all_commands():
    for word in ('--help', '-h', 'help'):
        result = pilot(word)
        equal(result.status, 0)
        listed = re.findall(r'^  pilot ([a-z]+(?: [a-z]+)?) +[a-z]', result.out, re.M)
        equal(listed, [' '.join(words) for words in commands()])


def version_is_said():
    result = pilot('--version')
    equal(result.status, 0)
    equal(result.out.split()[0], 'pilot')


def nothing_to_do_is_a_usage_error():
    for args in ([], ['image'], ['keys'], ['fuses'], ['nonsense'], ['image', 'nonsense'], ['--nonsense']):
        result = pilot(*args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, 'usage: pilot')


def missing_arguments_are_named():
    for args, part in ((['image', 'show'], 'FILE is missing'), (['image', 'verify'], 'FILE is missing'),
                       (['keys', 'new'], 'DIR is missing'), (['fuses', 'show'], 'FILE is missing'),
                       (['fuses', 'new'], '-o FILE is missing'),
                       (['fuses', 'new', '-o', 'f', '--root', 'keys/root.crt'], '--soc N is missing')):
        result = pilot(*args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)
        contains(result.err, '--help')


def new_commands_name_what_is_missing():
    for args, part in ((['image', 'split'], 'FILE is missing'), (['image', 'join'], 'NAME.mdt is missing'),
                       (['image', 'join', 'a.mdt'], '-o FILE is missing'), (['image', 'plan'], 'FILE is missing'),
                       (['image', 'plan', 'a.elf'], '--carveout ADDR,SIZE is missing'),
                       (['image', 'diff', 'a.elf'], 'takes two files'), (['image', 'metadata'], 'FILE is missing'),
                       (['image', 'metadata', 'a.elf'], '-o MD is missing'),
                       (['image', 'split', 'a', 'b'], 'one FILE at a time'), (['completion'], 'which command?')):
        result = pilot(*args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)


def sign_names_each_missing_option():
    given = ['a.elf', '-o', 'x.mbn', '--keys', 'keys', *SIGN]
    for option, value in (('-o', 'x.mbn'), ('--keys', 'keys'), *zip(SIGN[::2], SIGN[1::2])):
        args = list(given)
        where = args.index(option)
        equal(args[where + 1], value)
        del args[where:where + 2]
        result = pilot('image', 'sign', *args)
        equal(result.status, 2, option)
        contains(result.err, f'{option} ')
        contains(result.err, 'is missing')
    equal(os.path.exists('x.mbn'), False, 'output')


def bad_numbers_are_refused():
    for option, value in (('--soc', 'x'), ('--soc', '0'), ('--soc', '1,,2'), ('--soc', '1,'), ('--soc', ''),
                          ('--soc', ','.join('1' * 13)), ('--oem', '-1'), ('--oem', '0x100000000'), ('--oem', ' 1'),
                          ('--model', '1x'), ('--sw-id', 'any'), ('--anti-rollback', '99999999999999999999999'),
                          ('--serial', '0'), ('--serial', '1,0'), ('--serial', '0x100000000')):
        result = pilot('image', 'sign', 'a.elf', '-o', 'x.mbn', '--keys', 'keys', *SIGN, option, value)
        equal(result.status, 2, f'{option} {value}')
        contains(result.err, f'{option} takes')
    equal(os.path.exists('x.mbn'), False, 'output')


def verify_refuses_bad_options():
    sign()
    for args in (['--root-hash', 'ab'], ['--root-hash', 'g' * 96], ['--crypto', 'none'], ['--soc', 'q'],
                 ['--serial', '-'], ['--nonsense'], ['--root', 'a.elf'], ['--root', 'missing'], ['--fuses', 'a.elf'],
                 ['--fuses', 'missing'], ['--root-hash', '0' * 96] * 5):
        result = pilot('image', 'verify', *args, 'a.mbn')
        equal((result.status, result.out), (2, ''), args)


def colours_only_on_a_terminal():
    sign()
    equal('\033' in pilot('image', 'verify', 'a.mbn', env={'TERM': 'xterm'}).out, False, 'pipe')
    equal('\033' in _on_terminal({'TERM': 'xterm', 'NO_COLOR': ''}), True, 'terminal')
    equal('\033' in _on_terminal({'TERM': 'xterm', 'NO_COLOR': '1'}), False, 'NO_COLOR')
    equal('\033' in _on_terminal({'TERM': 'dumb', 'NO_COLOR': ''}), False, 'dumb terminal')


def _on_terminal(env):
    ours, theirs = pty.openpty()
    done = subprocess.run([TOOL, 'image', 'verify', 'a.mbn'], stdout=theirs, env=dict(os.environ, **env), timeout=60,
                          check=False)
    os.close(theirs)
    text = b''
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            break
        if not part:
            break
        text += part
    os.close(ours)
    equal(done.returncode, 0, 'status')
    contains(text.decode(), 'segments')
    return text.decode()


def nothing_is_asked_about_a_certificate_that_calls_itself_encrypted():
    sign()
    key = openssl('genrsa', '-traditional', '-aes128', '-passout', 'pass:long', '2048').stdout
    contains(key, b'ENCRYPTED')
    write('asks.crt', key.replace(b'RSA PRIVATE KEY', b'CERTIFICATE'))
    child, terminal = pty.fork()
    if not child:
        os.execv(TOOL, [TOOL, 'image', 'verify', '--root', 'asks.crt', 'a.mbn'])
    text = _until_closed(terminal, child)
    os.close(terminal)
    equal(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 2, text)
    contains(text, 'asks.crt: no X.509 certificate')


def _until_closed(terminal, child):
    """What a program says on its terminal; it is ended when it says nothing for a minute."""
    text = b''
    while True:
        if not select.select([terminal], [], [], 60)[0]:
            os.kill(child, signal.SIGKILL)
            return text.decode()
        try:
            part = os.read(terminal, 65536)
        except OSError:
            return text.decode()
        if not part:
            return text.decode()
        text += part


def a_full_disk_is_no_success():
    sign()
    for args in (['--help'], ['image', 'show', 'a.mbn'], ['image', 'verify', '--json', 'a.mbn']):
        with open('/dev/full', 'w') as full:
            done = subprocess.run([TOOL, *args], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        equal(done.returncode, 2, args)
        contains(done.stderr.decode(), 'cannot write')


main(collect(globals().copy()))
