# SPDX-License-Identifier: BSD-2-Clause
"""What all commands have in common, asked of each: what they say without arguments, of files that cannot be read or
written, on narrow terminals, in colour, in manual pages, to shells."""
import glob
import os
import pty
import re
import select
import shutil
import subprocess

from harness import TOOL, TOP, Skip, collect, commands, contains, equal, main, pilot, sign, write

MAN = os.path.join(TOP, 'docs/man')
NOBODY = 65534
# what a command needs beside the file that a test is about; of commands that are not here it is FILE alone
NEEDS = {
    ('image', 'sign'): ['-o', 'x', '--keys', 'keys', '--soc', '1', '--oem', '1', '--model', '1', '--sw-id', '1'],
    ('image', 'plan'): ['--carveout', '0x1000,0x1000'],
    ('image', 'diff'): ['a.elf'],
}
TAKE_NO_FILE = {('keys', 'new'), ('fuses', 'new'), ('completion', 'bash'), ('completion', 'zsh')}
# commands that do something without arguments
BARE = {('completion', 'bash'), ('completion', 'zsh'), ('explain',)}


# commands that take a directory
DIRECTORIES = {('report',)}


def _readers():
    return [words for words in commands() if words not in TAKE_NO_FILE]


def _run(words, path, **options):
    """The command with this file; commands that must be told where to write are."""
    usage = pilot(*words, '--help').out.split('\n\n')[0]
    writes = ['-o', 'x'] if re.search(r'(?<!\[)-o [A-Z]', usage) else []
    return pilot(*words, path, *NEEDS.get(words, writes), **options)


def all_commands_are_found():
    equal(len(commands()) > 12, True, commands())
    for words in NEEDS.keys() | TAKE_NO_FILE:
        equal(words in commands(), True, words)


def without_arguments_each_says_what_it_needs():
    for words in commands():
        if words in BARE:
            continue
        result = pilot(*words)
        equal((result.status, result.out), (2, ''), words)
        first, rest = result.err.split('\n', 1)
        if not re.search(r'is missing|takes two files', first):
            raise AssertionError(f'{words}: {first!r} names nothing that is missing')
        contains(rest, f'usage: pilot {" ".join(words)} ')
        contains(result.err, f"'pilot {' '.join(words)} --help'")


def an_unknown_option_is_named():
    for words in commands():
        result = pilot(*words, '--no-such-option')
        equal((result.status, result.out), (2, ''), words)
        contains(result.err, '--no-such-option')
        contains(result.err, 'usage: pilot')


def _names_the_file(words, result, path, reason):
    equal(result.status, 2, f'{words} {path}: {result.err}')
    contains(result.err, path)
    if not re.search(reason, result.err):
        raise AssertionError(f'{words}: {result.err!r} does not say {reason!r}')
    equal(re.search(r'errno|error -?\d+\b|Unknown error', result.err), None, f'{words}: {result.err}')


def a_file_that_is_not_there_is_named():
    for words in _readers():
        name = 'gone.mdt' if words == ('image', 'join') else 'gone.bin'
        _names_the_file(words, _run(words, name), name, 'No such file or directory')


def a_directory_in_place_of_a_file_is_named():
    os.mkdir('folder.mdt')
    for words in _readers():
        if words != ('image', 'verify') and words not in DIRECTORIES:  # verify looks for images in it
            _names_the_file(words, _run(words, 'folder.mdt'), 'folder.mdt', 'not a regular file|directory')


def a_file_that_may_not_be_read_is_named():
    write('secret.mdt', b'x')
    os.chmod('secret.mdt', 0)
    os.chmod('.', 0o777)
    drop = {}
    if os.geteuid() == 0:
        drop = {'preexec_fn': lambda: os.setuid(NOBODY)}
        if subprocess.run(['test', '-x', TOOL], check=False, **drop).returncode:
            raise Skip('only root reaches the tool here, and root may read everything')
    os.mkdir('secret.d')
    os.chmod('secret.d', 0)
    for words in _readers():
        path = 'secret.d' if words in DIRECTORIES else 'secret.mdt'
        # the sanitizer's leak check needs rights that a user without any does not have
        result = _run(words, path, env={'ASAN_OPTIONS': 'detect_leaks=0'}, **drop)
        _names_the_file(words, result, path, 'Permission denied')


def _everything_on_stdout():
    """One command line with a page of output for every command that prints something."""
    sign()
    pilot('fuses', 'new', '-o', 'fuses.bin', '--root', 'keys/root.crt', '--soc', '1', '--oem', '1', '--model', '1')
    lines = [['--help'], ['image', '--help'], ['image', 'show', 'a.mbn'], ['image', 'show', '--json', 'a.mbn'],
             ['image', 'verify', 'a.mbn'], ['image', 'verify', '--json', 'a.mbn'], ['fuses', 'show', 'fuses.bin'],
             ['image', 'plan', 'a.mbn', '--carveout', '0x95c00000,0x100000']]
    return lines + [[*words, '--help'] for words in commands()]


