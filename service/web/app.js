// The page: an article goes in, its passages arrive one by one; or a file of articles, and its rows are counted.

import { cancelBatch, failedRows, newKey, resultsOf, sendBatch, watchBatch } from "./batch.js";
import { Problem, problemOf, rewriteEvents } from "./events.js";
import { make, showPassage } from "./view.js";

const $ = (id) => document.getElementById(id);
const form = $("form");
let running = null; // What aborts the request under way.
let task = "rewrite"; // What was last asked for,
let result = null; // and its JSON.
let stem = "article"; // What downloads are called after.
let key = newKey(); // What the next batch is known by.
let watched = null; // Which batch is shown,
let watching = null; // and what ends the watch over it.

const mode = () => form.elements.mode.value;

// --- what to do ---

form.addEventListener("change", ({ target }) => {
  if (target.name === "mode") showMode();
  key = newKey(); // Asked otherwise, it is another batch.
});

function showMode() {
  const checking = mode() === "check";
  const sending = mode() === "batch";
  $("copy-field").hidden = !checking;
  $("texts").hidden = $("source").disabled = sending;
  $("batch-field").hidden = !sending;
  for (const input of document.querySelectorAll("#batch-field input")) input.disabled = !sending;
  $("start").textContent = { rewrite: "Rewrite", check: "Check", batch: "Send the batch" }[mode()];
  for (const label of document.querySelectorAll("#form .rewrite-only")) {
    label.hidden = label.control.disabled = checking;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  begin();
  try {
    await { rewrite, check, batch }[task](running.signal);
  } catch (error) {
    if (error.name === "AbortError") say("Stopped.");
    else showProblem(error);
  } finally {
    running = null;
    $("start").disabled = false;
    $("stop").hidden = true;
    for (const radio of form.elements.mode) radio.disabled = false;
    $("passages").setAttribute("aria-busy", "false");
  }
});

$("stop").addEventListener("click", () => {
  running?.abort();
  $("start").disabled = false;
  $("start").focus();
});

function begin() {
  task = mode();
  result = null;
  for (const button of document.querySelectorAll("#results .rewrite-only")) button.hidden = task === "check";
  $("problem").hidden = true;
  $("results").hidden = true;
  $("summary").textContent = "";
  $("passages").replaceChildren();
  $("passages").setAttribute("aria-busy", "true");
  $("start").disabled = true;
  $("stop").hidden = false;
  for (const radio of form.elements.mode) radio.disabled = true;
  for (const id of ["copy-text", "save-text", "save-json"]) $(id).disabled = true;
  say("Working …");
}

async function rewrite(signal) {
  const passages = [];
  const article = { text: $("source").value, ...chosen() };
  for await (const [name, data] of rewriteEvents(article, signal)) {
    if (name === "error") throw new Problem(data);
    if (name === "passage") {
      passages.push(data);
      show(data);
      say(`${passages.length} passage${passages.length === 1 ? "" : "s"} done so far …`);
    }
    if (name === "end") {
      const { copy, status, ...rest } = data;
      result = { copy, status, passages, ...rest };
    }
  }
  finish(result.status === "verified" ? "Verified." : "Needs an editor: see the passages kept as filed, and the faults of style.");
  $("copy-text").disabled = $("save-text").disabled = false;
}

async function check(signal) {
  const pair = { source: $("source").value, rewrite: $("copy").value };
  const headers = { "content-type": "application/json" };
  const reply = await fetch("v1/check", { method: "POST", headers, body: JSON.stringify(pair), signal });
  if (!reply.ok) throw await problemOf(reply);
  result = await reply.json();
  show({ source: pair.source, copy: pair.rewrite, probability: result.probability, facts: result.facts, findings: [] });
  finish([result.faithful ? "Faithful." : "Not faithful.", ...result.notices].join(" "));
}

