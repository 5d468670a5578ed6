/*
 * The sliding window: draws the map that the window lies on and the one whose values make its
 * steps, and moves it by buttons, arrow keys and a click. What lies where is in geometry.js.
 *
 *     slidingWindow(container, facts)    facts: a row of the view; false when it has no window
 */
"use strict";

const SVG_SPACE = "http://www.w3.org/2000/svg";
/* Pixels: labels beside a map, and the sides of a cell. */
const SLIDE_MARGIN = 30, SLIDE_SMALL = 9, SLIDE_CELL = 18, SLIDE_LARGE = 30;
const SLIDE_MOST = 24; /* cells of a side, unless the window is wider */
const SLIDE_STACKED = 12; /* the same where the maps lie one under the other */
const SLIDE_TALL = 480; /* pixels of a map, so that all of it is in sight */
const SLIDE_BESIDE = 440; /* the width from which they lie side by side */

function slideShape(name, attributes, text) {
  const shape = setAttributes(document.createElementNS(SVG_SPACE, name), attributes);
  if (text !== undefined) {
    shape.textContent = text;
  }
  return shape;
}

/* One of the two maps. `columns` and `rows` are {axis, from, to}; what is outside of the axis is
 * drawn only where the window lies on this map. */
class SlideMap {
  constructor(caption) {
    this.svg = slideShape("svg", { "aria-hidden": "true" });
    this.caption = make("figcaption", {});
    this.figure = make("figure", { class: `slide-${caption}` }, this.caption, this.svg);
  }

  place(columns, rows, cell) {
    Object.assign(this, { columns, rows, cell });
    const width = (columns.to - columns.from + 1) * cell + SLIDE_MARGIN + 1;
    const height = (rows.to - rows.from + 1) * cell + SLIDE_MARGIN + 1;
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  x(column) {
    return SLIDE_MARGIN + (column - this.columns.from) * this.cell + 0.5;
  }

  y(row) {
    return SLIDE_MARGIN + (row - this.rows.from) * this.cell + 0.5;
  }

  square(column, row) {
    return `M${this.x(column)} ${this.y(row)}h${this.cell}v${this.cell}h${-this.cell}z`;
  }

  /* Cells by their class: one path for each. */
  drawCells(classOf) {
    const paths = new Map();
    for (let row = this.rows.from; row <= this.rows.to; row++) {
      for (let column = this.columns.from; column <= this.columns.to; column++) {
        const name = classOf(column, row);
        const crossed = name === "slide-unread" ? `l${this.cell} ${this.cell}` : "";
        paths.set(name, (paths.get(name) ?? "") + this.square(column, row) + crossed);
      }
    }
    this.moving = slideShape("g", {});
    this.svg.replaceChildren(...[...paths].map(([name, d]) => slideShape("path", { class: name, d })),
      ...this.labels(), this.moving);
    return paths;
  }

  labels() {
    const texts = [];
    for (const [line, at] of [[this.columns, (i) => [this.x(i) + this.cell / 2, SLIDE_MARGIN - 6]],
      [this.rows, (i) => [SLIDE_MARGIN - 12, this.y(i) + this.cell / 2 + 4]]]) {
      const step = labelDistance(line.to + 1, this.cell);
      for (let i = Math.max(0, line.from); i <= Math.min(line.to, line.size - 1); i++) {
        if (line.named && (i + 1) % step === 0) {
          const [x, y] = at(i);
          texts.push(slideShape("text", { x, y }, i + 1));
        }
      }
    }
    return texts;
  }

  move(shapes) {
    this.moving.replaceChildren(...shapes.map(([name, attributes]) =>
      slideShape(name, attributes)));
  }

  /* The cell at a place of the page; null: there is none. */
  cellAt(x, y) {
    const box = this.svg.getBoundingClientRect();
    const column = Math.floor((x - box.left - SLIDE_MARGIN) / this.cell) + this.columns.from;
    const row = Math.floor((y - box.top - SLIDE_MARGIN) / this.cell) + this.rows.from;
    const inside = column >= this.columns.from && column <= this.columns.to &&
      row >= this.rows.from && row <= this.rows.to;
    return inside ? [column, row] : null;
  }
}

class SlidingWindow {
  constructor(container) {
    this.container = container;
    this.timer = null;
    this.key = "";
    this.wide = new SlideMap("window");
    this.single = new SlideMap("steps");
    this.view = make("div", { class: "slide-maps", role: "group", tabindex: "0",
      "aria-label": "Sliding window, moved by the arrow keys" });
    this.pairs = make("select", {});
    this.pairLabel = make("label", { class: "slide-pair" }, "Drawn: ", this.pairs);
    this.step = make("p", { class: "slide-step", "aria-live": "polite" });
    this.notes = make("div", { class: "slide-notes" });
    this.legend = make("ul", { class: "slide-legend" });
    this.buttons = make("div", { class: "slide-buttons", role: "group",
      "aria-label": "Steps of the window" });
    this.makeButtons();
    this.listen();
    container.classList.add("slide");
    container.replaceChildren(this.pairLabel, this.view, this.buttons, this.step, this.notes,
      this.legend);
  }

