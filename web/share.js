/* Links and copies. A link holds everything after its "#", which browsers never send. */
"use strict";

function linkOf(exercise) {
  const state = { list: $("list").value, input: $("input").value };
  if (exercise.length > 0) {
    state.exercise = exercise.join(",");
    return `#${new URLSearchParams(state)}`;
  }
  const others = { row: page.row || "", all: $("all").checked ? "1" : "",
    columns: $("columns").value, answers: $("claims").value };
  for (const [name, value] of Object.entries(others)) {
    if (value !== "") {
      state[name] = value;
    }
  }
  return `#${new URLSearchParams(state)}`;
}

function keepLink() {
  try {
    history.replaceState(null, "", linkOf(page.exercise));
  } catch {
    /* Too long for this browser: the address stays as it was. */
  }
}

const fullLink = (exercise) => location.href.split("#")[0] + linkOf(exercise);

function readLink() {
  const state = new URLSearchParams(location.hash.slice(1));
  const asked = (state.get("exercise") ?? "").split(",");
  $("list").value = state.get("list") ??
    "conv3-32\nmaxpool\nconv3-64/2 p1\nmaxpool\ndropout0.5\nFC-10";
  $("input").value = state.get("input") ?? (state.has("list") ? "" : "3x32x32");
  $("all").checked = state.has("all");
  $("columns").value = state.get("columns") ?? "";
  if ($("columns").selectedIndex < 0) {
    $("columns").value = "";
  }
  $("claims").value = state.get("answers") ?? "";
  page.row = Number.parseInt(state.get("row") ?? "0", 10) || 0;
  setExercise(asked.includes("1") ? ["output", "params"]
    : ASKED.filter((what) => asked.includes(what)));
  update();
}

/* Where the clipboard is closed to the page, the text is shown to be copied by hand. */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    $("told").textContent = `${what} copied.`;
  } catch {
    const field = make("textarea", { readonly: "", rows: "3", "aria-label": what });
    field.value = text;
    $("told").replaceChildren("Copy it from here: ", field);
    field.select();
  }
}

/* "latex explain" is the working in LaTeX; the rest are formats of the table. */
function copyAs() {
  const [chosen] = $("format").selectedOptions;
  const [format, task] = chosen.value.split(" ");
  askSoon("copy", [["f", format], ...(task === undefined ? [] : [["T", task]])],
    ({ text, messages }) => {
      if (text === "") {
        $("told").textContent = messages.replace(/^cnncalc: /, "");
      } else {
        copy(text, chosen.textContent);
      }
    });
}
