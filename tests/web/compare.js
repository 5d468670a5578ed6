/*
 * The page's program against the native one, byte for byte: every command of the console sessions
 * that needs neither a shell nor an option of the terminal, every built-in network in every format,
 * and lists at the limit of nesting.
 *
 *     node tests/web/compare.js cnncalc.wasm cnncalc
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { spawnSync } = require("child_process");

const [wasm, program] = process.argv.slice(2);
const root = path.resolve(__dirname, "../..");
const { Core } = new Function(
  fs.readFileSync(path.join(root, "web/core.js"), "utf8") + "\nreturn { Core };")();
const core = new Core(new WebAssembly.Module(fs.readFileSync(wasm)));
const failures = [];
let compared = 0;

/* Options of the program, as fields of a request. What asks for a task has its name as value. */
const fields = {
  input: "i", layers: "l", define: "D", all: "a", format: "f", columns: "c", check: "k", want: "w",
  like: "L", loss: "o", random: "r", from: "p", model: "m", standalone: "s", dtype: "d",
  samples: "n", train: "t", checkpoint: "C", device: "V", fold: "F", values: "v",
  explain: ["T", "explain"], gradients: ["T", "gradients"], fix: ["T", "fix"],
};
const letters = { i: "input", l: "layers", D: "define", a: "all", f: "format", c: "columns",
  e: "explain", k: "check", w: "want", g: "gradients" };
const flags = new Set(["all", "explain", "gradients", "fix", "standalone", "fold"]);

/* Words of a command in which the shell does nothing but quoting; null: it does more. */
function splitWords(line) {
  const words = [];
  const pattern = /\s*((?:'[^']*'|"[^"$`\\]*"|[^\s'"|<>;&$`(){}*?\\#!~])+)/y;
  let at = 0;
  for (let found; at < line.length && (found = pattern.exec(line)) !== null;) {
    words.push(found[1].replace(/'([^']*)'|"([^"]*)"/g, (_, a, b) => a ?? b));
    at = pattern.lastIndex;
  }
  return line.slice(at).trim() === "" ? words : null;
}

/* [[option, value]], and the operands; null: an option that the page has not. */
function parse(words) {
  const options = [], operands = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const long = /^--([a-z]+)(?:=(.*))?$/s.exec(word);
    const short = /^-([a-zA-Z])(.*)$/s.exec(word);
    if (!long && !short) {
      operands.push(word);
      continue;
    }
    const name = long ? long[1] : letters[short[1]];
    if (fields[name] === undefined) {
      return null;
    }
    if (flags.has(name)) {
      options.push([name, ""]);
      if (short && short[2] !== "") {
        words.splice(i + 1, 0, "-" + short[2]);
      }
    } else {
      const glued = long ? long[2] : short[2] || undefined;
      options.push([name, glued ?? words[++i] ?? ""]);
    }
  }
  return { options, operands };
}

const readText = (file) => fs.existsSync(path.join(root, file)) &&
  fs.statSync(path.join(root, file)).isFile() ? fs.readFileSync(path.join(root, file)) : null;

/* All claims as one text, a line each. */
function joinClaims(request) {
  const claims = request.filter(([letter]) => letter === "k" || letter === "K");
  return [...request, ["G", claims.map(([, value]) => value + "\n").join("")]];
}

/* The command as a request; null: it needs what the page has not. */
function requestOf(words, examples) {
  const parsed = parse([...words]);
  if (parsed === null) {
    return null;
  }
  const layers = parsed.options.filter(([name]) => name === "layers").map(([, value]) => value);
  const inputs = parsed.options.filter(([name, value]) => name === "input" && !value.includes("="));
  if (parsed.operands.length + (layers.length > 0) !== 1 || inputs.length > 1) {
    return null;
  }
  const request = [];
  if (layers.length > 0) {
    request.push(["l", layers.join(",")], ["N", "--layers"]);
  } else {
    const name = parsed.operands[0];
    const example = examples.get(name.toLowerCase());
    const text = example ? null : readText(name);
    if (!example && (text === null || !/\.(cnn|py|txt)$/.test(name))) {
      return null;
    }
    request.push(["l", example ? example.list : text], ["N", example ? example.name : name]);
    if (example) {
      request.push(["b", ""]);
    }
  }
  for (const [name, value] of parsed.options) {
    if (name === "values" || (name === "check" && value.startsWith("@"))) {
      const text = readText(value.replace(/^@/, ""));
      if (text === null) {
        return null;
      }
      request.push([name === "check" ? "K" : "v", text]);
    } else if (name !== "layers") {
      const field = fields[name];
      request.push(Array.isArray(field) ? field : [field, value]);
    }
  }
  return joinClaims(request);
}

