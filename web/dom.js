/* Small things that all parts of the page use. Text of the user's reaches the document only as text
 * nodes, never as markup. */
"use strict";

const $ = (id) => document.getElementById(id);
const decode = (bytes) => new TextDecoder().decode(bytes);

function setAttributes(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return element;
}

function make(name, attributes, ...children) {
  const element = setAttributes(document.createElement(name), attributes);
  element.append(...children);
  return element;
}

function makeButton(name, act) {
  const button = make("button", { type: "button" }, name);
  button.addEventListener("click", act);
  return button;
}

/* Digits in groups of three; exact, because they stay text. */
const grouped = (digits) => String(digits).replace(/^\d{4,}$/, (all) =>
  all.replace(/\B(?=(\d{3})+$)/g, ","));
const shapeText = (shape) => shape.join("x");

/* "1 row", "2 rows" */
const counted = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
