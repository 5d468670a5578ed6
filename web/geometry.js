/*
 * Where a window lies: cells of one axis at a time, without a page. The window of a convolution or
 * pooling lies on the input and each output makes a step; that of a transposed convolution lies on
 * the output and each input value makes a step. Positions count from 0 at the first row or column
 * of the map; padding, and what is cut off, is outside of it.
 */
"use strict";

/* Kinds with a window. `writes`: it lies on the output. `even`: it is one of the parts into which
 * the input is divided. `verb`: what a step does. `outside`: what is around the map. */
const ZEROS = "padding (zeros)", LEAST = "padding (never the largest)", CUT = "cut off";
const WINDOW_KINDS = {
  conv: { verb: "reads", outside: ZEROS },
  dwconv: { verb: "reads", outside: ZEROS },
  sepconv: { verb: "reads", outside: ZEROS },
  deformconv: { verb: "reads, where its offsets are 0,", outside: ZEROS },
  deconv: { verb: "is spread over", writes: true, outside: CUT },
  maxunpool: { verb: "goes to one place of", writes: true, outside: CUT },
  maxpool: { verb: "is the largest value of", outside: LEAST },
  avgpool: { verb: "is the mean of", mean: true, outside: ZEROS },
  gap: { verb: "is the mean of", even: true },
  gmp: { verb: "is the largest value of", even: true },
  aap: { verb: "is the mean of", even: true },
  amp: { verb: "is the largest value of", even: true },
};

/* Above these numbers nothing is drawn: they keep all loops short and all products exact. */
const MOST_SIDE = 2 ** 26, MOST_WINDOW = 1e5;

/* The one row of a map with a single axis. */
const FLAT_AXIS = { size: 1, steps: 1, even: true, low: 0, high: 0 };

/* What a row's facts say about one axis; null: the numbers are too large. */
function windowAxis(facts, kind, i) {
  const size = facts[kind.writes ? "out" : "in"][i + 1];
  const steps = facts[kind.writes ? "in" : "out"][i + 1];
  if (!(size <= MOST_SIDE && steps <= MOST_SIDE)) {
    return null;
  }
  if (kind.even) {
    return { size, steps, even: true, low: 0, high: 0 };
  }
  const [k, s, d, low, high] =
    ["kernel", "stride", "dilation", "low", "high"].map((name) => facts[name][i]);
  if (!(Math.max(k, s, d, low, high) <= MOST_WINDOW && d * (k - 1) <= MOST_WINDOW)) {
    return null;
  }
  return { size, steps, k, s, d, low, high };
}

/* All axes of a row; null: it has no window, or one that is too large. */
function windowAxes(facts) {
  const kind = WINDOW_KINDS[facts.kind];
  if (kind === undefined || facts.in.length < 2) {
    return null;
  }
  const axes = facts.in.slice(1).map((_, i) => windowAxis(facts, kind, i));
  return axes.includes(null) ? null : axes;
}

/* The first and the last position of the window, and the distance between its taps. */
function windowSpan(axis, step) {
  if (axis.even) {
    const first = Math.floor(step * axis.size / axis.steps);
    return { first, last: Math.ceil((step + 1) * axis.size / axis.steps) - 1, gap: 1 };
  }
  const first = step * axis.s - axis.low;
  return { first, last: first + axis.d * (axis.k - 1), gap: axis.d };
}

/* The positions of the window's taps from `from` to `to`. */
function windowTaps(axis, step, from, to) {
  const { first, last, gap } = windowSpan(axis, step);
  const taps = [];
  const skipped = Math.max(0, Math.ceil((from - first) / gap));
  for (let at = first + skipped * gap; at <= Math.min(last, to); at += gap) {
    taps.push(at);
  }
  return taps;
}

/* How many taps lie where. `beyond`: after the padding, where rounding up puts the last window. */
function windowCount(axis, step) {
  const { first, last, gap } = windowSpan(axis, step);
  const all = (last - first) / gap + 1;
  const below = (limit) => Math.min(Math.max(Math.ceil((limit - first) / gap), 0), all);
  const before = below(0), reached = below(axis.size), counted = below(axis.size + axis.high);
  return { before, inside: reached - before, after: counted - reached, beyond: all - counted };
}

