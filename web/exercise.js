/* The exercise: results are hidden until they are answered. And answers in a text, judged. */
"use strict";

const ASKED = ["output", "params", "macs"];
const MOST_CLAIMS = 64; /* lines of answers that are no table */
const MARKS = { right: "✓", follows: "✓", wrong: "✗", unread: "?" };

/* ---- verdicts ---- */

/* What is right is told only where it is not what is asked. */
function verdictParts(claim, telling) {
  const sentence = claim.sentence ?? claim.message;
  return [
    make("p", {}, make("b", {}, `${MARKS[claim.verdict]} ${claim.verdict} `),
      claim.sentence === undefined && telling ? `line ${claim.line}: ` : "",
      telling ? sentence : sentence.replace(/; right is .*/s, "")),
    ...(claim.reason ? [make("p", {}, claim.reason)] : []),
    ...(claim.causes ?? []).map((cause, i) => make("p", { class: "cause" },
      `${i === 0 ? "This is what you get" : "or"} ${cause.sentence}`)),
    ...(telling && claim.verdict === "wrong" ? claim.lines ?? [] : []).map((line) =>
      make("p", { class: "formula" }, line.sentence))];
}

const showVerdict = (claim) => make("div", { class: claim.verdict },
  ...verdictParts(claim, page.exercise.length === 0));

/* A claim about a derivative has another form: what is claimed, and why it is wrong. */
function showDerivative(claim) {
  return make("div", { class: claim.verdict },
    make("p", {}, make("b", {}, `${MARKS[claim.verdict] ?? ""} ${claim.verdict} `), claim.claim),
    ...(claim.reason ? [make("p", {}, claim.reason)] : []));
}

/* ---- answers in a text ---- */

function showVerdicts({ claims, counts }) {
  const kinds = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  $("answers").replaceChildren(
    make("p", {}, kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")),
    ...claims.slice(0, MOST_ROWS).map((claim) =>
      claim.claim === undefined ? showVerdict(claim) : showDerivative(claim)));
}

const isJson = ({ text }) => text.startsWith("{");

/* What a line's answer is, or why there is none. */
const claimsOf = (answer, i) => isJson(answer) ? JSON.parse(answer.text).claims
  : [{ verdict: "unread", line: i + 1, message: wayOut(answer.messages) }];

/* An error's sentence and its last line, the way out, without the place between them. */
function wayOut(messages) {
  const lines = messages.split("\n");
  const sentence = lines[0].replace(/^cnncalc: (--check:\d+:\d+: )?/, "");
  return lines.length > 3 ? `${sentence}; ${lines[lines.length - 1].trim()}` : sentence;
}

/* Neither a table nor answers that are all understood: a printed summary, which is judged in
 * sentences only, or each line by itself. */
function showEach(lines, derivatives) {
  const sheet = [["K", $("claims").value], derivatives];
  const each = lines.map((line) => [["k", line], ["G", `${line}\n`], ["f", "json"]]);
  askAll("answers", [sheet, ...each], ([summary, ...answers]) => {
    if (summary.text !== "") {
      $("answers").replaceChildren(make("pre", {}, summary.text));
    } else {
      showVerdicts({ claims: answers.flatMap(claimsOf) });
    }
  });
}

function showAnswers() {
  const lines = $("claims").value.split("\n").filter((line) => line.trim() !== "").slice(0, MOST_CLAIMS);
  if (lines.length === 0) {
    endJob("answers");
    $("answers").replaceChildren();
    return;
  }
  const derivatives = ["G", `${lines.join("\n")}\n`], json = ["f", "json"];
  const sheet = [["K", $("claims").value], derivatives, json];
  const together = [...lines.map((line) => ["k", line]), derivatives, json];
  askAll("answers", [sheet, together], (answers) => {
    const good = answers.find(isJson);
    if (good !== undefined) {
      showVerdicts(JSON.parse(good.text));
    } else {
      showEach(lines, derivatives);
    }
  }, () => $("answers").replaceChildren("Stopped."));
}

/* ---- the exercise ---- */

function answerField(row, what, done) {
  const field = make("input", { "aria-label": `${what} of row ${row.number}, ${row.name}`,
    autocomplete: "off", autocapitalize: "off" });
  const hint = make("tr", { class: "hint wrong" }, make("td", { class: "index" }),
    make("td", { colspan: "4" }));
  field.addEventListener("change", () => {
    const value = field.value.trim();
    hint.remove();
    if (value === "") {
      field.removeAttribute("aria-invalid");
      return;
    }
    const claim = [["k", `${row.first}.${what}=${value}`], ["f", "json"]];
    askLater(`answer ${row.number} ${what}`, claim, ({ text, messages }) => {
      const [judged] = claimsOf({ text, messages }, 0);
      if (judged.verdict === "right") {
        done(field, value);
        return;
      }
      field.setAttribute("aria-invalid", "true");
      hint.lastChild.replaceChildren(...verdictParts(judged, false));
      field.closest("tr").after(hint);
      $("spoken").textContent = hint.textContent;
    });
  });
  return field;
}

function showExercise(view) {
  let open = 0, all = 0;
  const tell = () => {
    $("progress").textContent = open === 0 ? "All are right. Well done!"
      : `${all - open} of ${counted(all, "answer")} right.`;
  };
  const done = (field, value) => {
    open--;
    tell();
    $("spoken").textContent = `Right. ${$("progress").textContent}`;
    const cell = field.closest("td");
    cell.replaceChildren(make("span", { class: "right" }, `✓ ${grouped(value)}`));
    cell.closest("tbody").querySelector("input")?.focus();
  };
  const rows = view.rows.map((row) => {
    const element = tableRow(row);
    ASKED.forEach((what, i) => {
      const cell = element.cells[2 + i];
      cell.replaceChildren();
      if (page.exercise.includes(what)) {
        all++;
        cell.append(answerField(row, what, done));
      }
    });
    return element;
  });
  open = all;
  $("table").tBodies[0].replaceChildren(...rows);
  $("totals").replaceChildren();
  tell();
}

/* The columns that an exercise would ask for. */
const chosenColumns = () => ASKED.filter((what) => $(`ask-${what}`).checked);

function setExercise(columns) {
  page.exercise = columns;
  page.drawn = page.followed = "";
  $("task").hidden = columns.length === 0;
  for (const what of ASKED) {
    $("table").classList.toggle(`no-${what}`, columns.length > 0 && !columns.includes(what));
  }
  document.body.classList.toggle("exercise", columns.length > 0);
}
