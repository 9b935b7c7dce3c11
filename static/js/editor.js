// Writing articles: marks, pictures by button, paste and drop, and a word before unsaved work is left.

const form = document.querySelector("#editor");
let unsaved = "unsaved" in form.dataset;
let leaving = false;

// --- Unsaved work
form.addEventListener("input", ({ target }) => {
  if (target.name && target.name !== "tab") markUnsaved();
});
form.addEventListener("submit", () => { leaving = true; });
form.addEventListener("click", ({ target }) => { if (target.closest("[data-leave]")) leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => { if (unsaved && !leaving) event.preventDefault(); });

function markUnsaved() {
  unsaved = true;
  form.dataset.unsaved = "";
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  form.requestSubmit();
});

// --- A narrow screen shows one language: the one that was open before saving, unless the page has a reason of its own
if (!unsaved) document.getElementById(sessionStorage.getItem("editor-tab"))?.click();
form.addEventListener("change", ({ target }) => {
  if (target.name === "tab") sessionStorage.setItem("editor-tab", target.id);
});

// --- Marks. Typed in for the writer, so that the browser's own undo takes them back.
function type(area, text, selectFrom = null, length = 0) {
  area.focus();
  const start = area.selectionStart;
  document.execCommand("insertText", false, text);
  if (selectFrom !== null) area.setSelectionRange(start + selectFrom, start + selectFrom + length);
}

function chosen(area) {
  return area.value.slice(area.selectionStart, area.selectionEnd);
}

const marks = {
  bold(area) {
    const words = chosen(area);
    type(area, `**${words}**`, 2, words.length);
  },
  list(area) {
    const lineStart = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    area.setSelectionRange(lineStart, area.selectionEnd);
    type(area, chosen(area).split("\n").map((line) => `- ${line.replace(/^- /, "")}`).join("\n"));
  },
  link(area) {
    const words = chosen(area);
    type(area, `[${words}](https://)`, words ? words.length + 3 : 1, words ? 8 : 0);
  },
  image(area) {
    area.closest(".pad").querySelector("[data-picture]").click();
  },
};

form.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-mark]");
  if (button) marks[button.dataset.mark](document.getElementById(button.closest("[data-for]").dataset.for));
});

// --- Pictures. A line holds the place while one is on its way; the writer goes on writing.
let pictures = 0;

async function upload(area, file) {
  pictures += 1;
  const place = `![${form.dataset.uploading} ${pictures}…]()`;
  complain(area, "");
  type(area, place);
  const body = new FormData();
  body.append("image", file);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(form.dataset.images, { method: "POST", body, headers });
    const said = await answer.json();
    replace(area, place, said.markdown ?? "");
    if (said.error) complain(area, said.error);
  } catch {
    replace(area, place, "");
    complain(area, form.dataset.failed);
  }
}

function replace(area, place, text) {
  const at = area.value.indexOf(place);
  if (at < 0) return;
  area.setRangeText(text, at, at + place.length, "preserve");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function complain(area, words) {
  const error = area.closest(".field").querySelector("[data-picture-error]");
  error.textContent = words;
  error.hidden = !words;
}

function picturesIn(files) {
  return [...files].filter((file) => file.type.startsWith("image/"));
}

form.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-picture]")) return;
  const area = target.closest(".pad").querySelector("textarea");
  for (const file of target.files) upload(area, file);
  target.value = "";
});

for (const area of form.querySelectorAll(".pad textarea")) {
  area.addEventListener("paste", (event) => {
    const files = picturesIn(event.clipboardData.files);
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) upload(area, file);
  });
  area.addEventListener("dragover", (event) => {
    if ([...event.dataTransfer.items].some((item) => item.kind === "file")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    for (const file of picturesIn(event.dataTransfer.files)) upload(area, file);
  });
}
