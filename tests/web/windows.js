/*
 * The geometry of the sliding window: what each step covers against PyTorch's values (windows.json,
 * made by windows.py), the part that is drawn by its properties, sentences by hand.
 *
 *     node tests/web/windows.js
 */
"use strict";
const assert = require("assert");
const fs = require("fs");
const path = require("path");

const source = fs.readFileSync(path.join(__dirname, "../../web/geometry.js"), "utf8");
const g = new Function(source + "\nreturn { windowAxes, windowSpan, windowTaps, windowCount, " +
  "isTouched, untouchedRuns, windowPart, describeStep, describeFormula, meanDivisor, " +
  "describeUntouched, describeMean, describePart };")();
const rows = JSON.parse(fs.readFileSync(path.join(__dirname, "windows.json"), "utf8"));
let checked = 0;

function equal(got, wanted, row) {
  assert.deepStrictEqual(got, wanted, JSON.stringify(row));
  checked++;
}

function compareSteps(row, axis) {
  equal(axis.steps, row.seen.length, row);
  const touched = new Set(row.seen.flat());
  row.seen.forEach((seen, step) => {
    const taps = g.windowTaps(axis, step, -1e6, 1e6);
    const count = g.windowCount(axis, step);
    equal(taps.filter((at) => at >= 0 && at < axis.size), seen, row);
    equal(count.inside, seen.length, row);
    equal(count.before, taps.filter((at) => at < 0).length, row);
    equal(count.after + count.beyond, taps.filter((at) => at >= axis.size).length, row);
    equal(g.windowTaps(axis, step, 2, 5), taps.filter((at) => at >= 2 && at <= 5), row);
    if (row.padded !== undefined) {
      const divisor = g.meanDivisor([axis], [step]);
      equal(divisor.inside, row.inside[step], row);
      /* PyTorch's value is 0 where nothing is seen, whatever it divides by. */
      equal(seen.length > 0 ? divisor.padded : 0, row.padded[step], row);
    }
  });
  const wanted = [...Array(axis.size).keys()].filter((at) => !touched.has(at));
  equal([...Array(axis.size).keys()].filter((at) => !g.isTouched(axis, at)), wanted, row);
  const runs = g.untouchedRuns(axis).flatMap(([from, to]) =>
    [...Array(to - from + 1).keys()].map((i) => from + i));
  equal(runs, wanted, row);
}

/* The part holds the window if there is room for it, and the step; it never grows. */
function checkPart(row, axis) {
  const end = Math.max(axis.size + axis.high - 1, g.windowSpan(axis, axis.steps - 1).last);
  for (const most of [6, 8, 11, 24]) {
    for (let step = 0; step < axis.steps; step++) {
      const part = g.windowPart(axis, step, most);
      const { first, last } = g.windowSpan(axis, step);
      const label = JSON.stringify([row, most, step, part]);
      assert(part.to - part.from < most && part.stepTo - part.stepFrom < most, label);
      assert(part.from >= -axis.low && part.to <= end, label);
      assert(part.from <= first && (part.to >= last || last - first >= most), label);
      assert(part.stepFrom <= step && step <= part.stepTo && part.stepTo < axis.steps, label);
      assert(!part.whole || (part.from === -axis.low && part.to === end), label);
      checked++;
    }
  }
}

for (const row of rows) {
  const [axis] = g.windowAxes(row);
  compareSteps(row, axis);
  checkPart(row, axis);
}

for (let size = 1; size < 40; size++) {
  for (let out = 1; out < 30; out++) {
    const facts = { kind: "aap", in: [1, size], out: [1, out] };
    checkPart(facts, g.windowAxes(facts)[0]);
  }
}

/* [facts, step, sentence], counted by hand. */
const window = (kind, sides, out, k, s, d, low, high) => ({ kind, in: [3, ...sides],
  out: [8, ...out], kernel: sides.map(() => k), stride: sides.map(() => s),
  dilation: sides.map(() => d), low: sides.map(() => low), high: sides.map(() => high) });
