/* The program: a request in, bytes out. Used by the page, by its worker and by the test. */
"use strict";

/* Fields of a request: a letter, four bytes of size, the bytes; see page_request.c. */
function encodeRequest(fields) {
  const encoder = new TextEncoder();
  const parts = fields.map(([letter, value]) =>
    [letter, typeof value === "string" ? encoder.encode(value) : value]);
  const bytes = new Uint8Array(parts.reduce((sum, [, value]) => sum + 5 + value.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [letter, value] of parts) {
    bytes[at] = letter.charCodeAt(0);
    view.setUint32(at + 1, value.length, true);
    bytes.set(value, at + 5);
    at += 5 + value.length;
  }
  return bytes;
}

function join(chunks) {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/* Answers requests. After a trap, or when it has grown large, an instance is thrown away. */
class Core {
  constructor(module) {
    this.module = module;
    this.instance = null;
  }

  start() {
    this.chunks = [null, [], []];
    const decoder = new TextDecoder();
    this.instance = new WebAssembly.Instance(this.module, {
      page: {
        take: (stream, data, size) =>
          this.chunks[stream].push(new Uint8Array(this.memory.buffer, data, size).slice()),
        number: (data, size) =>
          Number(decoder.decode(new Uint8Array(this.memory.buffer, data, size))),
      },
    });
    this.memory = this.instance.exports.memory;
  }

  /* {status, output, messages}; the status is the program's. A trap is status 4. */
  run(fields) {
    if (this.instance === null) {
      this.start();
    }
    this.chunks = [null, [], []];
    const request = encodeRequest(fields);
    let status;
    try {
      const place = this.instance.exports.room(request.length);
      if (place === 0) {
        return { status: 3, output: new Uint8Array(0), messages: new Uint8Array(0) };
      }
      new Uint8Array(this.memory.buffer, place, request.length).set(request);
      status = this.instance.exports.run(request.length);
    } catch (trap) {
      if (!(trap instanceof WebAssembly.RuntimeError || trap instanceof RangeError)) {
        throw trap;
      }
      status = 4;
    }
    const [, output, messages] = this.chunks;
    if (status === 4 || this.memory.buffer.byteLength > 1 << 25) {
      this.instance = null;
    }
    return { status, output: join(output), messages: join(messages) };
  }
}
