"""report.html: one file that loads nothing, whose tables are in the HTML and whose details are in its data.

The script draws tables that can be filtered, and what is opened; those in the
HTML are for browsers without scripts, and cost the others nothing.  A policy
lets the browser run that script alone and load nothing, so that an error in
escaping stays a blemish.
"""

import base64
import hashlib
import json
import os
import re
from collections import namedtuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from interop_tests.report import summary
from interop_tests.report.compact import encode
from interop_tests.report.status import STATUSES

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ['data.js', 'address.js', 'elements.js', 'selection.js', 'grid.js', 'tables.js', 'failures.js', 'dump.js',
           'panel.js', 'page.js']
STYLES = ['colours.css', 'page.css', 'grid.css', 'panel.css']
# Without the script the list of failures ends somewhere.
FAILURES = 200
CHANGES = 100

Grid = namedtuple('Grid', 'title corner columns rows')
Row = namedtuple('Row', 'name kind tallies')
Peer = namedtuple('Peer', 'name version command lists')


def render(results, changes=None):
    """Return the page of a run, and of what changed since an earlier one."""
    data, details = encode(results)
    failures = summary.failures(results)
    data.update(
        statuses=[status._asdict() for status in STATUSES], file=results.path, docs=_docs(data['checks']),
        withoutDetails=max(0, sum(len(group.cells) for group in failures) - len(details)))
    script = ''.join(_static(name) for name in SCRIPTS)
    script = f"'use strict';\n(function () {{\n{script}}}());\n"
    style = ''.join(_static(name) for name in STYLES)
    environment = Environment(
        loader=FileSystemLoader(os.path.join(HERE, 'templates')), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.get_template('page.html').render(
        policy=policy(script, style), script=script, style=style, data=embedded(data), details=embedded(details),
        results=results, changes=changes, summary=summary, tally=summary.tally(results.cells.values()),
        kinds={status.word: status.kind for status in STATUSES}, peers=_peers(results), grids=grids(results),
        failures=failures, most_failures=FAILURES, most_changes=CHANGES)


def embedded(value):
    """Return JSON that can stand inside a script element: without ``<``, nothing ends the element."""
    text = json.dumps(value, separators=(',', ':'), ensure_ascii=False)
    return text.replace('<', '\\u003c').replace('>', '\\u003e').replace('&', '\\u0026')


def policy(script, style):
    """Return the Content-Security-Policy: this script and this style, and nothing from anywhere."""
    def digest(text):
        return base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')
    return (f"default-src 'none'; script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'")


def link(path):
    """Return a path of the repository's pages, or None for anything else that a file may hold."""
    return path if path and re.match(r'docs/[\w./-]+(#[\w-]*)?$', path) and '..' not in path else None


def grids(results):
    """List the tables as they stand without the script: checks of servers, checks of clients, the matrix."""
    names = summary.peers(results)
    found = []
    for role in ('server', 'client'):
        rows, tallies = [], summary.checks(results, role)
        for theme, checks in summary.themes(results, role).items():
            together = [sum((tallies[name, check] for check in checks if (name, check) in tallies), summary.Tally())
                        for name in names]
            rows.append(Row(theme, 'theme', [summary.Tally(count) for count in together]))
            rows += [Row(check, 'check', [tallies.get((name, check)) for name in names]) for check in checks]
        if rows:
            found.append(Grid(f'{role}s', 'check', names, rows))
    tallies = summary.pairs(results)
    if tallies:
        found.append(Grid('pairs', 'client', names, [
            Row(client, 'pair', [tallies.get((client, server)) for server in names]) for client in names]))
    return found


def _docs(checks):
    """List the pages that checks name."""
    return sorted({link(check.get(key)) for check in checks.values() for key in ('contract', 'lesson')} - {None})


def _peers(results):
    """List the peers of the header; those of a run without one have a name alone."""
    there_are = [peer for peer in results.run.get('peers', []) if isinstance(peer, dict)]
    return [Peer(peer.get('name'), peer.get('version'), peer.get('command'), peer.get('lists'))
            for peer in there_are or [{'name': name} for name in summary.peers(results)]]


def _static(name):
    with open(os.path.join(HERE, 'static', name), encoding='utf-8') as file:
        return file.read()
