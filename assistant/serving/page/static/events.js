// Server-sent events of an answer to a POST, which EventSource cannot make.

export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const told = { name: "", data: "" };
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) told.name = line.slice(7);
        if (line.startsWith("data: ")) told.data += line.slice(6);
      }
      if (told.data) yield { name: told.name, data: JSON.parse(told.data) };
    }
  }
}