  makeButtons() {
    const actions = [["First", () => this.go(0)], ["Back", () => this.go(this.at - 1)],
      ["Play", () => this.play()], ["Next", () => this.go(this.at + 1)],
      ["Last", () => this.go(this.count() - 1)]];
    for (const [name, act] of actions) {
      this.buttons.append(makeButton(name, () => {
        if (name !== "Play") {
          this.stop();
        }
        act();
      }));
    }
    this.playing = this.buttons.children[2];
  }

  listen() {
    this.view.addEventListener("keydown", (event) => this.press(event));
    this.single.svg.addEventListener("click", (event) => {
      const cell = this.single.cellAt(event.clientX, event.clientY);
      if (cell !== null) {
        this.stop();
        this.go(cell[1] * this.columns.steps + cell[0]);
      }
    });
    this.pairs.addEventListener("change", () => this.choose(this.pairs.value));
    if (typeof ResizeObserver !== "undefined") {
      new ResizeObserver(() => {
        if (this.axes !== null && this.container.clientWidth !== this.width) {
          this.draw();
        }
      }).observe(this.container);
    }
  }

  press(event) {
    const across = this.columns.steps;
    const moves = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, ArrowDown: this.at + across,
      ArrowUp: this.at - across, Home: 0, End: this.count() - 1 };
    const to = moves[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || (to === undefined && event.key !== " ")) {
      return;
    }
    event.preventDefault();
    if (to === undefined) {
      this.play();
      return;
    }
    this.stop();
    if (to >= 0 && to < this.count()) {
      this.go(to);
    }
  }

  /* False: the row has no window that can be drawn, and the container is emptied of the last. */
  show(facts) {
    const key = JSON.stringify(facts);
    if (key === this.key) {
      return this.axes !== null;
    }
    this.stop();
    this.key = key;
    this.facts = facts;
    this.axes = facts === null ? null : windowAxes(facts);
    this.container.hidden = this.axes === null;
    if (this.axes === null) {
      return false;
    }
    this.names = AXIS_NAMES[this.axes.length - 1];
    this.places = this.axes.map(() => 0);
    const pairs = this.axes.length === 3 ? ["1,2", "0,2", "0,1"]
      : [this.axes.length === 1 ? ",0" : "0,1"];
    this.pairs.replaceChildren(...pairs.map((pair) => make("option", { value: pair },
      pair.split(",").map((i) => i === "" ? "" : `${this.names[i]}s`).join(" and "))));
    this.pairLabel.hidden = pairs.length === 1;
    this.choose(pairs[0]);
    return true;
  }

