"use strict";
// All text comes from data and models: it is only ever set as textContent.
const byId = (id) => document.getElementById(id);
let answers = [];
let place = 0;
let busy = false;

const isOpen = (answer) => answer.value === null && !answer.skipped;

function listed(id, texts) {
  byId(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function show() {
  const answer = answers[place];
  const done = answers.filter((each) => !isOpen(each)).length;
  byId("progress").textContent = `${done} of ${answers.length} answered`;
  byId("bar").value = answers.length ? done / answers.length : 1;
  byId("card").hidden = !answer;
  byId("done").hidden = Boolean(answer);
  for (const id of ["yes", "no", "skip"]) byId(id).disabled = !answer;
  byId("back").disabled = place === 0;
  if (!answer) return;
  byId("question").textContent = answer.question;
  byId("answer").textContent = answer.answer || "(an empty answer)";
  byId("answer").classList.toggle("empty", !answer.answer);
  byId("references-part").hidden = answer.references.length === 0;
  listed("references", answer.references.map((text) => text || "(empty: to decline is right)"));
  byId("passages-part").hidden = answer.passages.length === 0;
  listed("passages", answer.passages);
  byId("yes").classList.toggle("said", answer.value === 1);
  byId("no").classList.toggle("said", answer.value === 0);
  byId("skip").classList.toggle("said", answer.skipped);
}

async function posted(what, content) {
  const response = await fetch(what, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(content),
  });
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.problem || `the server answered ${response.status}`);
}

async function say(value) {
  const answer = answers[place];
  if (!answer || busy) return;
  busy = true;
  try {
    await posted("label", {key: answer.key, value});
    answer.value = value;
    answer.skipped = value === null;
    const next = answers.findIndex((each, position) => position > place && isOpen(each));
    const first = answers.findIndex(isOpen);
    place = next >= 0 ? next : first >= 0 ? first : answers.length;
    byId("problem").hidden = true;
    show();
    window.scrollTo(0, 0);
  } catch (error) {
    problem(`Not stored: ${error.message}. Is \`tradespace judge\` still running?`);
  } finally {
    busy = false;
  }
}

function problem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = false;
}

function back() {
  if (place > 0) place -= 1;
  show();
}

async function end() {
  try {
    await posted("end", {});
    document.querySelector("main").textContent = "Finished. The labels are in the study; this page can be closed.";
  } catch (error) {
    problem(`Not ended: ${error.message}.`);
  }
}

const keys = {y: () => say(1), n: () => say(0), s: () => say(null), b: back, ArrowLeft: back};
document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(key in keys)) return;
  event.preventDefault();
  keys[key]();
});
byId("yes").addEventListener("click", keys.y);
byId("no").addEventListener("click", keys.n);
byId("skip").addEventListener("click", keys.s);
byId("back").addEventListener("click", back);
byId("end").addEventListener("click", end);

fetch("answers").then((response) => response.json()).then((shown) => {
  answers = shown.answers;
  byId("policy").textContent = shown.policy;
  byId("policy-part").hidden = !shown.policy;
  const first = answers.findIndex(isOpen);
  place = first >= 0 ? first : answers.length;
  show();
}).catch((error) => problem(`The answers cannot be read: ${error.message}.`));