async function batch(signal) {
  const [file] = $("batch-file").files;
  const options = { text_column: $("text-column").value, id_column: $("id-column").value, ...chosen() };
  const { id } = await sendBatch(file, options, key, signal);
  key = newKey();
  say("The batch is sent.");
  history.pushState(null, "", `?batch=${id}`);
  followAddress();
}

/** What is chosen for all articles alike. */
function chosen() {
  return { style: $("style").value, mode: $("extent").value, seed: $("seed").valueAsNumber };
}

// --- what comes out ---

function show(passage) {
  $("results").hidden = false;
  $("passages").append(showPassage(passage));
}

function finish(verdict) {
  const { facts, kept, altered, omitted, unsupported } = result.summary;
  say(`Done. ${verdict}`);
  $("summary").textContent =
    `${verdict} ${facts} fact${facts === 1 ? "" : "s"}: ` +
    `${kept} kept, ${altered} altered, ${omitted} omitted, ${unsupported} unsupported.`;
  $("save-json").disabled = false;
}

function say(words) {
  $("status").textContent = words;
}

function showProblem(error) {
  const { title, detail, request_id } =
    error instanceof Problem
      ? error.details
      : error instanceof TypeError // What fetch throws where there is no connection.
        ? { title: "The service cannot be reached", detail: "Check that it runs, and start again." }
        : { title: "The page failed", detail: String(error) };
  const box = $("problem");
  box.replaceChildren(make("p", {}, make("b", {}, `${title}. `), detail));
  if (request_id) box.append(make("p", { class: "hint" }, `Request ${request_id}`));
  box.hidden = false;
  say("");
}

for (const [id, name] of [["show-changes", "no-changes"], ["show-facts", "no-facts"]]) {
  $(id).addEventListener("change", ({ target }) => $("results").classList.toggle(name, !target.checked));
}

$("copy-text").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(result.copy);
    say("The copy is on the clipboard.");
  } catch {
    say("This browser gives no access to the clipboard here: download the text instead.");
  }
});
$("save-text").addEventListener("click", () => save(result.copy, `${stem}.copy.txt`, "text/plain"));
$("save-json").addEventListener("click", () =>
  save(JSON.stringify(result, null, 2) + "\n", `${stem}.${task}.json`, "application/json"),
);

