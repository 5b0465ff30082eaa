"""Findings as text, as JSON, as SARIF 2.1.0, and as annotations of GitHub's workflows.

Read next: ``command.py``.
"""

import json
from urllib.parse import quote

from pyside.ledger.checking.messages import WORDS
from pyside.ledger.entries import entries


def text(findings, problems):
    """``FILE:LINE: ENTRY: message``; problems are on standard error."""
    return ''.join('%s:%d: %s: %s\n' % (one.path, one.line, one.entry, one.message) for one in findings)


def as_json(findings, problems):
    rows = [{'path': one.path, 'line': one.line, 'entry': one.entry, 'on_2': one.on_2, 'on_3': one.on_3,
             'instead': one.instead, 'page': one.page} for one in findings]
    return _dumped({'findings': rows, 'problems': [{'path': path, 'reason': reason} for path, reason in problems]})


def sarif(findings, problems):
    """See the standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""
    named = sorted({one.entry for one in findings})
    rules = [{'id': name, 'shortDescription': {'text': _short(name)}, 'help': {'text': _help(name)}} for name in named]
    results = [{
        'ruleId': one.entry, 'ruleIndex': named.index(one.entry), 'level': 'warning', 'message': {'text': one.message},
        'locations': [{'physicalLocation': {
            'artifactLocation': {'uri': _uri(one.path)}, 'region': {'startLine': one.line}}}]}
        for one in findings]
    notes = [{'level': 'error', 'message': {'text': reason}, 'locations': [
        {'physicalLocation': {'artifactLocation': {'uri': _uri(path)}}}]} for path, reason in problems]
    run = {'tool': {'driver': {'name': 'pyside.ledger', 'rules': rules}}, 'results': results,
           'invocations': [{'executionSuccessful': not problems, 'toolExecutionNotifications': notes}]}
    return _dumped({'$schema': 'https://json.schemastore.org/sarif-2.1.0.json', 'version': '2.1.0', 'runs': [run]})


def github(findings, problems):
    """See https://docs.github.com/actions, "Workflow commands"."""
    lines = ['::warning file=%s,line=%d,title=%s::%s' % (
        _property(one.path), one.line, _property(one.entry), _escaped(one.message)) for one in findings]
    lines += ['::error file=%s::%s' % (_property(path), _escaped(reason)) for path, reason in problems]
    return ''.join(line + '\n' for line in lines)


FORMATS = {'text': text, 'json': as_json, 'sarif': sarif, 'github': github}


def _short(name):
    return 'on 2: %s; on 3: %s' % WORDS[name][:2] if name in WORDS else 'a comment ignores what is no entry'


def _help(name):
    if name not in WORDS:
        return 'Name an entry of the ledger: # ledger: ignore[ENTRY].'
    return WORDS[name].instead or entries()[name].advice


def _uri(path):
    return quote(path.encode('utf-8', 'surrogateescape'), safe='/')


def _dumped(value):
    return json.dumps(value, indent=2) + '\n'


def _escaped(value):
    return value.replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _property(value):
    return _escaped(value).replace(':', '%3A').replace(',', '%2C')
