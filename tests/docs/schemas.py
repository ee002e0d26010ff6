#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The schemas of JSON documents (docs/schema): each is a schema, says what every key means, allows no key that it does not
name, and every command whose help names --json has one. Prints TAP.

usage: schemas.py DOCS_SCHEMA PILOT
"""
import json
import os
import re
import subprocess
import sys

import jsonschema


def objects(schema, path=''):
    """(path, schema) of every part of @schema that describes an object with properties."""
    if isinstance(schema, dict):
        if schema.get('type') == 'object':
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f'{path}/{key}')
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f'{path}/{index}')


def wrong_in(schema):
    """What is wrong with one schema."""
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f'is no schema: {error.message}'
    for path, part in objects(schema):
        if part.get('additionalProperties') is not False:
            yield f'{path} allows keys that it does not name'
        if not set(part.get('required', [])) <= set(part.get('properties', {})):
            yield f'{path} requires keys that it does not name'
        for key, value in part.get('properties', {}).items():
            named = value.get('description') or 'const' in value or value.get('$ref')
            if not named:
                yield f'{path}: {key} is not described'


def commands(tool):
    """File name without its ending for every command of the tool whose help names --json."""
    listed = subprocess.run([tool, 'completion', 'bash'], capture_output=True, text=True, check=True).stdout
    for words in re.findall(r"^\t'([a-z]+ [a-z]*)'\*?\) options=", listed, re.M):
        words = words.split()
        shown = subprocess.run([tool, *words, '--help'], capture_output=True, text=True, check=False)
        if '--json' in shown.stdout:
            yield '-'.join(words)


def main():
    """Compare, report."""
    folder, tool = sys.argv[1:]
    schemas = {}
    results = []
    for name in sorted(os.listdir(folder)):
        stem = name.removesuffix('.json')
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            schemas[stem] = json.load(file)
        results.append((f'{name} is a schema that describes every key', list(wrong_in(schemas[stem]))))
    named = sorted(commands(tool))
    results.append(('at least ten commands were found', [] if len(named) > 9 else [f'only {named}']))
    results.append(('every command with --json has a schema', [name for name in named if name not in schemas]))
    results.append(('every schema is of a command', [name for name in schemas if name not in named]))
    print(f'1..{len(results)}')
    for number, (what, wrong) in enumerate(results, 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {what}')
        for text in wrong:
            print(f'# {text}')
    sys.exit(1 if any(wrong for _, wrong in results) else 0)


main()
