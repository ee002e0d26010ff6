# SPDX-License-Identifier: BSD-2-Clause
"""pilot image plan, diff and completion."""
import os
import pty
import select
import shutil
import signal
import subprocess
import time

from harness import (CODE, DATA, TOOL, Skip, collect, contains, elf, equal, main, pilot, plain, read, sign, write)

CARVEOUT = '0x95c00000,0x100000'


def _plan(name, carveout, status=0):
    result = pilot('image', 'plan', '--json', name, '--carveout', carveout)
    equal(result.status, status, result.err)
    return result.json()


def _reasons(plan):
    return [(problem['reason'], problem['a']) for problem in plan['problems']]


def relocatable_image_goes_to_the_start():
    sign()
    plan = _plan('a.mbn', '0x40000000,0x8000')
    equal((plan['fits'], plan['relocatable'], plan['lowest'], plan['span'], plan['left'], plan['entry']),
          (True, True, '0x95c00000', 0x8000, 0, '0x40000000'))
    equal(plan['segments'],
          [{'index': 2, 'address': '0x40000000', 'offset': 8192, 'from_file': len(CODE), 'zeroed': 0},
           {'index': 3, 'address': '0x40002000', 'offset': 16384, 'from_file': len(DATA), 'zeroed': 100 - len(DATA)},
           {'index': 4, 'address': '0x40003000', 'offset': 20480, 'from_file': 0, 'zeroed': 0x5000}])


def fixed_image_keeps_its_addresses():
    sign('a.elf', 'a.mbn', '--fixed')
    equal([s['address'] for s in _plan('a.mbn', CARVEOUT)['segments']], ['0x95c00000', '0x95c02000', '0x95c03000'])
    equal(_reasons(_plan('a.mbn', '0x40000000,0x100000', 1)),
          [('PLAN_OUTSIDE', 2), ('PLAN_OUTSIDE', 3), ('PLAN_OUTSIDE', 4)])


def every_segment_that_does_not_fit_is_named():
    sign()
    equal(_reasons(_plan('a.mbn', '0x40000000,0x7fff', 1)), [('PLAN_OUTSIDE', 4)])
    equal(_reasons(_plan('a.mbn', '0x40000000,0x2000', 1)), [('PLAN_OUTSIDE', 3), ('PLAN_OUTSIDE', 4)])
    text = pilot('image', 'plan', 'a.mbn', '--carveout', '0x40000000,0x2000')
    equal(text.status, 1)
    contains(text.out, 'PLAN_OUTSIDE: segment 3 would end outside the carve-out, at 0x40002064')


def overlaps_and_lies_are_named():
    write('a.elf', elf([(1, 5, 0, 0x1000, CODE, 0x2000), (1, 6, 0, 0x2000, DATA, 0x2000), (1, 6, 0, 0x8000, DATA, 3),
                        (1, 6, 0, 0x3fff, DATA, 100)]))
    equal(_reasons(_plan('a.elf', '0,0x10000', 1)), [('ELF_FILESZ', 2), ('PLAN_OVERLAP', 0), ('PLAN_OVERLAP', 1)])
    write('a.elf', elf([(1, 5, 0, 0xfffffffffffff000, CODE, 0x2000)], is64=True))
    equal([r for r, _ in _reasons(_plan('a.elf', '0,0x10000', 1))], ['ELF_SEGMENT_WRAP', 'PLAN_OUTSIDE'])
    write('a.elf', elf([(2, 5, 0, 0, CODE, 0x2000)]))
    equal(_reasons(_plan('a.elf', '0,0x10000', 1)), [('PLAN_EMPTY', 1)])
    write('a.elf', elf([(1, 5, 0, 0x1000, CODE, 0x2000)])[:-1])
    equal(_reasons(_plan('a.elf', '0,0x10000', 1)), [('ELF_SEGMENT_END', 0)])


def text_names_gaps_and_zeroes():
    sign()
    text = pilot('image', 'plan', 'a.mbn', '--carveout', '0x40000000,0x9000').out
    for part in ('a.mbn: fits in 0x40000000,0x9000', 'from file offset 0x2000', 'zeroed', 'not touched',
                 'to the end of the carve-out', 'entry 0x40000000'):
        contains(text, part)


def bad_carveouts_are_usage_errors():
    for value in ('', '1', '1,0', '1,2,3', 'x,1', '0xffffffffffffffff,2'):
        result = pilot('image', 'plan', 'a.elf', '--carveout', value)
        equal((result.status, result.out), (2, ''), value)
        contains(result.err, '--carveout')
    equal(pilot('image', 'plan', 'a.elf').status, 2)
    equal(pilot('image', 'plan', 'missing', '--carveout', CARVEOUT).status, 2)


def _diff(a, b, *more, status=1):
    result = pilot('image', 'diff', '--json', *more, a, b)
    equal(result.status, status, result.err)
    return {(d['area'], d['what']): (d['a'], d['b']) for d in result.json()['differences']}


def same_files_are_the_same():
    sign()
    shutil.copy('a.mbn', 'b.mbn')
    equal(_diff('a.mbn', 'b.mbn', status=0), {})
    contains(pilot('image', 'diff', 'a.mbn', 'b.mbn').out, 'a.mbn and b.mbn: the same')


def first_different_byte_is_named():
    image = sign()
    write('b.mbn', image.flip(image.phdrs[2]['offset'] + 0x123).data)
    equal(_diff('a.mbn', 'b.mbn'), {('segment 2', 'bytes'): ('5120 bytes, 0x23 at byte 0x123', '5120 bytes, 0x22 at byte 0x123')})


