// Tables: sorted by the value behind a cell, and searched.
const data = JSON.parse(document.getElementById("data").textContent);

function valueBehind(row, column) {
  const order = row.cells[column].dataset.order;
  if (order === undefined) return null;
  return order.trim() === "" || Number.isNaN(Number(order)) ? order : Number(order);
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
// What is missing stays last, either way.
function sortBy(head) {
  const body = head.closest("table").tBodies[0];
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const cell of head.parentNode.cells) cell.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const rows = [...body.rows].map((row) => [valueBehind(row, head.cellIndex), row]);
  rows.sort(([a], [b]) => (a === null) - (b === null) || (a === null ? 0 : direction * compare(a, b)));
  body.append(...rows.map(([, row]) => row));
}

// A row is found by all that it shows, and by the whole notation of its pipeline.
function textOf(row) {
  return `${row.textContent} ${data.pipelines[row.dataset.pipeline]?.notation ?? ""}`.toLowerCase();
}
function filter(id) {
  const control = (kind) => document.querySelector(`${kind}[data-table="${CSS.escape(id)}"]`);
  const wanted = control("input[type=search]").value.trim().toLowerCase();
  const bestOnly = control("input[type=checkbox]")?.checked;
  const rows = [...document.getElementById(id).tBodies[0].rows];
  for (const row of rows) {
    row.hidden = !textOf(row).includes(wanted) || (bestOnly && row.dataset.standing === "dominated");
  }
  control("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
}
document.addEventListener("input", (event) => {
  if (event.target.matches("input[data-table]")) filter(event.target.dataset.table);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.sort");
  if (button) sortBy(button.closest("th"));
});