/* Whether any step touches the position. One in s/gcd(s, d) taps in a row meets it, if any does. */
function isTouched(axis, at) {
  if (axis.even) {
    return true;
  }
  const place = at + axis.low;
  const first = Math.max(0, Math.ceil((place - (axis.steps - 1) * axis.s) / axis.d));
  const last = Math.min(axis.k - 1, Math.floor(place / axis.d), first + axis.s - 1);
  for (let tap = first; tap <= last; tap++) {
    if ((place - tap * axis.d) % axis.s === 0) {
      return true;
    }
  }
  return false;
}

/* Runs [first, last] of positions that no step touches; null: they are too many to look at. */
function untouchedRuns(axis) {
  if (!axis.even && axis.size * Math.min(axis.k, axis.s) > 2e6) {
    return null;
  }
  const runs = [];
  for (let at = 0; at < axis.size && !axis.even; at++) {
    if (isTouched(axis, at)) {
      continue;
    }
    if (runs.length > 0 && runs[runs.length - 1][1] === at - 1) {
      runs[runs.length - 1][1] = at;
    } else {
      runs.push([at, at]);
    }
  }
  return runs;
}

/* The part of the axis that is drawn at a step, at most `most` cells: whole windows, as many as
 * there is room for. [from, to] are positions, [stepFrom, stepTo] the steps drawn beside them. */
function windowPart(axis, step, most) {
  const end = Math.max(axis.size + axis.high - 1, windowSpan(axis, axis.steps - 1).last);
  const whole = end + axis.low + 1 <= most;
  const room = axis.even ? Math.floor((most - 2) * axis.steps / axis.size)
    : Math.floor((most - axis.d * (axis.k - 1) - 1) / axis.s) + 1;
  const each = Math.min(Math.max(room, 1), most);
  const lead = whole && axis.steps <= most ? 0 : step - step % each;
  const from = whole ? -axis.low : Math.min(windowSpan(axis, lead).first, end - most + 1);
  const stepFrom = Math.max(0, Math.min(lead, axis.steps - most));
  return { from, to: whole ? end : from + most - 1, stepFrom,
    stepTo: Math.min(axis.steps, stepFrom + most) - 1, whole: whole && axis.steps <= most };
}

/* Labels of every nth cell, so that numbers do not touch. */
function labelDistance(last, cell) {
  const width = String(last).length * 7 + 5;
  return [1, 2, 5, 10, 20].find((n) => n * cell >= width) ?? 50;
}

const AXIS_NAMES = [["position"], ["row", "column"], ["slice", "row", "column"]];

function plural(count, name) {
  return count === 1 ? `${count} ${name}` : `${count} ${name}s`;
}

/* "rows 4 to 6", "rows 1, 3 and 5", "row 2"; positions are counted from 1 here. */
function nameCells(name, first, last, gap) {
  if (first === last) {
    return `${name} ${first + 1}`;
  }
  if (gap === 1) {
    return `${name}s ${first + 1} to ${last + 1}`;
  }
  if ((last - first) / gap < 5) {
    const cells = [];
    for (let at = first; at < last; at += gap) {
      cells.push(at + 1);
    }
    return `${name}s ${cells.join(", ")} and ${last + 1}`;
  }
  return `${name}s ${first + 1}, ${first + gap + 1} and so on to ${last + 1}`;
}

/* What the window covers of one axis, in words. */
function describeCells(axis, step, name, writes) {
  const { first, gap } = windowSpan(axis, step);
  const { before, inside, after, beyond } = windowCount(axis, step);
  const outside = writes ? "cut off" : "of padding";
  const notes = [];
  if (before > 0) {
    notes.push(`${plural(before, name)} ${outside} before`);
  }
  if (after > 0) {
    notes.push(`${plural(after, name)} ${outside} after`);
  }
  if (beyond > 0) {
    notes.push(`${plural(beyond, name)} beyond the ${axis.high > 0 ? "padding" : "input"}`);
  }
  if (inside === 0) {
    return `no ${name} (${notes.join(", ")})`;
  }
  const start = first + before * gap;
  const cells = nameCells(name, start, start + (inside - 1) * gap, gap);
  return notes.length > 0 ? `${cells} (and ${notes.join(", ")})` : cells;
}

