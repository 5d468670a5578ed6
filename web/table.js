/* The table of rows, and what is known of the chosen one: its text, its box, its working, its
 * window. */
"use strict";

const MOST_ROWS = 1000;
const MOST_READ = 20000; /* rows of a table that is read for further columns */
const MOST_WORKED = 40; /* layers of one row */
const MOST_LAYERS = 20000; /* of a list: the working of more takes the page's memory */

/* Of code without an input, sizes and MACs are unknown. */
function figures(out, params, macs) {
  const known = out[0] !== 0;
  return [make("td", {}, known ? shapeText(out) : ""),
    make("td", { class: "number" }, grouped(params)),
    make("td", { class: "number" }, known ? grouped(macs) : "")];
}

function tableRow(row) {
  const name = make("button", { type: "button", "aria-pressed": "false" });
  const place = row.path || row.label;
  if (place !== "") {
    name.append(make("span", { class: "path" }, place), " ");
  }
  name.append(row.name);
  return make("tr", { "data-row": row.number, ...(row.aux ? { class: "aux" } : {}) },
    make("td", { class: "index" }, row.number), make("th", { scope: "row" }, name),
    ...figures(row.out, row.params, row.macs));
}

function totalRow(view) {
  return make("tr", { class: "total" }, make("td", { class: "index" }),
    make("th", { scope: "row" }, "total"), ...figures(view.output, view.params, view.macs));
}

/* Most keys change one row or two: those that are as before stay. */
function showRows(view) {
  const body = $("table").tBodies[0], old = [...body.rows];
  const rows = view.rows.map((row, i) => {
    const { begin, end, ...shown } = row;
    const key = JSON.stringify(shown);
    const same = old[i]?.key === key;
    const element = same ? old[i] : tableRow(row);
    element.key = key;
    while (element.cells.length > 5) {
      element.lastChild.remove();
    }
    return element;
  });
  const first = rows.findIndex((row, i) => row !== old[i]);
  const kept = first < 0 ? rows.length : first;
  old.slice(kept).forEach((row) => row.remove());
  body.append(...rows.slice(kept), totalRow(view));
}

/* Columns beside the usual ones are read from the program's own table, whose rows are the same. */
function addColumns(view) {
  const columns = $("columns").value;
  if (columns === "" || view.output[0] === 0 || view.count > MOST_READ) {
    return;
  }
  askSoon("columns", [["f", "tsv"], ["c", columns]], ({ status, text }) => {
    if (status !== 0 && status !== 1) {
      return;
    }
    const [heading, ...lines] = text.replace(/\n$/, "").split("\n")
      .map((line) => line.split("\t"));
    const rows = [...$("table").tBodies[0].rows];
    $("table").tHead.rows[0].append(...heading.map((name) =>
      make("th", { scope: "col", class: "number" }, name)));
    rows.forEach((row, i) => {
      const cells = i === rows.length - 1 ? lines[lines.length - 1] : lines[i];
      row.append(...cells.map((cell) => make("td", { class: "number" }, grouped(cell))));
    });
  });
}

function showTotals(view) {
  const figure = (number, name) => make("span", {}, make("b", {}, number), ` ${name}`);
  const sizes = view.output[0] === 0 ? [make("p", {}, "Give an input to see sizes and MACs.")] : [
    figure(grouped(view.macs), "MACs"),
    figure(shapeText(view.output), `from ${shapeText(view.input)}`)];
  $("totals").replaceChildren(figure(grouped(view.params), "parameters"), ...sizes);
}

function showTable(view) {
  const rest = view.count - view.rows.length;
  const head = $("table").tHead.rows[0];
  while (head.cells.length > 5) {
    head.lastChild.remove();
  }
  $("more").textContent = rest <= 0 ? ""
    : `${counted(rest, "more row")} not shown here, but counted in the totals.`;
  if (page.exercise.length > 0) {
    showExercise(view);
    return;
  }
  showRows(view);
  showTotals(view);
  addColumns(view);
}

/* ---- the chosen row ---- */

/* A line of the working: name, formula, and the numbers put in with their result. */
function workingLine(line) {
  if (line.formula === null) {
    return [make("dt", { class: "alone" }, line.sentence)];
  }
  const [name, ...steps] = line.sentence.split(" = ");
  const result = steps.pop(), numbers = steps.slice(1).join(" = ");
  return [make("dt", {}, name), make("dd", { class: "formula" }, steps[0] ?? ""),
    make("dd", {}, numbers === "" ? "" : `${numbers} = `, make("b", {}, result))];
}

function workingLayer(layer, alone) {
  const title = layer.path === "" ? layer.layer : `${layer.path}: ${layer.layer}`;
  return [...(alone ? [] : [make("h3", {}, title)]),
    layer.as !== null && !alone ? make("p", {}, `worked like layer ${layer.as}`)
      : make("dl", {}, ...layer.lines.flatMap(workingLine))];
}

function showWorking(row) {
  const { layers, totals, conventions } = page.working;
  const own = layers.filter((layer) => layer.row === row.number);
  const sums = totals.filter((total) => total.row === row.number);
  const shown = own.slice(0, MOST_WORKED);
  $("working").replaceChildren(
    ...sums.map((sum) => make("p", { class: "sum" }, sum.sentence)),
    ...shown.flatMap((layer) => workingLayer(layer, own.length === 1)),
    ...(own.length > shown.length
      ? [make("p", {}, `and ${counted(own.length - shown.length, "more layer")}`)] : []),
    make("details", {}, make("summary", {}, "What the letters mean"),
      ...conventions.map((each) => make("p", {}, each))));
}

function askWorking(row) {
  if (page.working !== null) {
    showWorking(row);
    return;
  }
  if (Number(page.view.layers) > MOST_LAYERS) {
    $("working").replaceChildren("There are too many layers for the working.");
    return;
  }
  $("working").replaceChildren();
  askSoon("working", [["T", "explain"], ["f", "json"]], ({ text, messages }) => {
    page.working = text === "" ? null : JSON.parse(text);
    if (page.working === null) {
      $("working").replaceChildren(messages.split("\n")[0]);
    } else if (chosenRow() !== undefined) {
      showWorking(chosenRow());
    }
  });
}

function markChosen() {
  for (const each of document.querySelectorAll("#table [data-row], #picture [data-row]")) {
    const chosen = page.row > 0 && Number(each.dataset.row) === page.row;
    each.classList.toggle("chosen", chosen);
    each.querySelector("button")?.setAttribute("aria-pressed", chosen);
  }
}

/* The window keeps its step while other rows change. */
function showWindow(row) {
  if (row === undefined) {
    slidingWindow($("window"), null);
    return;
  }
  const { kind, kernel, stride, dilation, low, high, in: enters, out } = row;
  slidingWindow($("window"), { kind, kernel, stride, dilation, low, high, in: enters, out });
}

const chosenRow = () => page.exercise.length > 0 ? undefined : page.view.rows[page.row - 1];

function showRow() {
  const row = chosenRow();
  $("row").hidden = row === undefined;
  showWindow(row);
  if (row !== undefined) {
    $("row-title").textContent = `${row.number}: ${row.name}`;
    $("row-sizes").textContent = `${shapeText(row.in)} → ${shapeText(row.out)}`;
    askWorking(row);
  }
}

/* Marks the row everywhere. What is known of it is drawn with the next frame. */
function chooseRow(number) {
  page.row = number;
  page.row = chosenRow() === undefined ? 0 : number;
  markChosen();
  showChosenText();
  cancelAnimationFrame(page.frame);
  page.frame = requestAnimationFrame(showFrame);
}
