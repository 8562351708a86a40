// Bodies that arrive piece by piece.

/** Give the parts of a text that each end with a separator, as they come; what comes after the last one is none. */
export async function* splitStream(body, separator) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split(separator);
      rest = parts.pop();
      yield* parts;
    }
  } finally {
    // Who has read enough wants no more of it; where it broke off, that has been told already.
    reader.cancel().catch(() => {});
  }
}
