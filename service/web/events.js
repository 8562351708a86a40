// Server-sent events over POST, which the browser's own EventSource cannot do.

import { splitStream } from "./streams.js";

/** An error that the service described, as problem details (RFC 9457). */
export class Problem extends Error {
  constructor(details) {
    super(details.detail);
    this.details = details;
  }
}

/** Read the problem out of a reply that is none of success. */
export async function problemOf(reply) {
  const type = reply.headers.get("content-type") ?? "";
  if (type.startsWith("application/problem+json")) return new Problem(await reply.json());
  // Something between here and the service answered.
  const { status } = reply;
  return new Problem({ title: "No answer from the service", status, detail: `HTTP status ${status}.`, request_id: "" });
}

/** Give the events of a rewrite as they come: [name, data]. */
export async function* rewriteEvents(article, signal) {
  const reply = await fetch("v1/rewrite", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(article),
    signal,
  });
  if (!reply.ok) throw await problemOf(reply);
  let ended = false;
  for await (const block of splitStream(reply.body, "\n\n")) {
    const event = parse(block);
    if (!event) continue;
    ended = event[0] !== "passage";
    yield event;
  }
  if (!ended) {
    throw new Problem({
      title: "The connection broke off",
      detail: "Not all passages have arrived; start again.",
      request_id: reply.headers.get("x-request-id") ?? "",
    });
  }
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data.push(line.slice(6));
  }
  return data.length ? [name, JSON.parse(data.join("\n"))] : null; // A comment keeps the connection open.
}