def headers_binding_and_signers_are_compared():
    sign()
    equal(pilot('keys', 'new', '--name', 'Own', 'own').status, 0)
    write('b.elf', plain(entry=0x95c00004))
    sign('b.elf', 'b.mbn', '--anti-rollback', '3', keys='own')
    found = _diff('a.mbn', 'b.mbn')
    equal(found['header', 'entry'], ('0x95c00000', '0x95c00004'))
    equal(found['OEM', 'anti_rollback'], ('0x0', '0x3'))
    contains(found['chain', 'subject 0'][1], 'Own leaf')
    for key in (('OEM', 'signature'), ('OEM', 'certificates'), ('signing', 'hash table'), ('chain', 'root hash')):
        equal(key in found, True, key)
    equal(_diff('a.mbn', 'b.mbn', '--ignore-signing'), {('header', 'entry'): ('0x95c00000', '0x95c00004')})


def bytes_that_belong_to_nothing_are_compared():
    image = bytes(sign().data)
    write('b.mbn', image + b'x')
    equal([area for area, _ in _diff('a.mbn', 'b.mbn')], ['file'])
    write('c.mbn', image[:300] + b'x' + image[301:])
    equal([area for area, _ in _diff('a.mbn', 'c.mbn')], ['file'])


def what_is_no_image_cannot_be_compared():
    for a, b in (('a.elf', 'missing'), ('keys/leaf.key', 'a.elf')):
        equal(pilot('image', 'diff', a, b).status, 2)
    equal(pilot('image', 'diff', 'a.elf').status, 2)
    sign()
    equal(('file', 'kind') in _diff('a.elf', 'a.mbn'), True)


def _complete(*words):
    script = pilot('completion', 'bash').out + '_pilot; printf "%s\\n" "${COMPREPLY[@]}"\n'
    line = ' '.join(f"'{word}'" for word in words)
    done = subprocess.run(['bash', '-c', f'COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}\n{script}'], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    equal(done.stderr, b'')
    return done.stdout.decode().split()


def bash_completes_commands_options_and_files():
    equal(_complete('pilot', 'im'), ['image'])
    equal(_complete('pilot', 'image', 's'), ['show', 'sign', 'split'])
    equal(_complete('pilot', 'image', 'sign', '--pa'), ['--passphrase-file'])
    equal(_complete('pilot', 'image', 'plan', '--c'), ['--carveout'])
    equal(_complete('pilot', 'fuses', ''), ['new', 'show', '--help'])
    equal(_complete('pilot', 'image', 'sign', '--pr'), ['--profile', '--processor'])
    equal(_complete('pilot', 'rsc', 'b'), ['build'])
    equal(_complete('pilot', 'image', 'verify', '--k'), ['--key', '--key-hash'])
    equal(_complete('pilot', 'image', 'show', 'a.'), ['a.elf'])
    equal(_complete('pilot', 'image', 'plan', '--carveout', ''), [])


class _Zsh:
    """An interactive zsh with the completions; a key of its own writes the line that was typed to a file."""

    SETUP = """fpath=($PWD/functions $fpath); autoload -Uz compinit && compinit -u -D; unsetopt beep
dump() { print -r -- "$BUFFER" >>lines; BUFFER= }
zle -N dump; bindkey '^X' dump; : >lines
"""

    def __enter__(self):
        os.mkdir('functions')
        write('functions/_pilot', pilot('completion', 'zsh').out.encode())
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.environ.update(TERM='dumb', HOME=os.getcwd(), ZDOTDIR=os.getcwd())
            os.execvp('zsh', ['zsh', '-f', '-i'])
        os.write(self.terminal, self.SETUP.encode())
        self._wait(lambda: os.path.exists('lines'))
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def _wait(self, done):
        text, end = b'', time.monotonic() + 30
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f'zsh does not answer: {text!r}')
            if select.select([self.terminal], [], [], 0.05)[0]:
                text += os.read(self.terminal, 65536)

    def complete(self, line):
        """The line after the tabulator key was pressed at its end."""
        before = len(read('lines').splitlines())
        os.write(self.terminal, line.encode() + b'\t\x18')
        self._wait(lambda: read('lines').count(b'\n') > before)
        return read('lines').decode().splitlines()[-1]


def zsh_completes_commands_options_and_files():
    if not shutil.which('zsh'):
        raise Skip('no zsh')
    with _Zsh() as zsh:
        for line, full in (('pilot im', 'pilot image '), ('pilot image si', 'pilot image sign '),
                           ('pilot rsc b', 'pilot rsc build '),
                           ('pilot image plan --car', 'pilot image plan --carveout '),
                           ('pilot image show a.', 'pilot image show a.elf '),
                           ('pilot image sign --keys ke', 'pilot image sign --keys keys/'),
                           ('pilot image sign --soc 1 --format container --proc',
                            'pilot image sign --soc 1 --format container --processor '),
                           ('pilot image verify --key-', 'pilot image verify --key-hash '),
                           ('pilot keys new --ty', 'pilot keys new --type '),
                           ('pilot image nothing', 'pilot image nothing')):
            equal(zsh.complete(line), full, line)


def zsh_knows_every_option():
    text = pilot('completion', 'zsh').out
    for part in ('#compdef pilot', "'*--carveout[", "'image metadata')", "'*--type["):
        contains(text, part)
    equal(pilot('completion', 'bash', 'x').status, 2)


main(collect(globals().copy()))
