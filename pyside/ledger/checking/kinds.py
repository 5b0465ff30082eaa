"""Types of mypy as kinds: is it bytes, or text?

A kind is a set of names, ``bytes``, ``text``, ``int``, ``socket`` …, of which a value has one; it is empty where mypy
does not know.  None is left out: what may be None is judged as if it were not.

Read next: ``program.py``.
"""

from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    PartialType,
    TupleType,
    TypeVarType,
    UninhabitedType,
    UnionType,
    get_proper_type,
)

UNKNOWN = frozenset()
BYTES = frozenset(['bytes'])
TEXT = frozenset(['text'])
BYTES_LIKE = frozenset(['bytes', 'bytearray', 'memoryview'])
NAMES = {
    'builtins.str': 'text', 'builtins.bytes': 'bytes', 'builtins.bytearray': 'bytearray',
    'builtins.memoryview': 'memoryview', 'builtins.int': 'int', 'builtins.bool': 'int', 'ledger_casts.Socket': 'socket',
    'socket.socket': 'socket', 'ssl.SSLSocket': 'socket', 'asyncore.dispatcher': 'socket'}
# What has items of one kind, and what has keys.
CONTAINERS = ('builtins.list', 'builtins.set', 'builtins.frozenset', 'collections.deque', 'typing.Iterable',
              'typing.Sequence', 'typing.Iterator', 'typing.Generator', 'builtins.tuple', 're.Pattern', 're.Match',
              'builtins.reversed', 'queue.Queue', 'typing.IO')
MAPPINGS = ('builtins.dict', 'collections.defaultdict', 'collections.OrderedDict', 'typing.Mapping')
DEPTH = 6


def kind(type_, depth=DEPTH):
    """Return the kind of a type of mypy, or of None."""
    if type_ is None or depth == 0:
        return UNKNOWN
    type_ = get_proper_type(type_)
    if isinstance(type_, UnionType):
        kinds = [kind(item, depth - 1) for item in type_.items if not isinstance(get_proper_type(item), NoneType)]
        return frozenset().union(*kinds) if all(kinds) else UNKNOWN
    instance = _instance(type_)
    if instance is not None:
        for base in instance.type.mro:
            if base.fullname in NAMES and not (base.fullname == 'builtins.int' and instance.type is not base):
                return frozenset([NAMES[base.fullname]])
        return frozenset([instance.type.fullname])
    if isinstance(type_, TupleType):
        return frozenset(['builtins.tuple'])
    if isinstance(type_, (CallableType, Overloaded)):
        return frozenset(['function'])
    return UNKNOWN


def item_kinds(type_):
    """List the kinds of the items of a list, a set, a tuple …; none where they are unknown."""
    type_ = get_proper_type(type_) if type_ is not None else None
    if isinstance(type_, TupleType):
        return [kind(item) for item in type_.items]
    instance = _instance(type_) if type_ is not None else None
    if instance is not None and instance.type.fullname in CONTAINERS + MAPPINGS and instance.args:
        return [kind(instance.args[0])]
    return []


def item_type(type_):
    """Return the type of the items of a list, a set, a tuple of any length; None where it is unknown."""
    instance = _instance(get_proper_type(type_)) if type_ is not None else None
    return instance.args[0] if instance is not None and instance.type.fullname in CONTAINERS and instance.args else None


def value_kind(type_):
    """Return the kind of the values of a mapping."""
    instance = _instance(get_proper_type(type_)) if type_ is not None else None
    if instance is not None and instance.type.fullname in MAPPINGS and len(instance.args) == 2:
        return kind(instance.args[1])
    return UNKNOWN


def is_mapping(type_):
    instance = _instance(get_proper_type(type_)) if type_ is not None else None
    return instance is not None and instance.type.fullname in MAPPINGS


def is_unknown(type_):
    """Tell whether a cast may say more than mypy knows; what has no type at all is never reached."""
    if type_ is None:
        return False
    type_ = get_proper_type(type_)
    if isinstance(type_, UnionType):
        return all(is_unknown(item) for item in type_.items)
    return isinstance(type_, (AnyType, NoneType, UninhabitedType, PartialType))


def without_any(type_):
    """Return what is left of a union with Any, or None: typeshed says ``str | Any`` for what may be None."""
    type_ = get_proper_type(type_) if type_ is not None else None
    if not isinstance(type_, UnionType):
        return None
    items = [get_proper_type(item) for item in type_.items]
    known = [item for item in items if not isinstance(item, (AnyType, NoneType))]
    return known[0] if len(known) == 1 and any(isinstance(item, AnyType) for item in items) else None


def has_unknown_items(type_):
    """Tell whether something is a list or a dict of nobody knows what."""
    instance = _instance(get_proper_type(type_)) if type_ is not None else None
    return instance is not None and instance.type.fullname in CONTAINERS + MAPPINGS and bool(instance.args) and all(
        is_unknown(argument) for argument in instance.args)


def spelled(type_, module, depth=DEPTH):
    """Return a type as an expression for a cast, or None when there is no short one."""
    if type_ is None or depth == 0:
        return None
    type_ = get_proper_type(type_)
    if isinstance(type_, TupleType):
        items = [spelled(item, module, depth - 1) or ANY for item in type_.items]
        return '__ledger__.builtins.tuple[%s]' % ', '.join(items) if items else None
    instance = _instance(type_)
    if instance is None or isinstance(type_, TypeVarType):
        return None
    name = _spelled_name(instance.type.fullname, module)
    if name is None or not instance.args:
        return name
    arguments = [spelled(argument, module, depth - 1) for argument in instance.args]
    if all(argument is None for argument in arguments):
        return None
    if instance.type.fullname == 'builtins.tuple':
        arguments.append('...')
    return '%s[%s]' % (name, ', '.join(argument or ANY for argument in arguments))


ANY = '__ledger__.Any'
IMPORTED = ('asyncio', 'typing', 'builtins', 'collections', 'io', 'queue', 're', 'socket', 'ssl', 'subprocess')
PRIVATE = ('_socket', '_io')


def _spelled_name(fullname, module):
    top, _, rest = fullname.partition('.')
    if top == 'ledger_casts':
        return '__ledger__.' + rest
    if top in IMPORTED and '.' not in rest and fullname != 'builtins.object':
        return '__ledger__.' + fullname
    if top in PRIVATE:
        return '__ledger__.%s.%s' % (top[1:], rest)
    # A class of the program itself, at its outermost level.
    if fullname.rpartition('.')[0] == module:
        return fullname.rpartition('.')[2]
    return None


def _instance(type_):
    if isinstance(type_, LiteralType):
        return type_.fallback
    return type_ if isinstance(type_, Instance) else None
