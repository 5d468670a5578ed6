/* The list: marks under its text, errors with their repair, and words that complete it. */
"use strict";

const MOST_MARKED = 100000; /* characters; longer texts are not marked */
const MOST_WORDS = 6; /* that are offered */

/* Places are counted in bytes of UTF-8, those of a text area in units of UTF-16. */
function placeOf(text, byte) {
  return decode(new TextEncoder().encode(text).subarray(0, byte)).length;
}

/* `marks` are {begin, end, name}, in bytes and in their order. */
function showMarks(marks) {
  const text = $("list").value, parts = [];
  if (text.length > MOST_MARKED) {
    $("marks").replaceChildren();
    return;
  }
  let at = 0;
  for (const { begin, end, name } of marks) {
    const [from, to] = [placeOf(text, begin), placeOf(text, end)];
    if (from >= at) {
      parts.push(text.slice(at, from),
        make("mark", { class: name }, to > from ? text.slice(from, to) : " "));
      at = to;
    }
  }
  $("marks").replaceChildren(...parts, text.slice(at) + "\n");
}

function showChosenText() {
  const { view, row } = page;
  const marks = (view.mismatches ?? []).map((each) => ({ ...each, name: "wrong" }));
  if (view.rows[row - 1] !== undefined) {
    marks.push({ ...view.rows[row - 1], name: "chosen" });
  }
  /* A number that is wrong is marked as such within its row. */
  showMarks(marks.sort((a, b) => a.begin - b.begin || a.end - b.end));
}

/* Scrolls the list to the text of the chosen row. */
function revealChosenText() {
  const list = $("list"), mark = $("marks").querySelector(".chosen");
  const top = mark?.offsetTop ?? list.scrollTop;
  const bottom = top + (mark?.offsetHeight ?? 0);
  if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}

/* The number of the row in whose text the caret is; 0: it is in none. */
function rowAtCaret() {
  const { value, selectionStart } = $("list");
  if (value.length > LONG_TEXT || document.body.classList.contains("old")) {
    return 0;
  }
  const at = new TextEncoder().encode(value.slice(0, selectionStart)).length;
  const row = page.view?.rows.find(({ begin, end }) => begin <= at && at <= end);
  return row?.number ?? 0;
}

/* ---- errors ---- */

function replaceIn(field, begin, end, replacement) {
  const text = field.value;
  const [from, to] = [placeOf(text, begin), placeOf(text, end)];
  field.value = text.slice(0, from) + replacement + text.slice(to);
  field.focus();
  field.setSelectionRange(from + replacement.length, from + replacement.length);
  update();
}

/* The field in which the error is; null: there is none. */
function invalidate(field) {
  for (const each of [$("list"), $("input")]) {
    each.setAttribute("aria-invalid", each === field);
  }
  document.body.classList.toggle("old", field !== null);
}

/* "Line 2, column 5: " where the list has several lines. */
function placeText(text, byte) {
  const before = text.slice(0, placeOf(text, byte)).split("\n");
  return `Line ${before.length}, column ${[...before[before.length - 1]].length + 1}: `;
}

function showError(error) {
  const field = error.source === "input" ? $("input") : $("list");
  const { repair, span } = error;
  const place = span && field === $("list") && field.value.trim().includes("\n")
    ? placeText(field.value, span[0]) : "";
  const parts = [make("p", {}, place + error.message + (error.hint ? `; ${error.hint}` : ""))];
  invalidate(field);
  if (repair && !(field === $("input") && field.value.includes(";"))) {
    parts.push(makeButton(repair.text === "" ? "Remove it" : `Use ${repair.text}`,
      () => replaceIn(field, ...repair.span, repair.text)));
  }
  if (page.view !== null) {
    parts.push(make("p", { class: "note" }, "Shown are the results of the last good list."));
  }
  $("error").replaceChildren(...parts);
  showMarks(field === $("list") && span ? [{ begin: span[0], end: span[1], name: "wrong" }] : []);
}

/* Numbers of pasted code that are not what enters, each with its repair. */
function showMismatches(mismatches) {
  const parts = mismatches.flatMap((each) => [
    make("p", {}, `${each.layer} declares ${grouped(each.declared)}, but ` +
      `${grouped(each.enters)} enter` + (each.code === "" ? "" : `: write ${each.code}`) +
      (each.cause === "" ? "" : ` (${each.cause})`)),
    ...(each.write === "0" ? [] : [makeButton(`Write ${each.write}`,
      () => replaceIn($("list"), each.begin, each.end, each.write))])]);
  if (mismatches.length > 1) {
    parts.push(makeButton("Repair all", () => {
      $("list").value = ask(["T", "fix"]).text;
      update();
    }));
  }
  $("error").replaceChildren(...parts);
}

/* What a reader should know besides: one remark on each line that begins so. */
function showRemarks(messages) {
  const remarks = messages.split("\n").filter((line) => line.startsWith("remark: "));
  $("remarks").replaceChildren(...remarks.slice(0, 20).map((line) =>
    make("p", {}, line.slice("remark: ".length).replace("give --input", "give an input,"))));
}

/* ---- words ---- */

/* The beginning of a word before the caret; empty: there is none to complete. */
function begunWord() {
  const list = $("list");
  const before = list.value.slice(0, list.selectionStart);
  return list.selectionStart === list.selectionEnd && list.value.length <= LONG_TEXT
    ? /(?:^|[^\w.@])([a-z]+)$/i.exec(before)?.[1].toLowerCase() ?? "" : "";
}

function closeWords() {
  $("words").hidden = true;
  $("words").replaceChildren();
  $("list").removeAttribute("aria-activedescendant");
}

function takeWord(word) {
  const list = $("list"), begin = list.selectionStart - begunWord().length;
  list.setRangeText(word, begin, list.selectionStart, "end");
  list.focus();
  closeWords();
  update();
}

function offerWords() {
  const begun = begunWord();
  const words = begun === "" || page.words.some(({ word }) => word.toLowerCase() === begun) ? []
    : page.words.filter(({ word }) => word.toLowerCase().startsWith(begun));
  words.sort((a, b) => a.word.length - b.word.length);
  closeWords();
  $("words").hidden = words.length === 0;
  $("words").append(...words.slice(0, MOST_WORDS).map(({ word, brief }, i) => {
    const option = make("div", { role: "option", id: `word-${i}`, "aria-selected": "false" },
      make("b", {}, word), ` ${brief}`);
    option.dataset.word = word;
    /* The caret has to stay where it is. */
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      takeWord(word);
    });
    return option;
  }));
}

/* Arrow keys choose among the words, Enter takes the chosen one, Escape closes. */
function chooseWord(event) {
  const options = [...$("words").children];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (options.length === 0) {
    return;
  }
  if (event.key === "Escape") {
    closeWords();
  } else if (event.key === "Enter" && at >= 0) {
    takeWord(options[at].dataset.word);
  } else if (step !== undefined) {
    const next = at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length;
    options[at]?.setAttribute("aria-selected", "false");
    options[next].setAttribute("aria-selected", "true");
    $("list").setAttribute("aria-activedescendant", options[next].id);
  } else {
    return;
  }
  event.preventDefault();
}
