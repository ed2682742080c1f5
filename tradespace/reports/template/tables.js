// Tables: sorted by the value behind a cell, and searched.
const MOST_CHOICES = 8;
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
function filter(controls) {
  const [find, bestOnly, output] = ["input[type=search]", "input[type=checkbox]", "output"].map((kind) => controls.querySelector(kind));
  const chosen = [...controls.querySelectorAll("select")].filter((choice) => choice.value);
  const rows = [...controls.parentNode.querySelector("tbody").rows];
  const wanted = find.value.trim().toLowerCase();
  for (const row of rows) {
    const fits = textOf(row).includes(wanted) && !(bestOnly?.checked && row.dataset.standing === "dominated");
    row.hidden = !fits || chosen.some((choice) => row.cells[choice.dataset.column].textContent !== choice.value);
  }
  output.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
}
// A column of few texts that stand in many rows, such as types of questions, can be chosen from.
function offerChoices(controls) {
  const table = controls.parentNode.querySelector("table");
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const cells = [...table.tBodies[0].rows].map((row) => row.cells[column]);
    const texts = new Set(cells.map((cell) => cell.textContent));
    if (texts.size < 2 || texts.size > MOST_CHOICES || 3 * texts.size > cells.length || cells[0].querySelector("button")) return;
    const options = [...texts].filter(Boolean).sort(compare).map((text) => new Option(text, text));
    const choice = element("select", new Option("any", ""), ...options);
    choice.dataset.column = column;
    controls.querySelector("output").before(element("label", `${head.textContent} `, choice));
  });
}
document.addEventListener("input", (event) => {
  const controls = event.target.closest(".filters");
  if (controls) filter(controls);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.sort");
  if (button) sortBy(button.closest("th"));
});
