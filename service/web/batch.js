// A file of articles goes to the service as a batch, which is watched to its end.

import { Problem, problemOf } from "./events.js";
import { splitStream } from "./streams.js";

const PATH = "v1/batches";
const TYPES = { jsonl: "application/jsonl", ndjson: "application/jsonl", csv: "text/csv" };
// A short batch is over soon, and a long one need not be asked for often.
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;

/** Make what the service knows a batch by, should it be sent again because the connection was lost. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send a file; gives the batch. */
export async function sendBatch(file, options, key, signal) {
  const type = TYPES[file.name.toLowerCase().match(/\.([^.]+)$/)?.[1]];
  if (!type) {
    throw new Problem({
      title: "This is no batch",
      detail: `${file.name} is neither JSON Lines nor CSV by its name: choose a .jsonl or .csv file.`,
    });
  }
  const headers = { "content-type": type, "idempotency-key": key };
  return ask(`${PATH}?${new URLSearchParams(options)}`, { method: "POST", headers, body: file, signal });
}

/** Look a batch up. */
export const findBatch = (id, signal) => ask(addressOf(id), { signal });

/** Want no more of a batch; gives what it then is. */
export const cancelBatch = (id) => ask(`${addressOf(id)}/cancel`, { method: "POST" });

/** Say where the results of a batch are. */
export const resultsOf = (id) => `${addressOf(id)}/results`;

const addressOf = (id) => `${PATH}/${encodeURIComponent(id)}`;

async function ask(address, options) {
  const reply = await fetch(address, options);
  if (!reply.ok) throw await problemOf(reply);
  return reply.json();
}

/** Ask for a batch until it has ended; gives what it is each time, and null while the service cannot be asked. */
export async function* watchBatch(id, signal) {
  let pause = FIRST_PAUSE;
  for (;;) {
    const batch = await findBatch(id, signal).catch((error) => {
      if (!isPassing(error)) throw error;
      return null; // A batch outlives the service that works at it.
    });
    yield batch;
    if (batch?.ended) return;
    await rest(pause, signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  }
}

const isPassing = (error) =>
  error instanceof TypeError || (error instanceof Problem && [429, 502, 503, 504].includes(error.details.status));

function rest(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Read the results of a batch; gives the rows with an error: number, id and error. */
export async function* failedRows(id, signal) {
  const reply = await fetch(resultsOf(id), { signal });
  if (!reply.ok) throw await problemOf(reply);
  let number = 0;
  for await (const line of splitStream(reply.body, "\n")) {
    number += 1;
    const row = JSON.parse(line);
    if (row.error !== undefined) yield { number, id: row.custom_id, error: row.error };
  }
}
