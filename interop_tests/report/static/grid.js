// A table in which arrow keys move: one cell at a time is in the order of Tab.
function gridKeys(table) {
  const place = cell => [cell.parentNode.rowIndex, cell.cellIndex];
  const go = (row, column) => {
    const line = table.rows[Math.max(0, Math.min(row, table.rows.length - 1))];
    const cell = line.cells[Math.max(0, Math.min(column, line.cells.length - 1))];
    focusCell(table, cell);
  };
  table.addEventListener('keydown', event => {
    const cell = event.target.closest('td, th');
    if (!cell || event.altKey || event.metaKey) return;
    const [row, column] = place(cell);
    const moves = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column], PageUp: [row - 10, column], PageDown: [row + 10, column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? table.rows.length : row, line(cell).cells.length],
    };
    if (moves[event.key]) {
      event.preventDefault();
      go(...moves[event.key]);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      cell.click();
    }
  });
  table.addEventListener('focusin', event => follows(table, event.target.closest('td, th')));
  table.addEventListener('pointerover', event => crossed(table, event.target.closest('td, th')));
}

function line(cell) {
  return cell.parentNode;
}

function focusCell(table, cell) {
  if (!cell) return;
  follows(table, cell);
  cell.focus();
}

// Tab comes back to the cell that had the focus last.
function follows(table, cell) {
  if (!cell) return;
  for (const other of table.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
  crossed(table, cell);
}

// The names of the row and the column of the cell under the pointer or with the focus stand out.
function crossed(table, cell) {
  for (const other of table.querySelectorAll('.crossed')) other.classList.remove('crossed');
  if (!cell) return;
  line(cell).cells[0].classList.add('crossed');
  table.rows[0].cells[cell.cellIndex].classList.add('crossed');
  const label = cell.getAttribute('aria-label') || '';
  cell.title = label;
  const says = table.closest('section').querySelector('.says');
  if (says && label) says.textContent = label;
}
