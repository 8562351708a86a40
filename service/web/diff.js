// Which words of two texts differ. Places count in characters (code points), as everywhere in the API.

const TOKEN = /\s+|[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*|[^]/gu;
// A table of more cells would stall the page; what is left between equal ends then counts as changed.
const MOST_CELLS = 4_000_000;

/** Give the places of the words that only `source` has, and of those that only `copy` has. */
export function diffWords(source, copy) {
  const a = tokens(source);
  const b = tokens(copy);
  let start = 0;
  while (start < a.length && start < b.length && a[start].text === b[start].text) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end).text === b.at(-1 - end).text) end++;
  const [gone, added] = differing(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return { gone: merge(gone, source), added: merge(added, copy) };
}

function tokens(text) {
  const found = [];
  let place = 0;
  for (const [word] of text.matchAll(TOKEN)) {
    const end = place + [...word].length;
    if (word.trim()) found.push({ text: word, start: place, end });
    place = end;
  }
  return found;
}

/** The tokens outside a longest common subsequence. */
function differing(a, b) {
  if (a.length * b.length > MOST_CELLS) return [a, b];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i].text === b[j].text
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const gone = [];
  const added = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].text === b[j].text) [i, j] = [i + 1, j + 1];
    else if (j === b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) gone.push(a[i++]);
    else added.push(b[j++]);
  }
  return [gone, added];
}

/** Join places with only white space between them. */
function merge(places, text) {
  const points = [...text];
  const merged = [];
  for (const { start, end } of places) {
    const last = merged.at(-1);
    if (last && !points.slice(last.end, start).join("").trim()) last.end = end;
    else merged.push({ start, end });
  }
  return merged;
}
