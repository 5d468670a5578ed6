/* The page: asks the program at every key, and shows what it answers. */
"use strict";

const MOST_LIVE = 60; /* rows of a picture that is drawn anew at every key */
const PAUSE = 300; /* milliseconds without a key, until what is slow or spoken follows */

/* ---- long work ---- */

/* A list with unknowns has no sizes; numbers for them are sought instead. */
function solve() {
  const wanted = $("wanted").value.trim();
  $("solutions").replaceChildren();
  if (wanted === "") {
    endJob("solve");
    return;
  }
  const wants = wanted.split(";").map((each) => ["w", each.trim()]);
  askLater("solve", [...wants, ["f", "json"]], ({ text, messages }) => {
    const found = text === "" ? [] : JSON.parse(text).solutions;
    $("solutions").replaceChildren(...found.slice(0, 20).map((each) =>
      makeButton(each.layers, () => {
        $("list").value = each.layers;
        update();
      })), ...(found.length > 0 ? [] : [make("p", {}, messages || "There is none.")]));
  }, () => $("solutions").replaceChildren("Stopped."));
}

function derive() {
  const values = $("values").value.trim();
  askLater("gradients", [["T", "gradients"], ["o", $("loss").value],
    ...(values === "" ? [] : [["v", values]])], ({ text, messages }) => {
    $("gradients").hidden = false;
    $("gradients").textContent = text || messages.replace(/^cnncalc: /, "");
  });
}

/* ---- everything anew ---- */

function showView(answer) {
  const told = answer.status > 2 || answer.text === "" ? null : JSON.parse(answer.text);
  const error = told?.error?.error;
  $("solve").hidden = error?.id !== "unknown-value";
  if (told === null) {
    showError({ message: "the program cannot work on this list in a browser; it is too large" });
  } else if (error !== undefined) {
    showError(error);
    if (!$("solve").hidden) {
      solve();
    }
  } else {
    page.view = told;
    page.working = null;
    invalidate(null);
    showMismatches(told.mismatches ?? []);
    showTable(told);
    chooseRow(page.row);
  }
  showRemarks(told === null || error !== undefined ? "" : answer.messages);
}

function drawPicture() {
  const asked = JSON.stringify(question());
  if (asked !== page.drawn) {
    page.drawn = asked;
    showPicture();
  }
}

/* With the next frame, and only once where keys come faster. A picture of many rows waits for a
 * pause. */
function showFrame() {
  showRow();
  if (page.exercise.length === 0 && page.view.count <= MOST_LIVE &&
      !document.body.classList.contains("old")) {
    drawPicture();
  }
}

/* What can wait until the typing pauses: browsers limit how often an address changes, and a voice
 * has to come to an end. */
function follow() {
  keepLink();
  const old = document.body.classList.contains("old");
  $("spoken").textContent = $(old ? "error" : "totals").textContent;
  if (!old && page.view !== null && page.exercise.length === 0) {
    drawPicture();
    const asked = JSON.stringify(question());
    if (asked !== page.followed) {
      page.followed = asked;
      showAnswers();
    }
  }
}

function followSoon() {
  clearTimeout(page.pause);
  page.pause = setTimeout(follow, PAUSE);
}

function update() {
  endJob("solve");
  askSoon("view", [["T", "view"], ["n", String(MOST_ROWS)]], (answer) => {
    showView(answer);
    followSoon();
  }, () => showError({ message: "the calculation was stopped" }));
}

/* ---- start ---- */

function chooseExample() {
  const example = page.networks[$("examples").value];
  if (example !== undefined) {
    $("list").value = example.list;
    $("input").value = "";
    page.row = 1;
    setExercise([]);
    update();
    revealChosenText();
  }
}

function pressRow(event) {
  const row = event.target.closest("[data-row]");
  if (row === null || page.exercise.length > 0) {
    return;
  }
  chooseRow(Number(row.dataset.row));
  followSoon();
  revealChosenText();
  cancelAnimationFrame(page.frame);
  showRow();
  if (page.row > 0 && matchMedia("(max-width: 899px)").matches) {
    $("row").scrollIntoView({ block: "nearest" });
  }
}

/* The layer that is being typed, or pointed at, is the chosen one. */
function followCaret() {
  const row = rowAtCaret();
  if (row !== 0 && row !== page.row) {
    chooseRow(row);
    followSoon();
  }
}

function startExercise() {
  setExercise(chosenColumns());
  update();
}

/* What each element does: [id, event, act]. */
const ACTS = [
  ["list", "input", () => { update(); offerWords(); }],
  ["list", "keydown", chooseWord],
  ["list", "keyup", followCaret],
  ["list", "click", followCaret],
  ["list", "blur", closeWords],
  ["list", "scroll", () => { $("marks").scrollTop = $("list").scrollTop; }],
  ["input", "input", update],
  ["examples", "change", chooseExample],
  ["all", "change", () => { page.row = 0; update(); }],
  ["columns", "change", update],
  ["table", "click", pressRow],
  ["picture", "click", pressRow],
  ["claims", "input", () => { showAnswers(); followSoon(); }],
  ["wanted", "input", solve],
  ["stop", "click", endAllJobs],
  ["copy", "click", copyAs],
  ["copy-link", "click", () => copy(fullLink(page.exercise), "Link")],
  ["copy-exercise", "click", () => copy(fullLink(chosenColumns()), "Link to the exercise")],
  ["practise", "click", startExercise],
  ["reveal", "click", () => { setExercise([]); update(); }],
  ["full", "change", () => $("picture").classList.toggle("full", $("full").checked)],
  ["save-svg", "click", () => savePicture("svg")],
  ["save-png", "click", () => savePicture("png")],
  ["derive", "click", derive],
];

async function start(program) {
  try {
    page.module = await WebAssembly.compile(program);
    page.core = new Core(page.module);
    Object.assign(page, JSON.parse(readable(page.core.run([["T", "words"]])).text));
  } catch (error) {
    $("sorry").textContent = `This browser cannot run the program in this page: ${error.message}`;
    return;
  }
  $("examples").append(...page.networks.map((each, i) =>
    make("option", { value: i }, `${each.name}: ${each.brief}`)));
  for (const [id, event, act] of ACTS) {
    $(id).addEventListener(event, act);
  }
  window.addEventListener("hashchange", readLink);
  readLink();
  follow();
  document.documentElement.dataset.ready = "";
}
