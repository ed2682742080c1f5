"use strict";
// All text comes from data and models: it is only ever set as textContent.
const SECONDS_BETWEEN = 3;
const SECONDS_PATIENT = 2;
const byId = (id) => document.getElementById(id);
let shownReport = 0;
let last = null;

function say(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text; // a screen reader says what changed
}

function note(text) {
  say("note", text);
  byId("note").hidden = !text;
}

function listed(id, texts) {
  byId(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function phase(state) {
  if (state.ended) return "The exploration is over.";
  return state.stopping ? "Stopping: what was stored is kept, and the report is written." : `${state.phase} …`;
}

function showReport(state) {
  say("shown", state.report ? `The report below was made at ${state.time}.` : "");
  if (state.report === shownReport) return;
  const frame = byId("report");
  if (shownReport) frame.contentWindow.location.reload(); // which stays where it was scrolled to
  else frame.src = "report";
  shownReport = state.report;
  frame.hidden = false;
  byId("empty").hidden = true;
}

function show(state) {
  last = state;
  document.title = `${state.name} · Tradespace`;
  say("name", state.name);
  say("phase", phase(state));
  say("doing", state.ended ? "" : state.doing);
  listed("lines", state.lines);
  listed("warnings", state.warnings);
  byId("warnings-part").hidden = state.warnings.length === 0;
  byId("stop").disabled = state.stopping || state.ended;
  byId("stop").hidden = state.ended;
  note(state.ended ? `This page is served no longer. The report is kept in ${state.path}` : state.problem);
  showReport(state);
}

function gone() {
  byId("stop").disabled = true;
  say("doing", "");
  say("phase", "The exploration has ended, or this page was opened by an old address.");
  note(last ? `What was found is kept in ${last.path}` : "");
}

async function poll() {
  const waiting = setTimeout(
    () => note("Something is being measured. So as not to disturb it, this page waits."), 1000 * SECONDS_PATIENT);
  try {
    const response = await fetch("progress");
    if (!response.ok) throw new Error(response.status);
    show(await response.json());
    if (!last.ended) setTimeout(poll, 1000 * SECONDS_BETWEEN);
  } catch (error) {
    gone();
  } finally {
    clearTimeout(waiting);
  }
}

async function stop() {
  byId("stop").disabled = true;
  try {
    const told = {method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"};
    const response = await fetch("stop", told);
    if (!response.ok) throw new Error(response.status);
    say("phase", phase({stopping: true}));
  } catch (error) {
    note("The exploration could not be told to stop: press Ctrl-C in its terminal.");
    byId("stop").disabled = false;
  }
}

byId("stop").addEventListener("click", stop);
poll();
