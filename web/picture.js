/* The picture, and files of it. */
"use strict";

/* The style of a picture is the program's, and the policy allows no style element of it. */
function adoptStyle(rules) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}

function showPicture() {
  if (page.view.count > MOST_ROWS || page.view.output[0] === 0) {
    $("picture").replaceChildren(page.view.output[0] === 0 ? "A picture needs the input's size."
      : "There are too many rows for a picture.");
    return;
  }
  askSoon("picture", [["f", "svg"]], ({ text }) => {
    if (text === "") {
      $("picture").replaceChildren();
      return;
    }
    const [style, rules] = /<style>([^<]*)<\/style>/.exec(text);
    const svg = new DOMParser().parseFromString(text.replace(style, ""), "image/svg+xml");
    adoptStyle(rules);
    $("picture").replaceChildren(document.importNode(svg.documentElement, true));
    markChosen();
  });
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function saveImage(svg) {
  const image = new Image(), address = URL.createObjectURL(svg);
  image.onload = () => {
    const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((png) => {
      if (png === null) {
        $("told").textContent = "The picture is too large for a PNG; save it as SVG.";
      } else {
        save(png, "network.png");
      }
    });
    URL.revokeObjectURL(address);
  };
  image.src = address;
}

function savePicture(type) {
  askSoon("save", [["f", "svg"]], ({ text }) => {
    const svg = new Blob([text], { type: "image/svg+xml" });
    if (type === "svg") {
      save(svg, "network.svg");
    } else {
      saveImage(svg);
    }
  });
}
