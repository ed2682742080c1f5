// Copying, the address, paper, and the order in which all begins.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = "Copied.";
    button.textContent = "Copied";
  } catch {
    // A page opened from a file may not be allowed to write: select the text instead.
    getSelection().selectAllChildren(text);
    said.textContent = "Selected: copy it with your keyboard.";
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
});

// An address may name a pipeline, or a section, which is opened if it is folded.
function follow() {
  const [, number] = location.hash.match(/^#pipeline-(\d+)$/) ?? [];
  if (number) select(Number(number));
  else document.getElementById(location.hash.slice(1))?.querySelector("details.folded")?.setAttribute("open", "");
}
addEventListener("hashchange", follow);
document.addEventListener("toggle", (event) => { if (event.target.open) toBeDrawn().forEach(draw); }, true);
dark.addEventListener("change", () => recolour(dark.matches));

// Paper is light, as wide as a sheet, and shows what was folded.
function toPaper() {
  for (const each of document.querySelectorAll("details:not([open])")) {
    each.open = true;
    each.dataset.folded = "";
  }
  toBeDrawn().forEach(draw);
  recolour(false, PAPER_WIDTH);
}
function fromPaper() {
  for (const each of document.querySelectorAll("details[data-folded]")) {
    each.open = false;
    delete each.dataset.folded;
  }
  recolour(dark.matches);
}
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);

// The section that is being read is marked in the navigation.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const reading = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) links.get(target.id)?.setAttribute("aria-current", "true");
    else links.get(target.id)?.removeAttribute("aria-current");
  }
}, { rootMargin: "-40% 0px -59% 0px" });
for (const id of links.keys()) reading.observe(document.getElementById(id));

for (const place of document.querySelectorAll(".plot")) {
  const figure = data.figures[place.dataset.figure];
  if (figure) place.style.height = `${figure.layout.height}px`;
  else place.remove();
}
for (const controls of document.querySelectorAll(".filters")) offerChoices(controls);
follow();
performance.mark("interactive");
drawAll().catch((error) => { said.textContent = `The figures could not be drawn: ${error}`; });
