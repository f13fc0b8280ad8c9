// Pages work without this; it makes some things nicer.
"use strict";

// A list of many choices: all of them, or none, by one click.
for (const group of document.querySelectorAll("[data-choices]")) {
  const boxes = group.querySelectorAll("input[type=checkbox]");
  const tools = document.createElement("p");
  tools.className = "choice-tools";
  for (const [words, chosen] of [["All", true], ["None", false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = words;
    button.addEventListener("click", () => boxes.forEach((box) => { box.checked = chosen; }));
    tools.append(button);
  }
  group.before(tools);
}

// A form is sent once, and says that it is on its way.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
}
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// The menu closes on Escape and on a click beside it.
const menu = document.querySelector("details.menu");
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
