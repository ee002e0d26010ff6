# SPDX-License-Identifier: BSD-2-Clause
"""The rules of Google's "Trace Event Format", as far as pilot trace export uses it, and a checker that knows nothing of the tool."""

import json
import re


def read_export(path):
    """(text, document) of a file in that format."""
    with open(path, encoding='ascii') as file:
        text = file.read()
    return text, json.loads(text)


def equal(got, wanted, what):
    """Complain with both when they differ."""
    if got != wanted:
        raise AssertionError(f'{what}: got {got!r}, wanted {wanted!r}')


def check_export(text, document):
    """The rules of the Trace Event Format's JSON object form, as far as this tool uses it: ph X, i and M."""
    equal(document['displayTimeUnit'], 'ns', 'unit')
    events = document['traceEvents']
    names, spans, last = {}, {}, -1.0
    for event in events:
        for key, kind in (('ph', str), ('pid', int), ('tid', int), ('name', str)):
            equal(type(event[key]), kind, key)
        if event['ph'] == 'M':
            equal(event['name'] in ('process_name', 'thread_name'), True, 'metadata')
            equal(last, -1.0, 'metadata behind events')
            equal((event['name'], event['pid'], event['tid']) in names, False, 'named twice')
            names[event['name'], event['pid'], event['tid']] = event['args']['name']
            continue
        equal(event['ph'] in ('X', 'i'), True, 'phase')
        equal(isinstance(event['ts'], float) and event['ts'] >= last, True, 'sorted by time')
        last = event['ts']
        equal(('process_name', event['pid'], 0) in names and ('thread_name', event['pid'], event['tid']) in names, True, 'track has a name')
        if event['ph'] == 'i':
            equal((event['s'], 'dur' in event), ('t', False), 'instant')
        else:
            equal(event['dur'] >= 0, True, 'duration')
            spans.setdefault((event['pid'], event['tid']), []).append(event)
    # exactly, in nanoseconds: spans of a track lie beside or inside one another
    digits = re.compile(r'"ts":(\d+)\.(\d{3}),"dur":(\d+)\.(\d{3})')
    exact = iter([(int(a + b), int(c + d)) for a, b, c, d in digits.findall(text)])
    order = [(event['pid'], event['tid'], *next(exact)) for event in events if event['ph'] == 'X']
    for track in spans:
        around = []
        for pid, tid, start, length in order:
            if (pid, tid) != track:
                continue
            while around and around[-1] <= start:
                around.pop()
            equal(not around or start + length <= around[-1], True, 'spans cross')
            if length:
                around.append(start + length)
    return names, events