/* One sentence for a step, given for each axis: "Output row 3, column 2 reads input rows 4 to 6,
 * columns 2 to 4." */
function describeStep(facts, axes, steps) {
  const kind = WINDOW_KINDS[facts.kind];
  const names = AXIS_NAMES[axes.length - 1];
  const here = names.map((name, i) => `${name} ${steps[i] + 1}`).join(", ");
  const there = names.map((name, i) => describeCells(axes[i], steps[i], name, kind.writes));
  return kind.writes
    ? `Input ${here} ${kind.verb} output ${there.join(", ")}.`
    : `Output ${here} ${kind.verb} input ${there.join(", ")}.`;
}

/* The formula of the window's ends with the numbers put in. */
function describeFormula(axis, step, name) {
  const { first, last } = windowSpan(axis, step);
  const signed = (number) => String(number).replace("-", "−");
  const ends = `First ${name}`, from = signed(first + 1), to = signed(last + 1);
  if (axis.even) {
    return `${ends}: floor(${step}·${axis.size}/${axis.steps}) + 1 = ${from}, ` +
      `last: ceil(${step + 1}·${axis.size}/${axis.steps}) = ${to}`;
  }
  return `${ends}: (${step + 1} − 1)·${axis.s} − ${axis.low} + 1 = ${from}, ` +
    `last: ${from} + ${axis.d}·(${axis.k} − 1) = ${to}`;
}

/* By what a mean divides: what the padding holds is counted, what lies beyond it is not. */
function meanDivisor(axes, steps) {
  const counts = axes.map((axis, i) => windowCount(axis, steps[i]));
  const product = (of) => counts.reduce((all, count) => all * of(count), 1);
  return { padded: product((c) => c.before + c.inside + c.after),
    inside: product((c) => c.inside) };
}

/* "rows 3 and 7", "7 rows (2, 4, 6 and so on)": runs of positions, from 1. */
function nameRuns(runs, name) {
  const count = runs.reduce((all, [first, last]) => all + last - first + 1, 0);
  const parts = runs.map(([first, last]) =>
    first === last ? `${first + 1}` : `${first + 1} to ${last + 1}`);
  if (parts.length > 3) {
    return `${plural(count, name)} (${parts.slice(0, 3).join(", ")} and so on)`;
  }
  const last = parts.pop();
  return `${name}${count > 1 ? "s" : ""} ${parts.length > 0 ? parts.join(", ") + " and " : ""}${last}`;
}

/* What no step touches, in a sentence; empty: there is nothing of the kind. */
function describeUntouched(facts, axes) {
  const names = AXIS_NAMES[axes.length - 1];
  const parts = axes.map((axis, i) => [untouchedRuns(axis), names[i]])
    .filter(([runs]) => runs !== null && runs.length > 0)
    .map(([runs, name]) => nameRuns(runs, name));
  if (parts.length === 0) {
    return "";
  }
  return WINDOW_KINDS[facts.kind].writes
    ? `No window reaches output ${parts.join(", ")}.`
    : `No window reads input ${parts.join(", ")}.`;
}

/* Why a mean may be another elsewhere; empty: there is only one. */
function describeMean(facts, axes, steps) {
  if (!WINDOW_KINDS[facts.kind].mean) {
    return "";
  }
  const { padded, inside } = meanDivisor(axes, steps);
  return padded === inside ? `The sum is divided by ${inside}.`
    : `The sum is divided by ${padded}, zeros of the padding counted, as PyTorch does by ` +
      `default; by ${inside} where they are not counted (count_include_pad=False, Keras).`;
}

/* Which part of the map is drawn; empty: all of it. */
function describePart(parts, axes, names, writes) {
  const clipped = parts.map((part, i) => [part, axes[i], names[i]])
    .filter(([part]) => !part.whole)
    .map(([part, axis, name]) => nameCells(name, Math.max(part.from, 0),
      Math.min(part.to, axis.size - 1), 1) + ` of ${axis.size}`);
  return clipped.length === 0 ? ""
    : `Drawn: ${writes ? "output" : "input"} ${clipped.join(", ")}. The part follows the window.`;
}