const sentences = [
  [window("conv", [7, 7], [4, 4], 3, 2, 1, 1, 1), [2, 1],
    "Output row 3, column 2 reads input rows 4 to 6, columns 2 to 4."],
  [window("conv", [7, 7], [4, 4], 3, 2, 1, 1, 1), [0, 3], "Output row 1, column 4 reads input " +
    "rows 1 to 2 (and 1 row of padding before), columns 6 to 7 (and 1 column of padding after)."],
  [window("conv", [9], [5], 3, 1, 2, 0, 0), [1],
    "Output position 2 reads input positions 2, 4 and 6."],
  [window("conv", [40], [28], 7, 1, 2, 0, 0), [3],
    "Output position 4 reads input positions 4, 6 and so on to 16."],
  [window("conv", [2, 2], [8, 8], 1, 1, 1, 3, 3), [0, 3], "Output row 1, column 4 reads input " +
    "no row (1 row of padding before), column 1."],
  [window("conv", [5, 5, 5], [3, 3, 3], 3, 1, 1, 0, 0), [0, 1, 2], "Output slice 1, row 2, " +
    "column 3 reads input slices 1 to 3, rows 2 to 4, columns 3 to 5."],
  [window("maxpool", [6, 6], [3, 3], 3, 2, 1, 0, 0), [2, 0], "Output row 3, column 1 is the " +
    "largest value of input rows 5 to 6 (and 1 row beyond the input), columns 1 to 3."],
  [window("avgpool", [4, 4], [2, 2], 2, 2, 1, 0, 0), [1, 0],
    "Output row 2, column 1 is the mean of input rows 3 to 4, columns 1 to 2."],
  [window("deconv", [2, 2], [4, 4], 4, 2, 1, 1, 1), [1, 0], "Input row 2, column 1 is spread " +
    "over output rows 2 to 4 (and 1 row cut off after), columns 1 to 3 (and 1 column cut off " +
    "before)."],
  [window("gap", [7, 7], [1, 1], 0, 0, 0, 0, 0), [0, 0],
    "Output row 1, column 1 is the mean of input rows 1 to 7, columns 1 to 7."],
];
for (const [facts, steps, wanted] of sentences) {
  equal(g.describeStep(facts, g.windowAxes(facts), steps), wanted, facts);
}

const [strided] = g.windowAxes(sentences[0][0]);
equal(g.describeFormula(strided, 2, "row"),
  "First row: (3 − 1)·2 − 1 + 1 = 4, last: 4 + 1·(3 − 1) = 6");
const [early] = g.windowAxes(window("conv", [9], [9], 5, 1, 2, 4, 4));
equal(g.describeFormula(early, 0, "position"),
  "First position: (1 − 1)·1 − 4 + 1 = −3, last: −3 + 2·(5 − 1) = 5");
const [part] = g.windowAxes(window("aap", [7, 7], [3, 3], 0, 0, 0, 0, 0));
equal(g.describeFormula(part, 1, "row"),
  "First row: floor(1·7/3) + 1 = 3, last: ceil(2·7/3) = 5");

/* What is never reached: a row at the end; those between windows; what output padding adds. */
const untouched = [
  [window("conv", [4, 4], [2, 2], 3, 2, 1, 1, 1), ""],
  [window("maxpool", [7, 8], [3, 4], 2, 2, 1, 0, 0), "No window reads input row 7."],
  [window("maxpool", [8, 7], [3, 3], 2, 3, 1, 0, 0), "No window reads input rows 3 and 6, " +
    "columns 3 and 6."],
  [window("conv", [20], [5], 1, 4, 1, 0, 0),
    "No window reads input 15 positions (2 to 4, 6 to 8, 10 to 12 and so on)."],
  [window("deconv", [2, 2], [5, 5], 2, 2, 1, 0, 0), "No window reaches output row 5, column 5."],
  [window("gap", [7, 7], [1, 1], 0, 0, 0, 0, 0), ""],
];
for (const [facts, wanted] of untouched) {
  equal(g.describeUntouched(facts, g.windowAxes(facts)), wanted, facts);
}

const mean = window("avgpool", [4, 4], [3, 3], 3, 2, 1, 1, 1);
equal(g.describeMean(mean, g.windowAxes(mean), [1, 1]), "The sum is divided by 9.");
equal(g.describeMean(mean, g.windowAxes(mean), [0, 0]), "The sum is divided by 9, zeros of the " +
  "padding counted, as PyTorch does by default; by 4 where they are not counted " +
  "(count_include_pad=False, Keras).");
equal(g.describeMean(sentences[0][0], [], []), "");
const [long] = g.windowAxes(window("conv", [100], [100], 3, 1, 1, 1, 1));
equal(g.describePart([g.windowPart(long, 30, 10)], [long], ["column"], false),
  "Drawn: input columns 24 to 33 of 100. The part follows the window.");
equal(g.describePart([g.windowPart(long, 0, 200)], [long], ["column"], false), "");

/* Without a window, and with numbers that would take too long or are not exact. */
equal(g.windowAxes({ kind: "relu", in: [3, 5, 5], out: [3, 5, 5] }), null);
equal(g.windowAxes({ kind: "conv", in: [3], out: [3] }), null);
for (const [i, large] of [2 ** 40, 2 ** 27, 1e9, Infinity, NaN].entries()) {
  const facts = window("conv", [5, 5], [5, 5], 3, 1, 1, 1, 1);
  const keys = ["in", "out", "kernel", "low", "stride"];
  facts[keys[i]][1] = large;
  equal(g.windowAxes(facts), null, facts);
}
/* The largest that is drawn answers at once. */
const [wide] = g.windowAxes(window("conv", [2 ** 26], [2 ** 26 - 99999], 1e5, 1, 1, 0, 0));
equal(g.untouchedRuns(wide), null);
equal(g.isTouched(wide, 2 ** 26 - 1), true);
const [far] = g.windowAxes(window("maxpool", [2 ** 26], [671], 99999, 1e5, 1, 0, 0));
equal(g.isTouched(far, 99998), true);
equal(g.isTouched(far, 99999), false);

console.log(`${checked} values of ${rows.length} windows checked`);
