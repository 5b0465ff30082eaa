// What a cell opens to.  A path is CLIENT-to-SERVER, or with a case or theme:THEME behind it, or a whole cell's name.
const panel = document.getElementById('panel');
const MOST = 300;

function showPanel(path) {
  const body = path ? bodyOf(path) : null;
  if (!body) {
    if (panel.open) panel.close();
    return;
  }
  panel.replaceChildren(make('div', {class: 'inside'},
    make('button', {type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => panel.close()}, '×'), ...body));
  panel.scrollTop = 0;
  if (!panel.open) panel.showModal();
  const title = document.getElementById('panel-title');
  title.tabIndex = -1;
  title.focus();
}

panel.addEventListener('close', () => {
  const path = state.open;
  if (!path) return;
  change({open: ''});
  if (document.activeElement && document.activeElement !== document.body) return;
  const opener = [...document.querySelectorAll('[data-open]')].find(one => path.startsWith(one.getAttribute('data-open')));
  if (opener) opener.focus();
});

panel.addEventListener('click', event => {
  if (event.target === panel) panel.close();
});

function bodyOf(path) {
  const row = rowByName.get(path) || rows.find(one => path.startsWith(one.name + '/'));
  if (!row) return notThere(path);
  const rest = path.slice(row.name.length + 1);
  if (!rest) return pairBody(row);
  if (rest.startsWith('theme:')) return themeBody(row, rest.slice(6));
  const cells = [];
  row.codes.forEach((code, index) => {
    if (!code) return;
    const at = slot(index);
    if (at.name === rest || cellName(row, index) === path) cells.push(index);
  });
  if (!cells.length) return notThere(path);
  return cells.length === 1 ? cellBody(row, cells[0]) : caseBody(row, rest, cells);
}

function notThere(path) {
  return [title('Not in this run'), make('p', {}, make('code', {}, path))];
}

function title(...words) {
  return make('h2', {id: 'panel-title'}, ...words);
}

function trail(row, index) {
  const names = make('p', {class: 'trail'}, make('a', {href: addressToOpen(row.name)}, row.name));
  if (index !== undefined) {
    const name = slot(index).name;
    names.append(' / ', make('a', {href: addressToOpen(row.name + '/' + name)}, name));
  }
  return names;
}

function who(row) {
  if (row.role) return data.names[row.peer] + ' as ' + row.role;
  return data.names[row.client] + ' to ' + data.names[row.server];
}

function tallyOf(row, cells) {
  const tally = new Tally();
  for (const index of cells) tally.add(row.codes[index]);
  return tally;
}

function cellsOf(row) {
  return [...row.codes.keys()].filter(index => row.codes[index]);
}

// All cells of a pair: what fails, then a table of routes.
function pairBody(row) {
  const cells = cellsOf(row);
  if (row.role) {
    const lists = Object.entries(data.themes[row.role]).map(([theme, names]) => {
      const its = cells.filter(index => themeOf.get(slot(index).name) === theme);
      return its.length ? make('li', {}, make('a', {href: addressToOpen(row.name + '/theme:' + theme)}, theme),
        ' ', tallyOf(row, its).words()) : null;
    });
    return [title(who(row)), make('p', {}, tallyOf(row, cells).words()), badList(row, cells),
      make('h3', {}, 'Themes'), make('ul', {class: 'cells'}, ...lists)];
  }
  return [title(who(row)), make('p', {}, tallyOf(row, cells).words()), badList(row, cells),
    make('h3', {}, 'Routes'), routeTable(row, cells)];
}

function badList(row, cells) {
  const groups = new Map();
  for (const index of cells) {
    if (outcomes[row.codes[index]] <= IS_KNOWN) grouped(groups, row, index, row.codes[index]);
  }
  const sorted = sortedGroups(groups);
  if (!sorted.length) return make('p', {class: 'none'}, 'No cell failed.');
  const more = sorted.length > MOST ? make('p', {class: 'more'}, `and ${number(sorted.length - MOST)} more`) : null;
  return make('div', {}, make('h3', {}, 'Failures'),
    make('ul', {class: 'cells groups'}, ...sorted.slice(0, MOST).map(groupItem)), more);
}

function routeTable(row, cells) {
  const routes = new Map(), transports = new Set();
  for (const index of cells) {
    const at = slot(index);
    transports.add(at.transport);
    if (!routes.has(routeOf(at))) routes.set(routeOf(at), new Map());
    const its = routes.get(routeOf(at));
    if (!its.has(at.transport)) its.set(at.transport, new Tally());
    its.get(at.transport).add(row.codes[index]);
  }
  const columns = [...transports];
  return make('div', {class: 'scroll'}, make('table', {class: 'plain routes'},
    make('thead', {}, make('tr', {}, make('th', {scope: 'col'}, 'route'), ...columns.map(name => make('th', {scope: 'col'}, name)))),
    make('tbody', {}, ...[...routes].map(([name, its]) => make('tr', {}, make('th', {scope: 'row'}, name),
      ...columns.map(transport => {
        const tally = its.get(transport);
        return make('td', {class: tally ? tally.kind() : 'absent', title: tally ? tally.words() : ''}, tally ? tally.text() : '');
      }))))));
}