def a_full_disk_is_no_success():
    for args in _everything_on_stdout():
        with open('/dev/full', 'w', encoding='ascii') as full:
            done = subprocess.run([TOOL, *args], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        equal(done.returncode, 2, args)
        contains(done.stderr.decode(), 'cannot write')
        contains(done.stderr.decode(), 'No space left on device')


def a_reader_that_went_away_is_no_success():
    for args in _everything_on_stdout():
        for ignored in (False, True):
            ours, theirs = os.pipe()
            os.close(ours)
            done = subprocess.run([TOOL, *args], stdout=theirs, stderr=subprocess.PIPE, timeout=60, check=False,
                                  restore_signals=not ignored)
            os.close(theirs)
            if ignored:
                equal(done.returncode, 2, args)
                contains(done.stderr.decode(), 'Broken pipe')
            else:
                equal((done.returncode, done.stderr), (-13, b''), args)


def closed_standard_files_are_not_written_into_others():
    """The first file that a program opens gets the number of the one that its caller closed."""
    sign()
    before = open('a.mbn', 'rb').read()
    for script in ('"$0" image show a.mbn >&-', '"$0" image show a.mbn <&- >&-', '"$0" image show gone 2>&- >&-',
                   f'"$0" image sign a.elf -o b.mbn --keys keys --soc 1 --oem 1 --model 1 --sw-id 4 <&- >&- 2>&-'):
        done = subprocess.run(['sh', '-c', script, TOOL], stderr=subprocess.PIPE, timeout=60, check=False)
        equal(done.returncode, 2, f'{script}: {done.stderr}')
    equal(open('a.mbn', 'rb').read(), before)
    equal(pilot('image', 'verify', 'b.mbn').status, 0, 'what was written with closed files')


def help_fits_any_width():
    for width in (40, 80, 120):
        for words in [(), *{(words[0],) for words in commands()}, *commands()]:
            text = pilot(*words, '--help', env={'COLUMNS': str(width)}).out
            # not examples and tables, which begin with blanks and no dash, and not what is one word
            wide = [line for line in text.splitlines() if len(line) > width and not re.match(r' +[^- ]|\S+$', line)]
            equal(wide, [], f'{words} at {width}')


def help_says_the_same_in_every_width():
    for words in commands():
        texts = {re.sub(r'\s+', ' ', pilot(*words, '--help', env={'COLUMNS': str(width)}).out)
                 for width in (40, 80, 120)}
        equal(len(texts), 1, words)


def _on_terminal(args, env):
    ours, theirs = pty.openpty()
    surroundings = {key: value for key, value in os.environ.items() if key not in ('NO_COLOR', 'TERM', 'COLUMNS')}
    with subprocess.Popen([TOOL, *args], stdout=theirs, stderr=theirs, env={**surroundings, **env}) as child:
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
        child.wait(60)
    return text.decode()


def colours_only_where_they_are_wanted():
    sign()
    pilot('fuses', 'new', '-o', 'fuses.bin', '--root', 'keys/root.crt', '--soc', '1', '--oem', '1', '--model', '1')
    for args in (['image', 'show', 'a.mbn'], ['image', 'verify', 'a.mbn'], ['fuses', 'show', 'fuses.bin'],
                 ['image', 'plan', 'a.mbn', '--carveout', '0x95c00000,0x100000'], ['image', 'diff', 'a.elf', 'a.mbn']):
        for env, wanted in (({'TERM': 'xterm'}, True), ({'TERM': 'xterm', 'NO_COLOR': ''}, True),
                            ({'TERM': 'xterm', 'NO_COLOR': '1'}, False), ({'TERM': 'dumb'}, False), ({}, False)):
            equal('\033' in _on_terminal(args, env), wanted or args[1] == 'diff' and wanted, f'{args} {env}')
        equal('\033' in pilot(*args, env={'TERM': 'xterm'}).out, False, f'{args} into a pipe')


def json_has_no_colours_on_a_terminal():
    sign()
    equal('\033' in _on_terminal(['image', 'verify', '--json', 'a.mbn'], {'TERM': 'xterm'}), False)


def _page(words):
    """The manual page of a command: its own, where it has one, or its group's."""
    own = os.path.join(MAN, f'pilot-{"-".join(words)}.1')
    with open(own if os.path.exists(own) else os.path.join(MAN, f'pilot-{words[0]}.1'), encoding='ascii') as file:
        return file.read()


def man_pages_name_every_command_and_option():
    with open(os.path.join(MAN, 'pilot.1'), encoding='ascii') as file:
        top = file.read()
    for words in commands():
        contains(top, ' '.join(words))
        page = _page(words)
        contains(page, f'.Nm pilot {" ".join(words)}')
        for option in set(re.findall(r'--([a-z][a-z0-9-]*)', pilot(*words, '--help').out)) - {'help'}:
            if not re.search(rf'-{option}\b', page.replace('\\-', '-')):
                raise AssertionError(f'the page of {words} does not name --{option}')


def man_pages_say_exit_statuses_and_examples():
    for path in glob.glob(os.path.join(MAN, '*.1')):
        with open(path, encoding='ascii') as file:
            page = file.read()
        for part in ('.Sh NAME', '.Sh SYNOPSIS', '.Sh EXIT STATUS', '.Sh SEE ALSO'):
            contains(page, part)


def man_pages_are_installed_and_clean():
    with open(os.path.join(TOP, 'tools/pilot/meson.build'), encoding='ascii') as file:
        build = file.read()
    pages = sorted(glob.glob(os.path.join(MAN, '*.[1-9]')))
    for path in pages:
        contains(build, f'docs/man/{os.path.basename(path)}')
    if not shutil.which('mandoc'):
        raise Skip('no mandoc here: the pages were not checked')
    for path in pages:
        done = subprocess.run(['mandoc', '-Tlint', '-Wwarning', path], stdout=subprocess.PIPE, timeout=60, check=False)
        # "pilot 1" in "pilot image 1" is another page: mandoc knows names of one word only
        wrong = [line for line in done.stdout.decode().splitlines() if 'cross reference to self: Xr pilot 1' not in line]
        equal(wrong, [], path)


COMPLETE = '''
. <("$TOOL" completion bash)
COMP_WORDS=(pilot "$@")
COMP_CWORD=$#
_pilot
printf '%s\\n' "${COMPREPLY[@]}"
'''


def _complete(*words):
    done = subprocess.run(['bash', '-c', COMPLETE, 'bash', *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=dict(os.environ, TOOL=TOOL), timeout=60, check=True)
    equal(done.stderr, b'', words)
    return set(done.stdout.decode().split())


def bash_completes_every_command_and_option():
    equal(_complete(''), {words[0] for words in commands()} | {'--help', '--version'}, 'first word')
    for words in commands():
        if len(words) == 2:
            equal(words[1] in _complete(words[0], ''), True, f'second word of {words}')
            equal('--help' in _complete(words[0], ''), True, f'second word of {words}')
        wanted = set(re.findall(r'^ +(?:-\w, )?(--[a-z0-9-]+)', pilot(*words, '--help').out, re.M))
        equal(_complete(*words, '-'), wanted, words)
        equal(_complete(*words, '--hel'), {'--help'}, words)


def bash_completes_files_of_every_command():
    for words in _readers():
        equal('a.elf' in _complete(*words, 'a.e'), True, words)
        equal('a.elf' in _complete(*words, 'keys', 'a.e'), True, words)


def _zsh_completes(setup, line):
    """What zsh makes of @line and a tabulator at its prompt, up to where it has no more to say for a while."""
    child, terminal = pty.fork()
    if not child:
        os.execvpe('zsh', ['zsh', '-f', '-i'], dict(os.environ, TERM='dumb', PS1='', COLUMNS='200'))
    for text in (setup, "print be''gin\n"):
        os.write(terminal, text.encode())
    _read_until(terminal, 'begin')
    os.write(terminal, f'{line}\t'.encode())
    # a line of its own behind it: when that is answered, completion is done
    os.write(terminal, b'\001print en\'\'ded; : \n')
    text = _read_until(terminal, 'ended')
    os.write(terminal, b'\004exit\n')
    os.close(terminal)
    os.waitpid(child, 0)
    return text


def _read_until(terminal, mark):
    """What comes from a terminal up to @mark; what has come after a minute without it."""
    text = ''
    while mark not in text and select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            break
        text += part.decode(errors='replace')
    return text


def zsh_completes_words_options_and_files():
    if not shutil.which('zsh'):
        raise Skip('no zsh here')
    os.mkdir('functions')
    write('functions/_pilot', pilot('completion', 'zsh').out.encode())
    done = subprocess.run(['zsh', '-n', 'functions/_pilot'], stderr=subprocess.PIPE, timeout=60, check=False)
    equal((done.returncode, done.stderr), (0, b''), 'syntax')
    setup = 'unsetopt zle_bracketed_paste; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D\n'
    lines = [('pilot imag', 'pilot image '), ('pilot image verif', 'pilot image verify '),
             ('pilot image verify --root-', 'pilot image verify --root-hash'),
             ('pilot image show a.e', 'pilot image show a.elf')]
    for words in commands():
        if len(words) == 1:
            lines += [(f'pilot {words[0]} --hel', f'pilot {words[0]} --help'), (f'pilot {words[0]} a.e', 'a.elf')]
    for line, wanted in lines:
        contains(_zsh_completes(setup, line), wanted)


main(collect(globals().copy()))
