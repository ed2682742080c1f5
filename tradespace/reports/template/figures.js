// Figures, in the colours of the reader's scheme, drawn one after the other once the page can be used.
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 60rem)");
const drawn = new Map(); // the place of a figure, and the shapes that it has of its own
const PAPER_WIDTH = 680;

function colours(isDark) {
  return isDark
    ? { ink: "#D5DAE1", grid: "#313742", card: "#232932", edge: "#7D8795", veil: "rgba(27,31,37,0.8)" }
    : { ink: "#30343B", grid: "#E3E6EA", card: "#FFFFFF", edge: "#79818C", veil: "rgba(255,255,255,0.8)" };
}
// What a scheme changes of a layout, by path.
function scheme(layout, isDark) {
  const { ink, grid, card, edge, veil } = colours(isDark);
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", "font.color": ink,
    "hoverlabel.bgcolor": card, "hoverlabel.bordercolor": edge, "hoverlabel.font.color": ink,
    ...Object.fromEntries((layout.annotations ?? []).flatMap(({ showarrow }, place) => showarrow ? [[`annotations[${place}].bgcolor`, veil]] : [])),
    ...Object.fromEntries(axes.flatMap((axis) => [[`${axis}.gridcolor`, grid], [`${axis}.linecolor`, edge]])),
  };
}
function put(target, path, value) {
  const keys = path.split(/[.[\]]+/);
  const last = keys.pop();
  for (const key of keys) target = target[key] ??= {};
  target[last] = value;
}

// Plotly's code is packed into the page; a script that is made here is one of the page's own.
async function loadPlotly() {
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (each) => each.charCodeAt(0));
  const code = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(code).text();
  document.head.append(script);
}
function draw(place) {
  if (drawn.has(place)) return;
  const figure = data.figures[place.dataset.figure];
  const layout = figure.layout;
  for (const [path, value] of Object.entries(scheme(layout, dark.matches))) put(layout, path, value);
  if (narrow.matches) layout.dragmode = false; // a finger on a figure moves the page
  drawn.set(place, layout.shapes ?? []);
  Plotly.newPlot(place, figure.data, layout, {
    responsive: true, displaylogo: false, displayModeBar: narrow.matches ? false : "hover",
    modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
  });
  place.on("plotly_click", (event) => select(event.points[0].customdata, place));
  place.closest("figure").classList.toggle("selectable", stops(place).length > 0);
  markIn(place);
}
// A figure takes the width of its place, which has none while it is folded.
function toBeDrawn() {
  if (!window.Plotly) return [];
  return [...document.querySelectorAll(".plot")].filter((place) => place.clientWidth && !drawn.has(place));
}
async function drawAll() {
  await loadPlotly();
  for (const place of toBeDrawn()) {
    draw(place);
    await new Promise((done) => setTimeout(done));
  }
  performance.mark("drawn");
  document.documentElement.dataset.drawn = "all";
}
function recolour(isDark, width) {
  for (const place of drawn.keys()) {
    Plotly.relayout(place, { ...scheme(place.layout, isDark), width: width ?? null, autosize: !width });
    markIn(place);
  }
}

// Pipelines of a figure from left to right, for the arrow keys, each once; those in the background are left out.
function stops(place) {
  const all = place.data.flatMap((trace, curveNumber) => {
    const numbers = trace.meta === "background" ? [] : (trace.customdata ?? []);
    return numbers.map((number, pointNumber) => ({ curveNumber, pointNumber, number, x: trace.x?.[pointNumber] ?? null }));
  });
  const known = all.filter(({ number, x }) => number !== null && x !== null);
  return [...new Map(known.map((stop) => [stop.number, stop])).values()].sort((a, b) => a.x - b.x);
}
function step(place, direction) {
  const all = stops(place);
  if (!all.length) return;
  place.stop = place.stop === undefined ? 0 : (place.stop + direction + all.length) % all.length;
  const { curveNumber, pointNumber } = all[place.stop];
  const trace = place.data[curveNumber];
  Plotly.Fx.hover(place, [{ curveNumber, pointNumber }], `${trace.xaxis ?? "x"}${trace.yaxis ?? "y"}`);
  const text = (trace.hovertext ?? trace.text)?.[pointNumber] ?? "";
  said.textContent = text.replace(/<[^>]*>/g, " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
document.addEventListener("keydown", (event) => {
  const place = event.target;
  if (!drawn.has(place)) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") step(place, event.key === "ArrowRight" ? 1 : -1);
  else if (event.key === "Enter" && place.stop !== undefined) select(stops(place)[place.stop].number, place);
  else return;
  event.preventDefault();
});
