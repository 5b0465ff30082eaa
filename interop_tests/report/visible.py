"""Text that peers printed, made harmless before anything else sees it.

A peer can print what moves a terminal's cursor, turns the direction of a line
round (U+202E), hides (U+200B), or is forbidden in XML (NUL, U+FFFE, half of a
surrogate pair).  All of that becomes its escape, ``\\x1b`` or ``\\u202e``; the
marks of HTML, XML and Markdown are escaped by the writer of each.
"""

import re

# C0 without tab and newline, DEL and C1, what is invisible or sets a direction, surrogates, and what is no character.
HOSTILE = re.compile(
    '[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e'
    '\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]')


def visible(text):
    """Return text in which no character is invisible, a control, or forbidden; newlines and tabs stay."""
    return HOSTILE.sub(_escape, text)


def one_line(text):
    """Return text on one line."""
    return text.replace('\n', '\\n').replace('\t', '\\t')


def everywhere(value):
    """Make every text in a value read from JSON visible, the keys too."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list):
        return [everywhere(one) for one in value]
    if isinstance(value, dict):
        return {visible(key): everywhere(one) for key, one in value.items()}
    return value


def _escape(match):
    code = ord(match.group())
    if code > 0xffff:
        return f'\\U{code:08x}'
    return f'\\u{code:04x}' if code > 0xff else f'\\x{code:02x}'
