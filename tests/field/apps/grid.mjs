// SPDX-License-Identifier: MIT
// ag-Grid: a table that draws only the rows in view, with cells that are edited in place.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Stock</title><script src="/grid/ag-grid-community.min.js"></script>
<style>body { font: 15px sans-serif; margin: 14px } #grid { height: 480px } form { margin: 10px 0 }</style></head><body><form id="row"><label>Plant <input name="plant"></label> <label>Shelf <input name="shelf"></label> <button>Add a row</button>
<button type="button" id="sheet">Download</button> <button type="button" id="order">Order</button> <button type="button" id="stock" disabled>Take stock</button></form><div id="grid" class="ag-theme-quartz"></div><script src="/site.js"></script></body></html>`;

const SCRIPT = `const kinds = ['Fern', 'Moss', 'Lichen', 'Horsetail'];
const rows = Array.from({ length: 400 }, (_, i) => ({ id: i + 1, plant: kinds[i % 4] + ' ' + i, shelf: 'S' + i % 17, price: 3 + i % 9, left: (i * 7) % 40 }));
const grid = agGrid.createGrid(document.getElementById('grid'), { rowData: rows, rowSelection: 'multiple', pagination: true,
  columnDefs: [{ field: 'id', width: 90, checkboxSelection: true }, { field: 'plant', editable: true, filter: true }, { field: 'shelf', editable: true }, { field: 'price', width: 110 }, { field: 'left', filter: 'agNumberColumnFilter' }] });
document.getElementById('row').onsubmit = (event) => { event.preventDefault(); const made = Object.fromEntries(new FormData(event.target)); fetch('/rows', { method: 'POST', body: JSON.stringify(made) }).then(() => { grid.applyTransaction({ add: [made], addIndex: 0 }); event.target.reset(); }); };
document.getElementById('sheet').onclick = () => grid.exportDataAsCsv();`;

const row = { '#row [name=plant]': 'Royal fern', '#row [name=shelf]': 'Shelf of the north' };

export default {
  about: 'grid with virtual rows',
  npm: { 'ag-grid-community': '32.3.3' },
  start: ({ modules }) => ({ folders: { '/grid/': join(modules, 'ag-grid-community/dist') }, routes: { '/': PAGE, '/site.js': SCRIPT, '/rows': () => ({ type: 'application/json', body: '{}' }) } }),
  tasks: {
    sends: (visitor) => visitor.form('a row', row, { send: (one) => one.click('#row button') }),
    leaves: (visitor) => visitor.form('a row', row, { leave: (one) => one.goto('/?elsewhere') }),
    async sorts(visitor) {
      await visitor.click('.ag-header-cell[col-id=price] .ag-header-cell-label');
      await visitor.click('#sheet');
      await visitor.click('[ref=btNext], .ag-paging-button[aria-label^=Next]', { times: 4 });
      await visitor.click('#order', { times: 4 });
      await visitor.click('#stock', { times: 3 });
      await visitor.click('#order', { patient: true });
      await visitor.click('#stock');
    },
  },
};
