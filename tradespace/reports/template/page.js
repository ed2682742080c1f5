"use strict";
const data = JSON.parse(document.getElementById("data").textContent);

// Figures, in the colours of the reader's scheme; paper is always light.
const dark = matchMedia("(prefers-color-scheme: dark)");
const isNarrow = matchMedia("(max-width: 40rem)");
const drawn = [];
function scheme(isDark) {
  const grid = isDark ? "#313742" : "#E3E6EA";
  const ink = isDark ? "#D5DAE1" : "#30343B";
  return {
    "font.color": ink,
    "xaxis.gridcolor": grid, "yaxis.gridcolor": grid,
    "xaxis.linecolor": grid, "yaxis.linecolor": grid,
    "hoverlabel.bgcolor": isDark ? "#232932" : "#FFFFFF",
    "hoverlabel.bordercolor": isDark ? "#4A5362" : "#C3C8CF",
    "hoverlabel.font.color": ink,
  };
}
function recolour(isDark) {
  for (const place of drawn) Plotly.relayout(place, scheme(isDark));
}
const config = { responsive: true, displaylogo: false, modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]] };
for (const [name, figure] of Object.entries(data.figures)) {
  const place = document.getElementById(`figure-${name}`);
  if (!place) continue;
  // A responsive figure takes the size of its place, which must therefore have one.
  place.style.height = `${figure.layout.height}px`;
  Plotly.newPlot(place, figure.data, figure.layout, { ...config, displayModeBar: isNarrow.matches ? false : "hover" });
  place.on("plotly_click", (event) => show(event.points[0].customdata));
  drawn.push(place);
}
recolour(dark.matches);
dark.addEventListener("change", () => recolour(dark.matches));
addEventListener("beforeprint", () => recolour(false));
addEventListener("afterprint", () => recolour(dark.matches));

// The YAML of a pipeline.
const dialog = document.getElementById("yaml");
const copied = document.getElementById("copied");
function show(number) {
  const pipeline = data.pipelines[number];
  if (!pipeline) return;
  document.getElementById("yaml-title").textContent = `Pipeline #${number}`;
  document.getElementById("yaml-pipeline").textContent = pipeline.notation;
  document.getElementById("yaml-text").textContent = pipeline.yaml;
  copied.textContent = "";
  dialog.showModal();
}
async function copyYaml() {
  const text = document.getElementById("yaml-text");
  try {
    await navigator.clipboard.writeText(text.textContent);
    copied.textContent = "Copied.";
  } catch {
    // A page opened from a file may not be allowed to write: select the text instead.
    getSelection().selectAllChildren(text);
    copied.textContent = "Selected: copy it with your keyboard.";
  }
}
document.getElementById("copy").addEventListener("click", copyYaml);
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.open");
  if (button) show(button.dataset.pipeline);
});

// Tables sort by the value behind a cell; what is missing stays last either way.
function value(row, column) {
  const order = row.cells[column].dataset.order;
  if (order === undefined) return null;
  return order.trim() === "" || Number.isNaN(Number(order)) ? order : Number(order);
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
function sort(table, column) {
  const head = table.tHead.rows[0].cells[column];
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const rows = [...table.tBodies[0].rows].map((row) => [value(row, column), row]);
  rows.sort(([a], [b]) => (a === null) - (b === null) || (a === null ? 0 : direction * compare(a, b)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}
for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    cell.querySelector("button").addEventListener("click", () => sort(table, column));
  });
}

// Finding pipelines in the table.
const find = document.getElementById("find");
const bestOnly = document.getElementById("best-only");
const rows = [...document.querySelectorAll("#pipelines-table tbody tr")];
function filter() {
  const wanted = find.value.toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = row.textContent.toLowerCase().includes(wanted) && !(bestOnly.checked && row.dataset.dominated);
    row.hidden = !fits;
    count += fits;
  }
  document.getElementById("shown").textContent = `${count} of ${rows.length} listed`;
}
find.addEventListener("input", filter);
bestOnly.addEventListener("change", filter);
filter();
