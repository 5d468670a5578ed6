/*
 * What the view says of a row against what the sliding window needs: every kind with a window is
 * known, and windows fit the sizes that the library gives.
 *
 *     node tests/web/views.js cnncalc.wasm
 */
"use strict";
const assert = require("assert");
const fs = require("fs");
const path = require("path");

const web = path.join(__dirname, "../../web");
const load = (name, ...names) => new Function(fs.readFileSync(path.join(web, name), "utf8") +
  `\nreturn { ${names.join(", ")} };`)();
const { Core } = load("core.js", "Core");
const { WINDOW_KINDS, windowAxes, windowSpan } =
  load("geometry.js", "WINDOW_KINDS", "windowAxes", "windowSpan");
const core = new Core(new WebAssembly.Module(fs.readFileSync(process.argv[2])));
const text = (bytes) => Buffer.from(bytes).toString();

/* The only row; null: the layer does not fit the input. */
function rowOf(input, layer) {
  const answer = core.run([["i", input], ["l", layer], ["T", "view"], ["n", "1"]]);
  return answer.status === 0 ? JSON.parse(text(answer.output)).rows[0] : null;
}

/* The library's examples of all words, on the input that they are made for. */
const words = JSON.parse(text(core.run([["T", "words"]]).output)).words;
const drawn = new Set();
for (const { word, example } of words) {
  const row = example === "" ? null : rowOf("16x32x32", example);
  if (row === null || row.kind === "") {
    continue;
  }
  const windowed = row.stride !== undefined && row.stride[0] > 0 && row.dilation[0] > 0;
  assert(!windowed || windowAxes(row) !== null, `the window of ${word} is not drawn`);
  if (windowAxes(row) !== null) {
    drawn.add(row.kind);
  }
}
assert.deepStrictEqual([...drawn].sort(), Object.keys(WINDOW_KINDS).sort());

/* A generator of numbers with a seed (Knuth's MMIX, the high bits). */
let state = 25n;
function draw(from, to) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return from + Number((state >> 33n) % BigInt(to - from + 1));
}

/* Windows that fit, placed one after the other. */
function countSteps(axis, ceil) {
  const extent = axis.d * (axis.k - 1) + 1, padded = axis.size + axis.low + axis.high;
  let steps = 0;
  for (let at = 0; ceil ? at < axis.size + axis.low && at < padded - extent + axis.s
    : at + extent <= padded; at += axis.s) {
    steps++;
  }
  return steps;
}

let fitted = 0;
for (let i = 0; i < 3000; i++) {
  const kind = ["conv", "dwconv", "maxpool", "avgpool", "deconv"][draw(0, 4)];
  const ceil = kind.endsWith("pool") && draw(0, 1) === 1;
  const same = !ceil && draw(0, 3) === 0;
  const layer = kind + draw(1, 4) + (kind.endsWith("conv") && kind !== "dwconv" ? "-4" : "") +
    ` s${draw(1, 4)} d${draw(1, 3)}` + (same ? " same" : ` p${draw(0, 2)}+${draw(0, 2)}`) +
    (ceil ? " ceil" : "");
  const row = rowOf(`2x${draw(1, 12)}x${draw(1, 12)}`, layer);
  if (row === null) {
    continue;
  }
  fitted++;
  for (const axis of windowAxes(row)) {
    const label = `${layer} on ${row.in}: ${JSON.stringify(axis)}`;
    if (WINDOW_KINDS[kind].writes) {
      /* All of the whole map is written, but what is added at its end: less than s or d. */
      const added = axis.size + axis.high - 1 - windowSpan(axis, axis.steps - 1).last;
      assert(added >= 0 && added < Math.max(axis.s, axis.d), label);
    } else {
      assert.strictEqual(axis.steps, countSteps(axis, ceil), label);
    }
  }
}
assert(fitted > 1500, `only ${fitted} layers fit`);
console.log(`${drawn.size} kinds, ${fitted} layers`);