  /* Which axes are rows and columns. */
  choose(pair) {
    this.shown = pair.split(",").map((i) => i === "" ? -1 : Number(i));
    [this.rows, this.columns] = this.shown.map((i) => i < 0 ? FLAT_AXIS : this.axes[i]);
    this.at = 0;
    this.draw();
  }

  count() {
    return this.rows.steps * this.columns.steps;
  }

  go(at) {
    this.at = Math.max(0, Math.min(at, this.count() - 1));
    this.update();
  }

  play() {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    this.at = this.at === this.count() - 1 ? -1 : this.at;
    this.step.setAttribute("aria-live", "off"); /* every step would be spoken */
    this.playing.textContent = "Pause";
    this.tick();
  }

  tick() {
    this.go(this.at + 1);
    if (this.at === this.count() - 1) {
      this.stop();
      return;
    }
    const slow = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.timer = setTimeout(() => this.tick(), slow ? 2000 : 500);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.playing.textContent = "Play";
    this.step.setAttribute("aria-live", "polite");
  }

  /* How many cells of a side there is room for, and their size. */
  measure() {
    this.width = this.container.clientWidth;
    const inner = this.width - 8;
    const beside = inner >= SLIDE_BESIDE;
    const room = (beside ? (inner - 16) / 2 : inner) - SLIDE_MARGIN - 2;
    const widest = [this.rows, this.columns].map((axis) => {
      const { first, last } = windowSpan(axis, 0);
      return last - first + 1;
    });
    const most = beside ? SLIDE_MOST : SLIDE_STACKED;
    this.most = Math.max(Math.min(most, Math.floor(room / SLIDE_CELL)), 4);
    if (Math.max(...widest) > this.most) {
      this.most = Math.max(Math.min(Math.max(...widest), 2 * SLIDE_MOST,
        Math.floor(room / SLIDE_SMALL)), 4);
    }
    return Math.min(room, beside ? SLIDE_TALL : this.most * SLIDE_CELL);
  }

  /* Draws both maps anew when other parts of them are to be seen, and then the step. */
  draw() {
    this.room = this.measure();
    this.parts = null;
    this.update();
  }

  update() {
    const steps = [Math.floor(this.at / this.columns.steps), this.at % this.columns.steps];
    this.shown.forEach((axis, i) => {
      if (axis >= 0) {
        this.places[axis] = steps[i];
      }
    });
    const parts = [this.rows, this.columns].map((axis, i) =>
      windowPart(axis, steps[i], this.most));
    if (JSON.stringify(parts) !== JSON.stringify(this.parts)) {
      this.parts = parts;
      this.drawMaps(parts);
    }
    this.drawStep(steps);
    this.tell();
  }

  drawMaps([rows, columns]) {
    const writes = WINDOW_KINDS[this.facts.kind].writes;
    const cells = Math.max(columns.to - columns.from + 1, columns.stepTo - columns.stepFrom + 1);
    const cell = Math.max(SLIDE_SMALL, Math.min(SLIDE_LARGE, Math.floor(this.room / cells)));
    const named = this.shown[0] >= 0;
    this.wide.place({ from: columns.from, to: columns.to, size: this.columns.size, named: true },
      { from: rows.from, to: rows.to, size: this.rows.size, named }, cell);
    this.single.place(
      { from: columns.stepFrom, to: columns.stepTo, size: this.columns.steps, named: true },
      { from: rows.stepFrom, to: rows.stepTo, size: this.rows.steps, named }, cell);
    const lines = [[this.columns, columns], [this.rows, rows]].map(([axis, part]) =>
      Array.from({ length: part.to - part.from + 1 }, (_, i) => {
        const at = i + part.from;
        return at >= axis.size + axis.high ? "beyond" : at < 0 || at >= axis.size ? "outside"
          : isTouched(axis, at) ? "value" : "unread";
      }));
    const order = ["beyond", "outside", "unread", "value"];
    this.seen = new Set(this.wide.drawCells((column, row) => {
      const pair = [lines[0][column - columns.from], lines[1][row - rows.from]];
      return `slide-${order.find((name) => pair.includes(name))}`;
    }).keys());
    this.single.drawCells(() => "slide-value");
    const shape = (sizes) => this.shown.filter((i) => i >= 0).map((i) => sizes[i + 1]).join(" × ");
    const [input, output] = writes ? [this.single, this.wide] : [this.wide, this.single];
    input.caption.textContent = `Input ${shape(this.facts.in)}`;
    output.caption.textContent = `Output ${shape(this.facts.out)}`;
    this.view.replaceChildren(input.figure, output.figure);
  }