function save(content, name, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// --- what becomes of a batch ---

const MOST_ROWS = 200; // A table of more would be slow, and nobody reads it.
const STEPS = 4; // So many times it is told aloud how far a batch is.

window.addEventListener("popstate", followAddress);

/** Watch the batch that the address names. */
async function followAddress() {
  const id = new URLSearchParams(location.search).get("batch");
  if (id === watched) return; // A link within the page was followed.
  watched = id;
  watching?.abort();
  $("batch").hidden = true;
  if (!id) return;
  const { signal } = (watching = new AbortController());
  $("batch-errors").hidden = $("batch-results").hidden = true;
  $("batch-cancel").hidden = $("batch-stay").hidden = false;
  $("batch-cancel").disabled = false;
  $("batch-cancel").onclick = () => cancel(id);
  let step = 0;
  try {
    for await (const state of watchBatch(id, signal)) {
      if (!state) {
        say("The service does not answer now; it is asked again …");
        continue;
      }
      showBatch(state);
      const { rows, done } = state.counts;
      const next = Math.floor((STEPS * done) / rows);
      if (state.ended) await showResults(state, signal);
      else if (next !== step) say(`The batch: ${counted(done)} of ${counted(rows)} rows done …`);
      step = next;
    }
  } catch (error) {
    if (error.name !== "AbortError") showProblem(error);
  }
}

async function cancel(id) {
  $("batch-cancel").disabled = true;
  $("batch").focus(); // The button is about to go.
  try {
    await cancelBatch(id);
    say("The batch is being cancelled …");
  } catch (error) {
    $("batch-cancel").disabled = false;
    showProblem(error);
  }
}

const WORDS = {
  queued: "Waiting for its turn",
  in_progress: "Under way",
  cancelling: "Being cancelled",
  completed: "Completed",
  cancelled: "Cancelled",
};

function showBatch({ status, ended, expires, counts: { rows, done, failed } }) {
  const kept = ended ? ` The results are kept until ${new Date(expires).toLocaleString()}.` : "";
  $("batch").hidden = false;
  $("batch-state").textContent =
    `${WORDS[status]}: ${counted(done)} of ${counted(rows)} row${rows === 1 ? "" : "s"} done, ` +
    `${counted(failed)} with an error.${kept}`;
  $("batch-progress").max = rows;
  $("batch-progress").value = done;
  $("batch-cancel").hidden = $("batch-stay").hidden = Boolean(ended);
}

async function showResults({ id, status, counts: { failed } }, signal) {
  const link = $("batch-results");
  link.href = resultsOf(id);
  link.download = `${id}.jsonl`;
  link.hidden = false;
  $("batch-rows").replaceChildren();
  $("batch-errors").hidden = !failed;
  $("batch-more").hidden = failed <= MOST_ROWS;
  $("batch-more").textContent = `${counted(failed - MOST_ROWS)} more are in the results.`;
  if (failed) {
    let shown = 0;
    for await (const { number, id: name, error } of failedRows(id, signal)) {
      $("batch-rows").append(make("tr", {}, ...[counted(number), name ?? "–", error].map((cell) => make("td", {}, String(cell)))));
      if (++shown === Math.min(failed, MOST_ROWS)) break;
    }
  }
  say(`The batch is ${status}; ${counted(failed)} row${failed === 1 ? " has" : "s have"} an error.`);
}

const counted = (number) => number.toLocaleString("en");

// --- what goes in ---

async function take(file) {
  $("problem").hidden = true;
  try {
    $("source").value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    stem = file.name.replace(/\.[^.]*$/, "") || "article";
    say(`${file.name} is loaded.`);
  } catch {
    showProblem(new Problem({ title: "This is no text", detail: `${file.name} is not text in UTF-8: open a text or Markdown file.` }));
  }
}

$("open").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async ({ target }) => {
  if (target.files.length) await take(target.files[0]);
  target.value = ""; // So that the same file can be opened again.
});
$("example").addEventListener("click", async () => {
  try {
    const reply = await fetch("examples/ferry.txt");
    if (!reply.ok) throw await problemOf(reply);
    await take(new File([await reply.arrayBuffer()], "ferry.txt"));
  } catch (error) {
    showProblem(error);
  }
});
$("source").addEventListener("dragover", (event) => {
  event.preventDefault();
  $("source").classList.add("over");
});
$("source").addEventListener("dragleave", () => $("source").classList.remove("over"));
$("source").addEventListener("drop", async (event) => {
  $("source").classList.remove("over");
  const { files } = event.dataTransfer;
  if (!files.length) return; // Words that were dragged here.
  event.preventDefault();
  if (files.length === 1) await take(files[0]);
  else showProblem(new Problem({ title: "These are several files", detail: "Drop one at a time, or use `copydesk batch`." }));
});

$("batch-field").addEventListener("dragover", (event) => {
  event.preventDefault();
  $("batch-field").classList.add("over");
});
$("batch-field").addEventListener("dragleave", () => $("batch-field").classList.remove("over"));
$("batch-field").addEventListener("drop", (event) => {
  event.preventDefault();
  $("batch-field").classList.remove("over");
  const { files } = event.dataTransfer;
  if (!files.length) return;
  if (files.length === 1) {
    $("batch-file").files = files;
    $("batch-file").dispatchEvent(new Event("change", { bubbles: true }));
    say(`${files[0].name} is chosen.`);
  } else {
    showProblem(new Problem({ title: "These are several files", detail: "Drop one at a time." }));
  }
});

async function loadStyles() {
  const reply = await fetch("v1/styles");
  if (!reply.ok) throw await problemOf(reply);
  const { styles } = await reply.json();
  $("style").append(...styles.map(({ name, title, description }) => make("option", { value: name, title: description }, title)));
}

showMode();
followAddress();
loadStyles().catch(showProblem);
