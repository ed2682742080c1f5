// One pipeline may be selected: it is marked wherever it stands, and its details are shown.
const panel = document.getElementById("details");
const said = document.getElementById("said");
let selected = null;
let opener = null;

function select(number, from) {
  if (!Number.isInteger(number)) return;
  selected = number;
  opener = from ?? null;
  mark();
  fill(number, data.pipelines[number]);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("selected");
  history.replaceState(null, "", `#pipeline-${number}`);
  panel.focus({ preventScroll: true });
}
function deselect() {
  selected = null;
  mark();
  panel.hidden = true;
  document.body.classList.remove("selected");
  history.replaceState(null, "", location.href.split("#")[0]);
  opener?.focus({ preventScroll: true });
}

function mark() {
  for (const row of document.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  for (const row of document.querySelectorAll(`tr[data-pipeline="${selected}"]`)) row.setAttribute("aria-current", "true");
  for (const place of drawn.keys()) markIn(place);
}
function markIn(place) {
  const marks = selected === null ? [] : place.data.flatMap((trace) => marksOf(trace, place.layout.font.color));
  if (!marks.length && (place.layout.shapes?.length ?? 0) === drawn.get(place).length) return;
  Plotly.relayout(place, { shapes: [...drawn.get(place), ...marks] });
}
// A ring around a mark, a frame around a row of bars. A row is at its place in the order of categories.
function marksOf(trace, ink) {
  return (trace.customdata ?? []).flatMap((number, index) => {
    const [x, y] = [trace.x?.[index], typeof trace.y?.[index] === "string" ? index : trace.y?.[index]];
    if (number !== selected || x == null || y == null) return [];
    const line = { color: ink, width: 2.5 };
    const shape = { yref: trace.yaxis ?? "y", ysizemode: "pixel", yanchor: y, line };
    return trace.type === "bar"
      ? [{ ...shape, type: "rect", xref: "paper", x0: 0, x1: 1, y0: -15, y1: 15 }]
      : [{ ...shape, type: "circle", xref: trace.xaxis ?? "x", xsizemode: "pixel", xanchor: x, x0: -11, x1: 11, y0: -11, y1: 11 }];
  });
}

function fill(number, details) {
  const put = (id, text) => { document.getElementById(`details-${id}`).textContent = text; };
  put("title", details ? `Pipeline #${number}${details.standing ? `, ${details.standing}` : ""}` : `Pipeline #${number}`);
  put("notation", details?.notation ?? "This page lists the best pipelines only, and has no details of this one: “tradespace show --all” lists it.");
  panel.querySelector(".columns").hidden = !details;
  if (!details) return;
  put("yaml", details.yaml);
  put("python", details.python);
  document.getElementById("details-figures").replaceChildren(...details.figures.map(pair));
  document.getElementById("details-stages").replaceChildren(...details.stages.map(({ stage, p50, p95 }) => element("tr", ...[stage, p50, p95].map((text) => element("td", text)))));
}
function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children); // texts become text
  return made;
}
function pair([name, text]) {
  return element("div", element("dt", name), element("dd", text));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("a, summary, #details")) return;
  const place = event.target.closest("[data-pipeline]");
  if (place && !(event.detail && String(getSelection()))) select(Number(place.dataset.pipeline), place.querySelector("button") ?? place);
});
document.getElementById("close").addEventListener("click", deselect);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && selected !== null) deselect(); });
