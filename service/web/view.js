// Passages, with their facts marked on both sides. Every text goes in as text, never as HTML.

import { diffWords } from "./diff.js";

const OUTCOMES = {
  unchanged: "unchanged: it was wire copy already",
  rewritten: "rewritten",
  repaired: "repaired",
  kept: "kept as filed: needs an editor",
};
const KINDS = { headline: "Headline", heading: "Heading", paragraph: "Paragraph", list_item: "List item" };

/** Make an element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Show a passage, source and copy side by side, and what became of its facts. */
export function showPassage(passage) {
  const item = make("li", { class: `passage ${passage.kind ?? ""}` }, heading(passage), account(passage));
  if (passage.suggestion) item.append(suggested(passage));
  return item;
}

function account(passage) {
  const notes = [...passage.facts.map(noteOfFact), ...passage.findings.map((finding) => noteOfFinding(finding, passage.copy))];
  const { gone, added } = diffWords(passage.source, passage.copy);
  const nothing = passage.status ? "nothing: it was only chat" : "nothing";
  const shown = make(
    "div",
    {},
    make(
      "div",
      { class: "sides" },
      side("Source", passage.source, "del", gone, notes, "source", nothing),
      side("Copy", passage.copy, "ins", added, notes, "copy", nothing),
    ),
  );
  if (notes.length) shown.append(list(notes));
  link(shown);
  return shown;
}

/** Show what the model would have written where it could not be trusted, and what speaks against it. */
function suggested({ source, suggestion }) {
  const facts = suggestion.facts.filter(({ verdict }) => verdict !== "kept");
  const title = make("summary", {}, "What the model would write: not verified, and no part of the copy");
  return make("details", { class: "suggestion" }, title, account({ ...suggestion, source, facts, findings: [] }));
}

function heading(passage) {
  const title = make("h3", {}, KINDS[passage.kind] ?? "Whole text");
  if (passage.status) title.append(" ", make("span", { class: `outcome ${passage.status}` }, OUTCOMES[passage.status]));
  // Where the copy is the source there is nothing to doubt.
  if (passage.probability !== null && passage.copy !== passage.source) {
    title.append(" ", make("span", {}, `faithful with probability ${passage.probability.toFixed(2)}`));
  }
  return title;
}

function noteOfFact({ kind, verdict, source, copy, reason }) {
  return { label: `${kind} ${verdict}`, style: verdict, text: reason, source, copy };
}

function noteOfFinding({ rule, message, start, end }, copy) {
  const words = [...copy].slice(start, end).join("");
  return { label: `style ${rule}`, style: "fault", text: `${message} (“${words}”)`, source: null, copy: { start, end } };
}

function side(title, text, change, changes, notes, name, nothing) {
  const shown = make("p", {});
  shown.append(...pieces(text, change, changes, notes.map((note) => note[name]), notes));
  if (!text) shown.append(make("em", {}, nothing));
  return make("div", {}, make("h4", {}, title), shown);
}

/** Cut a text wherever a change or a fact begins or ends, so that those that overlap can all be marked. */
function pieces(text, change, changes, spans, notes) {
  const points = [...text];
  const cuts = new Set([0, points.length]);
  for (const span of [...changes, ...spans]) if (span) cuts.add(span.start).add(span.end);
  const places = [...cuts].sort((a, b) => a - b);
  const shown = [];
  let open = null;
  for (let n = 0; n + 1 < places.length; n++) {
    const [start, end] = [places[n], places[n + 1]];
    const within = (span) => span && span.start <= start && end <= span.end;
    const covering = spans.flatMap((span, number) => (within(span) ? [number] : []));
    const words = points.slice(start, end).join("");
    const piece = covering.length ? mark(words, covering, notes) : words;
    const changed = changes.find(within);
    if (!changed) shown.push(piece);
    else if (changed === open?.changed) open.element.append(piece);
    else shown.push((open = { changed, element: make(change, {}, piece) }).element);
  }
  return shown;
}

function mark(words, covering, notes) {
  // The gravest decides the colour.
  const order = ["altered", "unsupported", "omitted", "fault", "kept"];
  const style = order.find((name) => covering.some((number) => notes[number].style === name));
  return make("span", { class: `mark ${style}`, "data-notes": covering.join(" ") }, words);
}

function list(notes) {
  const items = notes.map((note, number) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: note.style, "aria-pressed": "false", "data-note": number },
        make("b", {}, note.label),
        `: ${note.text}`,
      ),
    ),
  );
  const troubles = notes.filter((note) => note.style !== "kept").length;
  const title = make("summary", {}, counted(notes, troubles));
  const details = make("details", {}, title, make("ul", { class: "notes" }, ...items));
  details.open = troubles > 0;
  return details;
}

function counted(notes, troubles) {
  const facts = notes.filter((note) => note.style !== "fault").length;
  const faults = notes.length - facts;
  const told = [`${facts} fact${facts === 1 ? "" : "s"}`];
  if (troubles > faults) told.push(`${troubles - faults} not kept`);
  if (faults) told.push(`${faults} fault${faults === 1 ? "" : "s"} of style`);
  return told.join(", ");
}

/** Link the list of notes with the marks in both texts, both ways. */
function link(item) {
  const select = (number) => {
    for (const button of item.querySelectorAll("[data-note]")) {
      button.setAttribute("aria-pressed", String(button.dataset.note === number));
    }
    for (const piece of item.querySelectorAll("[data-notes]")) {
      piece.classList.toggle("shown", piece.dataset.notes.split(" ").includes(number));
    }
  };
  item.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-note]");
    const piece = target.closest("[data-notes]");
    if (button) select(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.note);
    if (piece) {
      const numbers = piece.dataset.notes.split(" ");
      // A place with several facts shows one after the other.
      const pressed = item.querySelector('[aria-pressed="true"]')?.dataset.note;
      const number = numbers[(numbers.indexOf(pressed) + 1) % numbers.length];
      select(number);
      item.querySelector("details").open = true;
      item.querySelector(`[data-note="${number}"]`).focus();
    }
  });
  item.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") select("");
  });
}
