"""Runs that never happened, for the tests of the reports: the same ones every time, of any size."""

import json
import random

PYTHONS = ['py27', 'py36', 'py37', 'py38', 'py39', 'py310', 'py311', 'py312', 'py313', 'pypy3']
PEERS = ['c', 'perl', 'py313-cffi'] + PYTHONS
FORMATS = ['u8', 'u16be', 'u16le', 'u24be', 'u24le', 'u32be', 'u32le', 'u64be', 'u64le', 'varint', 'netstring', 'lines']
PROTOCOLS = [('frame', FORMATS), ('echo', ['-']), ('upper', ['-']), ('sizeok', ['-']), ('count', ['-']),
             ('command', ['-']), ('greet', ['-'])]
TRANSPORTS = ['inet', 'inet6', 'unix']
CASES = ['nothing', 'one-byte', 'every-byte', 'newlines-and-nuls', 'empty-messages', 'split-character', 'length-0',
         'length-1', 'length-127', 'length-128', 'length-255', 'length-256', 'length-16383', 'length-16384',
         'length-65535', 'length-65536', 'length-1048576', 'pipelined', 'close']
THEMES = ['starting', 'vectors', 'pieces', 'malformed', 'limits', 'half-close', 'reset', 'silence', 'slow-reader',
          'datagrams', 'exit-status', 'stopping', 'volume', 'memory']
FAILING = ['wrong-answer', 'malformed', 'end-of-input', 'reset', 'time-out', 'refused', 'crash', 'flaky', 'not-run']

# What a peer could print to harm whoever reads the report.
HOSTILE = (u'</script ><script>alert(1)</script><img src=x onerror=alert(1)> & "quotes" \'too\' `code` ``` | a | *b* '
           u'\x1b[31mred\x00\x08 \u202egnp.exe\u202c \u200bhidden \ud800 \ufffe ]]> <!-- [link](javascript:alert(1))')


def header(peers, checks, cells, **other):
    """Return the first object of a file."""
    run = {
        'date': '2026-01-02T03:04:05Z', 'commit': 'd2bf20d', 'suite': '0.10.0', 'contract': 2, 'python': '3.11.7',
        'system': 'Linux 6.1.0 x86_64', 'command': ['pytest', 'interop_tests', '--results', 'results.jsonl'],
        'selection': 'covering', 'part': None, 'cells': cells, 'mine': [],
        'peers': [{'name': name, 'command': '%s {role}' % name, 'version': '1.%d' % number, 'lists': ['protocol echo']}
                  for number, name in enumerate(peers)],
        'checks': checks}
    return {'run': dict(run, **other)}


def checks_for(count):
    """Return checks, two of three for servers."""
    found = {}
    for number in range(count):
        theme = THEMES[number * len(THEMES) // count]
        role = 'client' if number % 3 == 2 else 'server'
        found['%s-%03d' % (theme.upper(), number)] = {
            'role': role, 'theme': theme, 'sentence': 'What was complete before the error is answered first.',
            'wire': 'two frames and a header that announces more than the limit, in one segment',
            'expected': 'two replies, then EOF', 'contract': 'docs/peer-contract.md#server',
            'quote': 'What was complete before the error is answered first.', 'lesson': 'docs/lessons/03-reset.md'}
    return found


def cell(client, server, protocol, frame_format, transport, case, status='pass', text='1 replies', **other):
    route = protocol if frame_format == '-' else '%s-%s' % (protocol, frame_format)
    found = {
        'cell': '%s-to-%s/%s/%s/%s' % (client, server, route, transport, case), 'client': client, 'server': server,
        'protocol': protocol, 'format': frame_format, 'transport': transport, 'case': case, 'status': status,
        'text': text, 'seconds': 0.0123}
    return dict(found, **other)


def detail(text='peer: reset: by the other side'):
    """Return what a failed cell holds: two frames, and bytes that run over a line of a dump."""
    sent = '00000003616263' + '00000014' + '2a' * 20
    return {
        'expected': "reply 1 of 2: 3 bytes 'abc'", 'actual': "3 bytes 'abd'",
        'wire': [
            {'from': 'suite', 'bytes': sent, 'of': len(sent) // 2,
             'marks': [[0, 'header: 3'], [4, 'payload'], [7, 'header: 20'], [11, 'payload']]},
            {'from': 'server', 'bytes': '00000003616264' + '41' * 4089, 'of': 70000,
             'marks': [[0, 'header: 3'], [4, 'payload'], [7, 'behind the frame']]}],
        'stderr': {'client': '', 'server': 'listening on 127.0.0.1\n%s\n' % text},
        'commands': [
            {'what': 'the server', 'command': 'c_ref/bin/server frame --family inet --port 7000 --format u32be'},
            {'what': 'the other side', 'command': 'python3 -m interop_tests play LIMITS-001 --port 7000'}]}


def _ended(cell, share, dice):
    """Let a share of the cells fail, in each of the ways."""
    if cell['format'] == 'varint' and 'perl' in (cell['client'], cell['server']):
        cell.update(status='unsupported', text='perl does not list format varint')
    elif dice.random() < share:
        cell.update(status=dice.choice(FAILING), text='expected 3 bytes, got 2', detail=detail())
        if dice.random() < 0.2:
            cell['known'] = 'the limit of this peer lies below ours'
    return cell


def run(peers, check_count, share, transports=TRANSPORTS, formats=FORMATS, cases=CASES, every=1, seed=1, **other):
    """Return the objects of a run.

    :param share: the share of cells that fail, between 0 and 1.
    :param every: a pair of two different peers that are not C has every n-th cell.
    """
    dice, checks, found = random.Random(seed), checks_for(check_count), []
    for name, check in sorted(checks.items()):
        for peer in peers:
            ends = ('suite', peer) if check['role'] == 'server' else (peer, 'suite')
            for frame_format in formats[:3]:
                found.append(_ended(cell(*ends + ('frame', frame_format, 'inet', name), check=name), share, dice))
    for client in peers:
        for server in peers:
            step = 1 if client == server or 'c' in (client, server) else every
            slots = [(protocol, frame_format, transport, case) for protocol, its in PROTOCOLS
                     for frame_format in its if its == ['-'] or frame_format in formats
                     for transport in transports for case in cases]
            for slot in slots[dice.randrange(step)::step]:
                found.append(_ended(cell(client, server, *slot), share, dice))
    counts = {}
    for one in found:
        counts[one['status']] = counts.get(one['status'], 0) + 1
    end = {'end': {'seconds': 83.1, 'ended': 'complete', 'counts': counts}}
    return [header(peers, checks, len(found), **other)] + found + [end]


def hostile():
    """Return a run in which every text is what a peer could print to do harm."""
    text = HOSTILE
    bad = cell(text, text, text, text, text, text, 'wrong-answer', text, detail={
        'expected': text, 'actual': text, 'stderr': {'client': text, 'server': text},
        'wire': [{'from': text, 'bytes': 'not hex', 'of': 3, 'marks': [[0, text], 'x']}],
        'commands': [{'what': text, 'command': text}]})
    known = cell('suite', text, text, '-', text, text, 'crash', text, check=text, known=text)
    checks = {text: {'role': text, 'theme': text, 'sentence': text, 'contract': 'javascript:alert(1)', 'lesson': text}}
    begin = header([text], checks, 2, date=text, commit=text, python=text, command=[text], part=text, mine=[text])
    return [begin, bad, known]


def save(path, objects):
    """Write a file of results; return its path as text."""
    with open(str(path), 'w') as file:
        for one in objects:
            file.write(json.dumps(one) + '\n')
    return str(path)