  drawStep([row, column]) {
    const [rows, columns] = this.parts;
    const across = windowSpan(this.columns, column), down = windowSpan(this.rows, row);
    const taps = { inside: "", outside: "" };
    for (const y of windowTaps(this.rows, row, rows.from, rows.to)) {
      for (const x of windowTaps(this.columns, column, columns.from, columns.to)) {
        const inside = x >= 0 && x < this.columns.size && y >= 0 && y < this.rows.size;
        taps[inside ? "inside" : "outside"] += this.wide.square(x, y);
      }
    }
    const { wide, single } = this;
    wide.move([["path", { class: "slide-tap", d: taps.inside }],
      ["path", { class: "slide-tap-outside", d: taps.outside }],
      ["path", { class: "slide-frame", d: this.frame(across, down) }]]);
    single.move([["path", { class: "slide-lit", d: single.square(column, row) }]]);
  }

  /* The window's border; open at a side where more of the window is not drawn. */
  frame(across, down) {
    const { wide } = this;
    const left = wide.x(across.first), top = wide.y(down.first);
    const right = wide.x(Math.min(across.last, wide.columns.to) + 1);
    const bottom = wide.y(Math.min(down.last, wide.rows.to) + 1);
    return `M${left} ${bottom}V${top}H${right}` +
      (across.last > wide.columns.to ? `M${right} ${bottom}` : `V${bottom}`) +
      (down.last > wide.rows.to ? "" : `H${left}`);
  }

  tell() {
    const { facts, axes, names, places } = this;
    this.step.textContent = `Step ${this.at + 1} of ${this.count()}. ` +
      describeStep(facts, axes, places);
    const [first, back, , next, last] = this.buttons.children;
    for (const [button, off] of [[first, this.at === 0], [back, this.at === 0],
      [next, this.at === this.count() - 1], [last, this.at === this.count() - 1]]) {
      button.setAttribute("aria-disabled", off);
    }
    const drawn = this.shown.map((axis, i) => [axis, this.parts[i]]).filter(([i]) => i >= 0);
    const { writes, outside } = WINDOW_KINDS[facts.kind];
    const notes = drawn.map(([i]) => describeFormula(axes[i], places[i], names[i]));
    notes.push(describeMean(facts, axes, places), describeUntouched(facts, axes),
      describePart(drawn.map(([, part]) => part), drawn.map(([i]) => axes[i]),
        drawn.map(([i]) => names[i]), writes));
    this.notes.replaceChildren(...notes.filter((note) => note !== "")
      .map((note) => make("p", {}, note)));
    const meanings = [["tap", "the window"], ["outside", outside],
      ["unread", writes ? "never reached" : "never read"]];
    this.legend.replaceChildren(...meanings
      .filter(([name]) => name === "tap" || this.seen.has(`slide-${name}`))
      .map(([name, meaning]) => make("li", {},
        make("span", { class: `slide-key slide-key-${name}` }), meaning)));
  }
}

const slidingWindows = new WeakMap();

/* Shows a row's window in the container; null: there is no row. A row shown already keeps its
 * step. False: nothing is shown. */
function slidingWindow(container, facts) {
  if (!slidingWindows.has(container)) {
    slidingWindows.set(container, new SlidingWindow(container));
  }
  return slidingWindows.get(container).show(facts);
}