function themeBody(row, theme) {
  const names = (data.themes[row.role] || {})[theme] || [];
  const byName = new Map(names.map(name => [name, []]));
  for (const index of cellsOf(row)) {
    const its = byName.get(slot(index).name);
    if (its) its.push(index);
  }
  const checks = [...byName].filter(([, cells]) => cells.length).map(([name, cells]) => [name, tallyOf(row, cells)]);
  checks.sort((one, other) => ranks[one[1].worst] - ranks[other[1].worst]);
  return [trail(row), title(theme + ': ' + who(row)), make('ul', {class: 'cells'}, ...checks.map(([name, tally]) => make('li', {},
    badge(tally.worst), ' ', make('a', {href: addressToOpen(row.name + '/' + name)}, name), ' ',
    make('span', {class: 'alike'}, tally.words()), sentence(name))))];
}

function sentence(name) {
  const check = data.checks[name];
  return check && check.sentence ? make('span', {class: 'sentence'}, check.sentence) : null;
}

// One case or check over its framings and transports.
function caseBody(row, name, cells) {
  cells.sort((one, other) => ranks[row.codes[one]] - ranks[row.codes[other]]);
  return [trail(row), title(name), make('p', {}, who(row) + ': ' + tallyOf(row, cells).words()),
    make('ul', {class: 'cells'}, ...cells.slice(0, MOST).map(index => {
      const full = cellName(row, index), at = slot(index);
      return make('li', {}, badge(row.codes[index]), ' ',
        make('a', {href: addressToOpen(full)}, routeOf(at) + ' / ' + at.transport), ' ',
        make('span', {class: 'alike'}, wordsOf(row.codes[index])), said(noteOf(row, index)));
    })), ...demand(name)];
}

function cellBody(row, index) {
  const code = row.codes[index], at = slot(index), note = noteOf(row, index), name = cellName(row, index);
  const detail = detailOf(row, index);
  return [trail(row, index),
    title(badge(code, wordsOf(code)), ' ', at.name),
    make('p', {class: 'name'}, make('code', {}, name), ' ', copyButton(name, 'the name of the cell')),
    note.text ? make('p', {class: 'verdict'}, note.text) : null,
    note.known ? make('p', {class: 'verdict'}, 'Known failure: ' + note.known) : null,
    ...(detail ? evidence(detail, row) : withoutDetail(code)), ...demand(at.name), meaning(code), neighbours(row, index)]
    .filter(Boolean);
}

function withoutDetail(code) {
  if (outcomes[code] > IS_KNOWN) return [];
  return [make('p', {class: 'none'}, data.withoutDetails
    ? `This page has no details of this cell, to stay small; look it up in ${data.file}.` : 'The run kept no details of this cell.')];
}

function evidence(detail, row) {
  const parts = [];
  if (detail.expected !== undefined || detail.actual !== undefined) {
    parts.push(make('div', {class: 'sides'}, side('Expected', detail.expected), side('Actual', detail.actual)));
  }
  if (detail.commands) {
    parts.push(make('h3', {}, 'Repeat it'), ...detail.commands.map(([what, command]) => make('div', {class: 'command'},
      make('span', {class: 'what'}, what), make('pre', {tabindex: 0}, command), copyButton(command, 'the command: ' + what))));
  }
  if (detail.trace) {
    parts.push(make('p', {class: 'trace'}, make('a', {href: detail.trace}, 'Both ends in one picture'), ', from another run of this cell'));
  }
  if (detail.wire) parts.push(make('h3', {}, 'Bytes'), ...detail.wire.map(dump));
  if (detail.stderr) {
    parts.push(make('h3', {}, 'Standard error'), ...Object.entries(detail.stderr).map(([end, text]) =>
      make('div', {class: 'stderr'}, make('span', {class: 'what'}, stderrName(row, end)),
        text.trim() ? make('pre', {tabindex: 0}, text) : make('p', {class: 'none'}, 'nothing'))));
  }
  return parts;
}

function stderrName(row, end) {
  const index = end === 'client' ? row.client : end === 'server' ? row.server : SUITE;
  return end === 'suite' || index === SUITE ? end : end + ' (' + data.names[index] + ')';
}

function side(name, text) {
  return make('div', {}, make('h3', {}, name), make('pre', {tabindex: 0}, text === undefined ? 'not said' : text));
}

// What the contract demands, in its own words.
function demand(name) {
  const check = data.checks[name];
  if (!check) return [];
  const line = (what, text) => text ? make('div', {}, make('dt', {}, what), make('dd', {}, text)) : null;
  const contract = pageLink(check.contract), lesson = pageLink(check.lesson);
  return [make('h3', {}, 'Demanded'), make('p', {}, check.sentence || ''),
    check.quote && check.quote !== check.sentence ? make('blockquote', {}, check.quote) : null,
    make('dl', {class: 'terms'}, line('on the wire', check.wire), line('expected', check.expected),
      line('contract', contract), line('lesson', lesson))].filter(Boolean);
}

function meaning(code) {
  const status = statusOf(code);
  return make('p', {class: 'meaning'}, make('b', {}, status.word), ': ' + status.meaning + '. ',
    outcomes[code] === PASSED ? null : make('span', {}, 'Look first at ' + status.first + '. '),
    make('a', {href: 'docs/results.md'}, 'More'));
}

// The failures before and behind this one, in the order of the list.
function neighbours(row, index) {
  const groups = sortedGroups(current.groups);
  const at = groups.findIndex(group => group.row === row && group.cells.includes(index));
  if (at < 0) return null;
  const to = (place, text) => groups[place]
    ? make('a', {href: addressToOpen(cellName(groups[place].row, groups[place].cells[0]))}, text) : make('span', {}, '');
  return make('nav', {class: 'neighbours', 'aria-label': 'Failures'},
    to(at - 1, '← failure before'), make('span', {}, `${number(at + 1)} of ${number(groups.length)}`), to(at + 1, 'next failure →'));
}
