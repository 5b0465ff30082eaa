const CASE_NUMBERS = new Map(data.cases.map((name, number) => [name, number]));

// Peers x checks, folded into themes, and clients x servers.
function tableOf(name, columns, body) {
  const head = make('tr', {}, make('th', {class: 'corner', scope: 'col', tabindex: -1}, name));
  for (const column of columns) head.append(columnHead(column));
  const table = make('table', {class: columns.length > 20 ? 'grid dense' : 'grid', role: 'grid', 'aria-label': name},
    make('thead', {}, head), make('tbody', {}, ...body));
  const first = table.querySelector('td[data-open]') || head.firstChild;
  first.tabIndex = 0;
  gridKeys(table);
  return table;
}

function columnHead(index) {
  const name = data.names[index];
  const chosen = state.peer === name;
  return make('th', {
    scope: 'col', tabindex: -1, 'aria-label': name + (chosen ? ': show every peer' : ': show this peer alone'),
    onclick: () => change({peer: chosen ? '' : name}),
  }, make('span', {}, name));
}

function tallyCell(tally, path, what, single) {
  if (!tally) return make('td', {tabindex: -1, class: 'absent', 'aria-label': what + ': not in this run or view'});
  let text = tally.text();
  if (single && tally.run) {
    text = letterOf(tally.worst);
    if (tally.counts[FAILED] && tally.total > 1) text += tally.counts[FAILED];
  }
  return make('td', {
    tabindex: -1, class: tally.kind(), 'data-open': path, 'aria-label': what + ': ' + tally.words(),
    onclick: () => openPath(path),
  }, text);
}

function pairTable(view) {
  const there = new Set();
  for (const index of view.pairs.keys()) there.add(rows[index].client).add(rows[index].server);
  const clients = new Set([...view.pairs.keys()].map(index => rows[index].client));
  const servers = new Set([...view.pairs.keys()].map(index => rows[index].server));
  const names = [...data.names.keys()];
  const columns = names.filter(index => servers.has(index));
  const body = names.filter(index => clients.has(index)).map(client => {
    const tr = make('tr', {}, make('th', {scope: 'row', tabindex: -1}, make('span', {}, data.names[client])));
    for (const server of columns) {
      const name = data.names[client] + '-to-' + data.names[server], row = rowByName.get(name);
      tr.append(tallyCell(row && view.pairs.get(row.index), name, data.names[client] + ' to ' + data.names[server]));
    }
    return tr;
  });
  return columns.length ? tableOf('client', columns, body) : null;
}

function checkTable(view, role) {
  const peers = rows.filter(row => row.role === role && [...Object.keys(data.themes[role])].some(
    theme => view.themes.has(row.index + '/' + theme))).sort((one, other) => one.peer - other.peer);
  if (!peers.length) return null;
  const body = [];
  for (const [theme, names] of Object.entries(data.themes[role])) {
    if (!peers.some(row => view.themes.has(row.index + '/' + theme))) continue;
    const shown = names.filter(name => peers.some(row => view.checks.has(row.index + '/' + CASE_NUMBERS.get(name))));
    const open = isUnfolded(theme);
    body.push(themeRow(view, role, theme, shown.length, peers, open));
    if (open) body.push(...shown.map(name => checkRow(view, name, peers)));
  }
  return tableOf('check', peers.map(row => row.peer), body);
}

function isUnfolded(theme) {
  return state.unfold.includes('all') || state.unfold.includes(theme) || state.theme === theme || Boolean(state.q);
}

function themeRow(view, role, theme, count, peers, open) {
  const head = make('th', {
    scope: 'row', tabindex: -1, 'aria-expanded': String(open), 'data-theme': theme,
    'aria-label': theme + ', ' + many(count, 'check') + (open ? ': fold' : ': unfold'), onclick: () => fold(theme, open),
  }, make('span', {}, (open ? '▾ ' : '▸ ') + theme), make('small', {}, many(count, 'check')));
  const tr = make('tr', {class: 'theme'}, head);
  for (const row of peers) {
    const what = data.names[row.peer] + ' as ' + role + ', ' + theme;
    tr.append(tallyCell(view.themes.get(row.index + '/' + theme), row.name + '/theme:' + theme, what));
  }
  return tr;
}

function checkRow(view, name, peers) {
  const check = data.checks[name] || {};
  const tr = make('tr', {class: 'check'}, make('th', {
    scope: 'row', tabindex: -1, 'aria-label': name + (check.sentence ? ': ' + check.sentence : ''),
    onclick: () => change({q: state.q === name ? '' : name}),
  }, make('span', {}, name), check.sentence ? make('small', {}, check.sentence) : null));
  for (const row of peers) {
    const tally = view.checks.get(row.index + '/' + CASE_NUMBERS.get(name));
    tr.append(tallyCell(tally, row.name + '/' + name, data.names[row.peer] + ', ' + name, true));
  }
  return tr;
}

function fold(theme, open) {
  let unfold = state.unfold;
  if (unfold.includes('all')) unfold = [...new Set(themeOf.values())];
  change({unfold: open ? unfold.filter(other => other !== theme) : [...unfold, theme]});
}

function showTables(view) {
  for (const [name, table] of [['servers', checkTable(view, 'server')], ['clients', checkTable(view, 'client')],
    ['pairs', pairTable(view)]]) {
    const section = document.getElementById(name);
    if (!section) continue;
    section.hidden = !table;
    if (table) redraw(section.querySelector('.scroll'), table);
    tools(section, name);
  }
}

// A table that is drawn again keeps its place, and the focus stays where it was.
function redraw(scroll, table) {
  const focused = scroll.contains(document.activeElement) && document.activeElement.closest('td, th');
  const at = focused && [focused.parentNode.rowIndex, focused.cellIndex];
  const theme = focused && focused.getAttribute('data-theme');
  const {scrollTop, scrollLeft} = scroll;
  scroll.replaceChildren(table);
  scroll.scrollTop = scrollTop;
  scroll.scrollLeft = scrollLeft;
  if (!at) return;
  const same = theme && [...table.querySelectorAll('[data-theme]')].find(one => one.getAttribute('data-theme') === theme);
  const row = table.rows[Math.min(at[0], table.rows.length - 1)];
  focusCell(table, same || row.cells[Math.min(at[1], row.cells.length - 1)]);
}

// Above each table: what the cell under the pointer or with the focus says; and for checks how far they are unfolded.
function tools(section, name) {
  let bar = section.querySelector('.tools');
  if (!bar) {
    bar = make('div', {class: 'tools'}, make('p', {class: 'says'}));
    section.insertBefore(bar, section.querySelector('.scroll'));
    if (name !== 'pairs') {
      bar.append(
        make('button', {type: 'button', class: 'fails', onclick: () => change({unfold: failing()})}, 'Unfold what fails'),
        make('button', {type: 'button', onclick: () => change({unfold: ['all']})}, 'Unfold all'),
        make('button', {type: 'button', onclick: () => change({unfold: []})}, 'Fold all'));
    }
  }
  if (name !== 'pairs') bar.querySelector('.fails').hidden = !failing().length;
  bar.querySelector('.says').textContent = name === 'pairs'
    ? 'A number counts cells that passed; ✗ and k those that failed and those known to fail.'
    : 'Themes count cells; a theme unfolds to its checks.';
}

function failing() {
  const themes = new Set();
  for (const [key, tally] of current.themes) {
    if (tally.counts[FAILED]) themes.add(key.slice(key.indexOf('/') + 1));
  }
  return [...themes];
}
