// The list of what failed, the worst first; a check before a pair, since it names the bug.
const AT_FIRST = 25;
let failuresShown = AT_FIRST;

function sortedGroups(groups) {
  return [...groups.values()].sort((one, other) =>
    (outcomes[one.code] - outcomes[other.code]) || (!one.row.role - !other.row.role) || (ranks[one.code] - ranks[other.code]));
}

function groupItem(group) {
  const first = group.cells[0], name = cellName(group.row, first), at = slot(first);
  const alike = group.cells.length - 1;
  return make('li', {}, badge(group.code, wordsOf(group.code)), make('span', {},
    ' ', make('a', {href: addressToOpen(name), 'data-open': name}, make('bdi', {}, name)),
    alike ? make('a', {class: 'alike', href: addressToOpen(group.row.name + '/' + at.name)}, `and ${number(alike)} more alike`) : null),
    said(noteOf(group.row, first)), group.row.role ? sentence(at.name) : null);
}

function failureCount(groups) {
  const counts = [0, 0];
  for (const group of groups) counts[outcomes[group.code]] += group.cells.length;
  const known = counts[IS_KNOWN] ? `, then ${many(counts[IS_KNOWN], 'known failure')}` : '';
  return many(counts[FAILED], 'cell') + known;
}

function said(note) {
  return note.text || note.known ? make('q', {class: 'said'}, note.known ? 'known: ' + note.known : note.text) : null;
}

function showFailures(view) {
  const groups = sortedGroups(view.groups);
  const list = document.getElementById('failure-list');
  document.getElementById('failure-count').textContent = groups.length ? failureCount(groups) : '';
  if (!groups.length) {
    list.replaceChildren(make('p', {class: 'none'}, filtered() ? 'No cell of this view failed.' : 'No cell failed.'));
    return;
  }
  const items = make('ul', {class: 'cells groups'}, ...groups.slice(0, failuresShown).map(groupItem));
  const more = groups.length > failuresShown ? make('button', {type: 'button', onclick: () => {
    const from = failuresShown;
    failuresShown += 200;
    showFailures(view);
    list.querySelectorAll('li')[from].querySelector('a').focus();
  }}, `Show more of ${number(groups.length)}`) : null;
  list.replaceChildren(items, ...(more ? [more] : []));
}
