/* Asking the program: at once where the answer is cheap, otherwise in a worker that can be ended. */
"use strict";

const LONG_TEXT = 20000; /* characters; longer lists go to a worker */
const QUICK_MEMORY = 1 << 22; /* bytes; what takes more goes to a worker */
const OUT_OF_MEMORY = 3, TRAPPED = 4;

/* `view` is what was last shown; `row` the number of the chosen one, 0: none; `exercise` the columns
 * that are asked for, empty: none; `drawn` and `followed` what
 * picture and answers were last asked for. */
const page = { module: null, core: null, view: null, working: null, row: 0, exercise: [],
  networks: [], words: [], pause: null, frame: 0, drawn: "", followed: "" };

/* Workers by the name of what they are asked for. */
const jobs = new Map();

/* The fields of every request. */
function question() {
  const fields = [["l", $("list").value], ["N", "list"]];
  const input = $("input").value.trim();
  if (input !== "") {
    /* Several inputs are separated by semicolons, each with its name. */
    fields.unshift(...input.split(";").map((each) => ["i", each.trim()]));
  }
  return $("all").checked || page.exercise.length > 0 ? [...fields, ["a", ""]] : fields;
}

function readable({ status, output, messages }) {
  return { status, text: decode(output), messages: decode(messages).trimEnd() };
}

function ask(...fields) {
  return readable(page.core.run([...question(), ...fields]));
}

function showBusy() {
  const waiting = [...jobs.values()].some((job) => job.shown);
  $("busy").hidden = !waiting;
}

function endJob(name) {
  const job = jobs.get(name);
  if (job !== undefined) {
    clearTimeout(job.timer);
    job.worker.terminate();
    jobs.delete(name);
    showBusy();
  }
}

function endAllJobs() {
  for (const [name, { stopped }] of [...jobs]) {
    endJob(name);
    stopped();
  }
}

function makeWorker() {
  const source = `${encodeRequest}\n${join}\n${Core}
    onmessage = ({ data }) => {
      const core = new Core(data.module);
      postMessage(data.requests.map((fields) => core.run(fields)));
    };`;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

/* Requests in a worker, in place of earlier ones of that name. `done` gets the answers, unless later
 * requests take their place; `stopped` is called when the user ends them. */
function askAll(name, requests, done, stopped = () => {}) {
  const whole = requests.map((fields) => [...question(), ...fields]);
  endJob(name);
  let worker;
  try {
    worker = makeWorker();
  } catch {
    /* No workers in this browser: then the page has to wait. */
    done(whole.map((fields) => readable(page.core.run(fields))));
    return;
  }
  const job = { worker, stopped, shown: false };
  job.timer = setTimeout(() => {
    job.shown = true;
    showBusy();
  }, 300);
  jobs.set(name, job);
  const finish = (answers) => {
    endJob(name);
    done(answers);
  };
  worker.onmessage = ({ data }) => finish(data.map(readable));
  worker.onerror = (event) => {
    event.preventDefault();
    finish(requests.map(() => ({ status: TRAPPED, text: "", messages: "" })));
  };
  worker.postMessage({ module: page.module, requests: whole });
}

function askLater(name, fields, done, stopped) {
  askAll(name, [fields], ([answer]) => done(answer), stopped);
}

/* At once where little memory is enough, which is where little time is, too. */
function askSoon(name, fields, done, stopped) {
  endJob(name);
  if ($("list").value.length <= LONG_TEXT) {
    const answer = ask(...fields, ["M", String(QUICK_MEMORY)]);
    if (answer.status !== OUT_OF_MEMORY) {
      done(answer);
      return;
    }
  }
  askLater(name, fields, done, stopped);
}
