# SPDX-License-Identifier: BSD-2-Clause
"""pilot report: everything of a run is on the page, the page needs nothing else, and nothing in a run becomes more than text."""
import html.parser
import os
import re

from a_run import FILES, make as _make, record as _record
from harness import collect, contains, equal, main, pilot, read, write


class _Page(html.parser.HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, path='report.html'):
        super().__init__()
        self.tags, self.attributes, self.text, self.titles = [], [], [], []
        self._style = False
        self.feed(read(path).decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._style = tag == 'style'

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        if not self._style:
            self.text.append(data)

    def words(self):
        return ' '.join(' '.join(self.text).split())


def _report(status, *args):
    result = pilot('report', 'run', '-o', 'report.html', *args)
    equal(result.status, status, f'status; {result.err}')
    return result, _Page()


def everything_of_a_run_is_on_the_page():
    _make()
    result, page = _report(0)
    equal((result.out, result.err), ('', ''))
    for part in ('A board', '2 of 4 steps observed', 'secure-world', 'monitor at EL3 on 6 CPUs', '1.50 s', 'not reached', '7.2.12', '2 GiB',
                 'HASH_SEGMENT', 'digest of 2064 bytes', ', 2 times', 'at 6.706 s', 'CONTAINER_PROCESSOR', 'its resource table cannot',
                 'address 0x50000000 is not mapped', 'dsp-mem', '0x1234', 'adsp is up', 'From the firmware\'s own trace: 5 events',
                 'Timeline of the trace', 'adsp-foreign.mbn', 'Somebody else', 'gone.mbn', 'not there'):
        contains(page.words(), part)
    equal('This page is not complete' in page.words(), False)


def images_are_judged_by_the_machines_fuses():
    _make()
    images = {image['name']: image for image in pilot('report', '--json', 'run').json()['images']}
    equal({name: image['verdict'] for name, image in images.items()},
          {'adsp.mbn': 'genuine', 'adsp-foreign.mbn': 'refused', 'adsp-other.mbn': 'refused', 'm4.elf': 'not an image',
           'm33.bin': 'refused', 'gone.mbn': 'unreadable'})
    equal(images['adsp-foreign.mbn']['error']['reason'], 'CERT_ROOT')
    equal(images['adsp-other.mbn']['error']['reason'], 'BIND_SOC')
    contains(images['adsp-foreign.mbn']['signer'], 'Somebody else')
    equal((images['m33.bin']['format'], images['m33.bin']['processor'], images['m33.bin']['image_version']), ('optee-container', 1, 1))
    equal(images['m33.bin']['error']['reason'], 'CONTAINER_KEY_HASH')
    equal(images['m4.elf']['error'], {'reason': None, 'text': 'a program as it was linked, which nobody signed'})
    equal(images['adsp.mbn']['error'], None)
    equal(images['gone.mbn']['error']['text'], 'not there')


def refusals_are_read_from_the_secure_log():
    _make()
    refusals = pilot('report', '--json', 'run').json()['refusals']
    equal([(entry['who'], entry['request'], entry['reason'], entry['count']) for entry in refusals],
          [('scm', 'call', 'SCM_UNKNOWN', 1), ('core 0', 'access', '', 1), ('adsp', 'AUTH_AND_RESET', 'HASH_SEGMENT', 2),
           ('m33', 'LOAD_FW', 'CONTAINER_PROCESSOR', 1), ('adsp', 'AUTH_AND_RESET', '', 1)])
    equal((refusals[2]['seconds'], refusals[3]['seconds']), (6.706317, None))
    contains(refusals[0]['meaning'], 'harmless')


def faults_in_linuxs_log_are_explained():
    _make()
    document = pilot('report', '--json', '-o', 'report.html', 'run').json()
    equal([(entry['id'], entry['count']) for entry in document['explained']], [('rproc-auth', 1)])
    contains(_Page().words(), 'failed to authenticate image and release reset')
    contains(_Page().words(), document['explained'][0]['title'])


def the_page_needs_nothing_from_elsewhere():
    _make()
    page = _report(0)[1]
    equal({tag for tag in page.tags if tag in ('script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'form', 'image', 'use')}, set())
    equal({name for name, _ in page.attributes if name.startswith('on') or name in ('src', 'srcset', 'style')}, set())
    equal({value[0] for name, value in page.attributes if name == 'href'}, {'#'})
    contains([value for name, value in page.attributes if name == 'content'],
             "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
    equal(set(re.findall(rb'https?://[^"< ]*', read('report.html'))), {b'http://www.w3.org/2000/svg'})


def links_lead_to_sections():
    _make()
    page = _report(0)[1]
    targets = {value for name, value in page.attributes if name == 'id'}
    for name, value in page.attributes:
        if name == 'href':
            contains(targets, value[1:])


def nothing_in_a_run_is_more_than_text():
    _make()
    evil = '</pre></section><script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp;'
    steps = [{'name': evil, 'ok': True, 'seconds': 1, 'observed': evil}]
    _record(steps=steps, kernel=evil, cpu=evil, arrangement=evil, images=[{'name': evil, 'path': f'firmware/{evil}', 'peripheral': evil}])
    write('run/linux.log', evil.encode() + b'\x1b[31m\x00\xff\n')
    write('run/secure.log', f'[    1.000000] {evil}: CALL refused: HASH_SEGMENT: {evil}\n'.encode())
    write('run/host.dtb', read('run/host.dtb').replace(b'dsp-mem', b'<b>"\'&;').replace(b'A board', b'<i>x&</'))
    page = _report(0)[1]
    equal({tag for tag in page.tags if tag in ('script', 'img', 'b', 'i')}, set())
    equal({name for name, _ in page.attributes if name.startswith('on') or name == 'src'}, set())
    equal(page.words().count('<script>alert(1)</script>') >= 9, True, f'as text: {page.words().count("<script>")}')
    contains(page.words(), '?[31m??')
    equal(b'\x1b' in read('report.html') or b'\0' in read('report.html'), False, 'control characters')


def what_is_missing_is_said_and_the_rest_is_made():
    _make()
    for name in FILES:
        data = read(f'run/{name}')
        os.unlink(f'run/{name}')
        result, page = _report(1)
        contains(result.err, f'run: {name}: not there')
        contains(page.words(), 'This page is not complete')
        contains([entry['file'] for entry in pilot('report', '--json', 'run').json()['missing']], name)
        for other, part in (('secure.log', 'HASH_SEGMENT'), ('result.json', 'monitor at EL3 on 6 CPUs'), ('host.dtb', 'dsp-mem'),
                            ('linux.log', 'adsp is up')):
            equal(part in page.words(), name != other, f'{part} without {name}')
        write(f'run/{name}', data)


def without_a_trace_the_timeline_is_of_the_steps():
    _make()
    os.unlink('run/trace.bin')
    page = _report(1)[1]
    contains(page.words(), 'There is no trace (trace.bin)')
    contains(page.words(), 'Timeline of the steps')


def damaged_files_are_missing_ones():
    _make()
    for name, bad, part in (('result.json', b'{"steps": [', 'not JSON: line 1'), ('result.json', b'[]', 'no object'),
                            ('trace.bin', b'nonsense', 'trace.bin'), ('host.dtb', b'nonsense', 'host.dtb'),
                            ('firmware/fuses.bin', b'nonsense', 'the data ends at byte 8')):
        data = read(f'run/{name}')
        write(f'run/{name}', bad)
        contains(_report(1)[0].err, part)
        write(f'run/{name}', data)


def a_record_of_any_shape_is_survived():
    _make()
    for changes in ({'steps': 'x'}, {'steps': [1, None, {}, {'name': 3, 'seconds': -1e99}]}, {'images': [1, {}, {'path': 7}]}, {'fuses': 4},
                    {'memory': -1, 'smp': 'x', 'cpu': 5}, {'images': {'a': 1}}):
        _record(**changes)
        result = pilot('report', '--json', '-o', 'report.html', 'run')
        contains((0, 1), result.status)
        result.json()


def a_record_cannot_lead_out_of_its_run():
    _make()
    for path in ('../a.mbn', '/etc/passwd', 'firmware/../../a.mbn', '..', ''):
        _record(images=[{'name': 'x', 'path': path, 'peripheral': 'x'}])
        image = pilot('report', '--json', 'run').json()['images'][0]
        equal((image['verdict'], image['error']['text']), ('unreadable', 'the record\'s path leads out of the run'), path)


def an_old_run_has_no_list_of_images():
    _make()
    _record(images=None, fuses=None, arrangement=None)
    result, page = _report(1)
    contains(result.err, 'does not say which images')
    contains(page.words(), 'The run left no list of its images')


def a_long_log_is_cut_and_that_is_said():
    _make()
    write('run/linux.log', b'first line\n' + b'x' * 99 + b'\n' * 3000000 + b'last line\n')
    page = _report(0)[1]
    contains(page.words(), 'bytes are left out')
    contains(page.words(), 'last line')
    equal('first line' in page.words(), False)


def without_output_it_goes_to_standard_output():
    _make()
    result = pilot('report', 'run')
    _report(0)
    equal((result.status, result.out), (0, read('report.html').decode()))


def what_is_no_run_is_refused():
    os.mkdir('empty')
    for args, part in (((), 'DIR is missing'), (('a', 'b'), 'one DIR'), (('absent',), 'absent: cannot be looked at: No such file'), (('a.elf',), 'not a directory'),
                       (('empty',), 'neither result.json nor a log'), (('run', '-o', 'no/where.html'), 'no/where.html')):
        if args[:1] == ('run',):
            _make()
        result = pilot('report', *args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)


main(collect(globals().copy()))
