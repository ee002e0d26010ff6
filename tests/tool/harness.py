# SPDX-License-Identifier: BSD-2-Clause
"""Runs the tool and reports in TAP. Reads and writes images with the standard library alone: nothing here knows
anything from the tool's own sources. Only the schemas of JSON documents need a package, python3-jsonschema."""
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import traceback

try:
    import jsonschema
except ImportError:
    jsonschema = None

TOOL = os.path.abspath(sys.argv[1])
TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
SCHEMAS = os.path.join(TOP, 'docs/schema')
PAGE = 4096
SIGN = ['--soc', '0x6019,0x601a', '--oem', '1', '--model', '0', '--sw-id', '4']


class Result:
    """What one run of a program left behind."""

    def __init__(self, done, args=()):
        self.args = [str(arg) for arg in args]
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    def json(self):
        """The document that --json printed; it is what the command's schema promises, whatever the test is about."""
        document = json.loads(self.out)
        names = ['-'.join(self.args[:2]), self.args[0]]
        check_schema(document, next((name for name in names if os.path.exists(schema_path(name))), names[0]))
        return document


def pilot(*args, **options):
    """Run the tool. A sanitizer's report or a signal is a failure wherever it comes up."""
    env = dict(os.environ, **options.pop('env', {}))
    done = subprocess.run([TOOL, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, env=env,
                          stdin=subprocess.DEVNULL, **options)
    result = Result(done, args)
    if done.returncode not in (0, 1, 2) or 'Sanitizer' in result.err or 'runtime error' in result.err:
        raise AssertionError(f'{args}: status {done.returncode}\n{result.err}')
    return result


def commands():
    """Every command's words, as the tool itself lists them for shells: ('image', 'show'), or one word alone."""
    listed = pilot('completion', 'bash').out
    return [tuple(words.split()) for words in re.findall(r"^\t'([a-z]+ [a-z]*)'\*?\) options=", listed, re.M)]


def openssl(*args, data=None):
    """Run the openssl command, which shares no code with the tool's own decisions."""
    done = subprocess.run(['openssl', *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, input=data,
                          timeout=60, check=False)
    return done


def equal(got, wanted, what='value'):
    if got != wanted:
        raise AssertionError(f'{what}: got {got!r}, wanted {wanted!r}')


def schema_path(name):
    return os.path.join(SCHEMAS, f'{name}.json')


def check_schema(document, name):
    """@document, as --json printed it, is what docs/schema/NAME.json promises. Without the package the test fails: a
    document that nobody checked is not one that is right."""
    if jsonschema is None:
        raise AssertionError('no python3-jsonschema here: scripts/setup/packages.sh installs it')
    with open(schema_path(name), encoding='utf-8') as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    wrong = [f'/{"/".join(map(str, error.absolute_path))}: {error.message}'
             for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
    if wrong:
        raise AssertionError(f'{name}.json: ' + '; '.join(wrong))


def contains(text, part):
    if part not in text:
        raise AssertionError(f'{part!r} is not in {text!r}')


def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)
    return path


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def elf(segments, is64=False, machine=164, entry=None, kind=2, tail=b'', flags=0):
    """A plain ELF file. A segment is (p_type, p_flags, vaddr, paddr, data, memsz)."""
    ehdr, phdr = (64, 56) if is64 else (52, 32)
    offset = ehdr + phdr * len(segments)
    entry = segments[0][3] if entry is None and segments else entry or 0
    ident = b'\x7fELF' + bytes([2 if is64 else 1, 1, 1]) + bytes(9)
    form = '<16sHHIQQQIHHHHHH' if is64 else '<16sHHIIIIIHHHHHH'
    head = struct.pack(form, ident, kind, machine, 1, entry, ehdr, 0, flags, ehdr, phdr, len(segments), 0, 0, 0)
    body = b''
    for p_type, p_flags, vaddr, paddr, data, memsz in segments:
        where = offset + len(body)
        if is64:
            head += struct.pack('<IIQQQQQQ', p_type, p_flags, where, vaddr, paddr, len(data), memsz, 16)
        else:
            head += struct.pack('<8I', p_type, where, vaddr, paddr, len(data), memsz, p_flags, 16)
        body += data
    return head + body + tail


CODE = bytes(range(256)) * 20
DATA = b'some data that is not long'


def plain(**options):
    """Three loadable segments (one of them without bytes in the file), and one that loads nothing."""
    return elf([(1, 5, 0xc0000000, 0x95c00000, CODE, len(CODE)),
                (1, 6, 0xc0002000, 0x95c02000, DATA, 100),
                (0x6474e551, 6, 0, 0, b'', 0),
                (1, 6, 0xc0003000, 0x95c03000, b'', 0x5000)], **options)


class Image:
    """A signed image, taken apart by the layout of header version 6."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.is64 = data[4] == 2
        form, where = ('<HHIQQQIHHHHHH', 16) if self.is64 else ('<HHIIIIIHHHHHH', 16)
        (self.type, self.machine, _, self.entry, self.phoff, self.shoff, self.flags, self.ehsize, self.phentsize,
         self.phnum, _, self.shnum, _) = struct.unpack_from(form, data, where)
        self.phdrs = [self._phdr(i) for i in range(self.phnum)]
        self.hash = next(p for p in self.phdrs if p['flags'] >> 24 & 7 == 2)
        self.base = self.hash['offset']
        self.words = struct.unpack_from('<12I', data, self.base)
        self.metadata = struct.unpack_from('<30I', data, self.base + 48)
        self.table = self.base + 48 + self.words[10] + self.words[11]
        self.sig = self.table + self.words[5]
        self.certs = self.sig + self.words[7]
        self.end = self.certs + self.words[9]

    def _phdr(self, index):
        at = self.phoff + index * self.phentsize
        if self.is64:
            names = ('type', 'flags', 'offset', 'vaddr', 'paddr', 'filesz', 'memsz', 'align')
            return dict(zip(names, struct.unpack_from('<IIQQQQQQ', self.data, at)))
        names = ('type', 'offset', 'vaddr', 'paddr', 'filesz', 'memsz', 'flags', 'align')
        return dict(zip(names, struct.unpack_from('<8I', self.data, at)))

    def bytes_of(self, phdr):
        return bytes(self.data[phdr['offset']:phdr['offset'] + phdr['filesz']])

    def entry_of(self, index):
        return bytes(self.data[self.table + 48 * index:self.table + 48 * index + 48])

    def signed(self):
        return bytes(self.data[self.base:self.sig])

    def signature(self):
        field = bytes(self.data[self.sig:self.certs])
        return field[:field[1] + 2], field[field[1] + 2:]

    def chain(self):
        """Certificates as DER, and what is left of their field."""
        left, found = bytes(self.data[self.certs:self.end]), []
        while left[:2] == b'\x30\x82':
            size = 4 + int.from_bytes(left[2:4], 'big')
            found.append(left[:size])
            left = left[size:]
        return found, left

    def resign(self, key):
        """Sign again with the openssl command, after the signed part was changed."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.signed())
            file.flush()
            sig = openssl('dgst', '-sha384', '-sign', key, file.name).stdout
        self.data[self.sig:self.certs] = sig + bytes(self.certs - self.sig - len(sig))
        return self

    def put(self, offset, form, *values):
        struct.pack_into(form, self.data, offset, *values)
        return self

    def flip(self, offset, bit=0):
        self.data[offset] ^= 1 << bit
        return self


def sha384(data):
    return hashlib.sha384(data).digest()


_KEPT = tempfile.TemporaryDirectory(prefix='pilot-keys-')


def kept_keys(place, *args):
    """Keys as 'pilot keys new ARGS' makes them, in the directory @place. Made once for all tests of a file: RSA's take seconds."""
    kept = os.path.join(_KEPT.name, '_'.join(args))
    if not os.path.exists(kept):
        equal(pilot('keys', 'new', *args, kept).status, 0, 'keys new')
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place)


class Place:
    """A fresh directory with keys in keys/ and a plain image in a.elf; the working directory while it lasts."""

    def __enter__(self):
        self.dir = tempfile.TemporaryDirectory(prefix='pilot-test-')
        self.before = os.getcwd()
        os.chdir(self.dir.name)
        equal(pilot('keys', 'new', 'keys').status, 0, 'keys new')
        write('a.elf', plain())
        return self

    def __exit__(self, *_):
        os.chdir(self.before)
        self.dir.cleanup()


def sign(source='a.elf', output='a.mbn', *more, keys='keys', ids=None):
    """Sign; returns the image taken apart."""
    args = SIGN if ids is None else ids
    result = pilot('image', 'sign', source, '-o', output, '--keys', keys, *args, *more)
    equal(result.status, 0, f'sign: {result.err}')
    return Image(read(output))


def verify(*args):
    return pilot('image', 'verify', '--json', *args)


def outcome(result, name, index=0):
    """(result, reason) of the check called @name."""
    checks = {check['name']: check for check in result.json()['images'][index]['checks']}
    return checks[name]['result'], checks[name].get('error', {}).get('reason')


class Skip(Exception):
    """Raised by a test that this machine lacks a program for; its text says which."""


def main(tests):
    """Run all functions of @tests; every one gets a directory of its own."""
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            with Place():
                test()
            print(f'ok {number} - {test.__name__}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {test.__name__} # SKIP {reason}', flush=True)
        except Exception:  # a broken test is a failed test
            failed += 1
            print(f'not ok {number} - {test.__name__}', flush=True)
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
    sys.exit(1 if failed else 0)


def collect(names):
    """Tests are the functions whose names do not begin with an underscore, in the order of the file."""
    found = [f for name, f in names.items() if callable(f) and getattr(f, '__module__', '') == '__main__'
             and not name.startswith('_')]
    return found