const native = (words) => spawnSync(program, words, { cwd: root, maxBuffer: 1 << 28 });

/* Advice that names options is the program's own, and comes last. */
const advice = /^( {2}(--|-[iD] takes|as in: cnncalc).*\n)?$/;

function compare(words, request) {
  const wanted = native(words);
  const got = core.run(request);
  const label = JSON.stringify(words);
  const errors = wanted.stderr.toString(), messages = Buffer.from(got.messages).toString();
  if (/\n {2}cnncalc --help lists the options\n$/.test(errors)) {
    return; /* the options do not go together, which is the program's matter */
  }
  compared++;
  if (!Buffer.from(got.output).equals(wanted.stdout)) {
    failures.push(`${label}: another output\n--- native\n${wanted.stdout}--- page\n` +
                  Buffer.from(got.output));
  } else if (got.status !== wanted.status) {
    failures.push(`${label}: status ${got.status}, not ${wanted.status}`);
  } else if (!errors.startsWith(messages) || !advice.test(errors.slice(messages.length))) {
    failures.push(`${label}: other messages\n--- native\n${errors}--- page\n${messages}`);
  }
}

function compareSessions(examples) {
  const folders = ["tests/cli", "docs", "docs/paste", "."];
  for (const folder of folders) {
    for (const file of fs.readdirSync(path.join(root, folder)).sort()) {
      if (!/\.(console|md)$/.test(file)) {
        continue;
      }
      const text = fs.readFileSync(path.join(root, folder, file), "utf8");
      for (const [, command] of text.matchAll(/^\$ cnncalc (.*)$/gm)) {
        const words = splitWords(command);
        const request = words === null ? null : requestOf(words, examples);
        if (request !== null) {
          compare(words, request);
        }
      }
    }
  }
}

function compareNetworks(examples) {
  const formats = ["table", "tsv", "csv", "json", "markdown", "latex", "svg", "dot", "layers",
    "pytorch", "keras"];
  for (const name of new Set([...examples.values()].map((example) => example.name))) {
    const runs = [...formats.map((format) => ["-f", format]), ["-a"], ["-a", "-f", "json"],
      ["-e"], ["-c", "+rf,jump,start,memory"]];
    for (const options of runs) {
      const words = [name, ...options];
      compare(words, requestOf(words, examples));
    }
  }
}

/* A stack that is too small would overwrite data or trap. */
function compareNesting() {
  for (const [open, close] of [["(", ")"], ["2x(", ")"], ["add(", " | id)"], ["aux(", ")"]]) {
    for (const depth of [90, 99, 100, 150, 190, 199, 200, 201]) {
      if (open === "2x(" && depth > 16 && depth < 199) {
        continue; /* 2^90 layers are too many; that is another limit */
      }
      const list = open.repeat(depth) + "relu" + close.repeat(depth);
      for (const options of [[], ["-e"], ["-f", "svg"]]) {
        const words = ["-i", "8", "-l", list, ...options];
        compare(words, requestOf(words, new Map()));
      }
    }
  }
}

/* A trap kills an instance, and the next request finds a new one. */
function survive() {
  core.start();
  core.instance = { exports: { ...core.instance.exports,
    run() { throw new WebAssembly.RuntimeError("unreachable"); } } };
  const trapped = core.run([["l", "relu"]]);
  const next = core.run([["l", "relu"], ["f", "tsv"]]);
  if (trapped.status !== 4 || next.status !== 0 || next.output.length === 0) {
    failures.push("a trap is not survived");
  }
}

function readExamples() {
  const words = JSON.parse(Buffer.from(core.run([["T", "words"]]).output).toString());
  const found = new Map();
  for (const network of words.networks) {
    found.set(network.name.toLowerCase(), network);
  }
  return found;
}

const examples = readExamples();
compareSessions(examples);
const sessions = compared;
compareNetworks(examples);
compareNesting();
survive();
for (const failure of failures.slice(0, 20)) {
  console.log(failure.slice(0, 3000));
}
console.log(`${compared} outputs compared, ${sessions} of them from sessions, ` +
            `${failures.length} differences`);
process.exit(failures.length > 0 || sessions < 300 || examples.size < 40 ? 1 : 0);
