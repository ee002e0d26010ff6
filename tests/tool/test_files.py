# SPDX-License-Identifier: BSD-2-Clause
"""Files appear complete or not at all."""
import os
import resource
import signal
import stat

from harness import SIGN, collect, contains, equal, main, pilot, read, sign, write


def _small_files():
    """In the child: a write beyond 2 KiB fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


def _try(output, **options):
    return pilot('image', 'sign', 'a.elf', '-o', output, '--keys', 'keys', *SIGN, **options)


def failed_write_leaves_nothing():
    result = _try('x.mbn', preexec_fn=_small_files)
    equal(result.status, 2)
    contains(result.err, 'x.mbn: cannot write')
    equal([name for name in os.listdir('.') if 'x.mbn' in name], [])


def failed_write_keeps_what_was_there():
    write('x.mbn', b'precious')
    equal(_try('x.mbn', preexec_fn=_small_files).status, 2)
    equal(read('x.mbn'), b'precious')
    equal([name for name in os.listdir('.') if 'x.mbn' in name], ['x.mbn'])


def success_replaces_what_was_there():
    write('x.mbn', b'old')
    equal(_try('x.mbn').status, 0)
    equal(read('x.mbn')[:4], b'\x7fELF')
    equal([name for name in os.listdir('.') if 'x.mbn' in name], ['x.mbn'])


def input_may_be_the_output():
    sign('a.elf', 'a.elf')
    equal(pilot('image', 'verify', 'a.elf').status, 0)


def output_directory_must_be_there():
    result = _try('missing/x.mbn')
    equal(result.status, 2)
    contains(result.err, 'missing/x.mbn: cannot create a file beside it: No such file or directory')


def a_directory_is_no_output():
    os.mkdir('dir')
    result = _try('dir')
    equal(result.status, 2)
    contains(result.err, 'dir: the new file cannot take its name: Is a directory')
    equal(sorted(os.listdir('.')), ['a.elf', 'dir', 'keys'])


def images_get_the_usual_permissions():
    old = os.umask(0o027)
    try:
        sign()
    finally:
        os.umask(old)
    equal(stat.S_IMODE(os.stat('a.mbn').st_mode), 0o640)


def a_pipe_is_not_waited_for():
    os.mkfifo('pipe')
    for command in ('show', 'verify'):
        result = pilot('image', command, 'pipe')
        equal(result.status, 2)
        contains(result.err, 'pipe: not a regular file')


main(collect(globals().copy()))
