// The desk's few habits: keys, live changes, and nothing that jumps.

const inbox = document.querySelector("#rows");
const one = (selector) => document.querySelector(selector);
const tell = (event) => window.htmx.trigger(document.body, event);

// --- Which row is open, wherever the address came from
function markCurrent() {
  const number = one(".ticket")?.dataset.number;
  for (const row of document.querySelectorAll(".row")) {
    if (row.dataset.number === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// --- The reader's place. A refreshed list keeps the first visible row where it was; a conversation follows its end
// only for someone who was reading there.
let anchor = null;
let followsEnd = true;

function nearEnd(thread) {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
}

function toEnd() {
  const thread = one("#thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const thread = one("#thread");
  if (thread) followsEnd = nearEnd(thread);
  if (inbox && detail.target === inbox) {
    const top = inbox.scrollTop;
    const row = [...inbox.querySelectorAll(".row")].find((each) => each.offsetTop + each.offsetHeight > top);
    anchor = row && top > 0 ? { id: row.id, offset: row.offsetTop - top } : null;
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id === "pane") {
    toEnd();
    document.body.classList.remove("side-is-open");
  } else if (followsEnd) toEnd();
  if (inbox && detail.target === inbox && anchor) {
    const row = document.getElementById(anchor.id);
    if (row) inbox.scrollTop = row.offsetTop - anchor.offset;
  }
  markCurrent();
});

// A menu that someone is in keeps its place and its half-made choice; the others are brought up to date.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const active = document.activeElement;
  if (detail.target.id !== "head" || !detail.target.contains(active)) return;
  detail.shouldSwap = false;
  for (const fresh of detail.fragment.querySelectorAll("select, input")) {
    const shown = document.getElementById(fresh.id);
    if (shown === active) continue;
    shown.className = fresh.className;
    shown.innerHTML = fresh.innerHTML;
    shown.value = fresh.value;
  }
});

document.addEventListener("htmx:historyRestore", () => { markCurrent(); toEnd(); });

// What was pressed while an answer was on its way is not lost: a page of rows already scrolled to stays loaded.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt === inbox) {
    const shown = inbox.querySelectorAll(".row").length;
    if (shown) detail.parameters["shown"] = shown;
    const query = one("#search")?.value.trim();
    if (query) detail.parameters["q"] = query;
  }
});

// --- Keys
function focusRow(step) {
  const rows = [...document.querySelectorAll(".row")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const from = here >= 0 ? here : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))] ?? rows[0];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function write(kind) {
  const choice = one(`#kind-${kind}`);
  if (!choice) return;
  choice.checked = true;
  const text = one("#text");
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

// A known solution comes with the panel and goes where the cursor was, as if it had been typed: the draft is kept.
function insert(words) {
  const text = one("#text");
  one("#kind-reply").checked = true;
  document.body.classList.remove("side-is-open");
  text.focus();
  const before = text.value.slice(0, text.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  text.setRangeText(gap + words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:afterSettle", () => {
  const words = one("[data-insert]");
  if (!words) return;
  words.remove();
  insert(words.value);
});

function open(select) {
  const menu = one(select);
  menu?.focus();
}

const keys = {
  j: () => focusRow(1),
  k: () => focusRow(-1),
  r: () => write("reply"),
  n: () => write("note"),
  a: () => open("#assignee"),
  s: () => open("#status"),
  "/": () => one("#search")?.select(),
  "?": () => one("#keys").showModal(),
};

function leave() {
  document.body.classList.remove("nav-is-open", "side-is-open");
  one(".filters[open]")?.removeAttribute("open");
  (one(".row[aria-current]") ?? one(".row"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("#composer")) {
    event.preventDefault();
    one("#composer").requestSubmit();
    return;
  }
  if (one("dialog[open]") || event.isComposing) return;
  if (event.key === "Escape") return leave();
  if (event.target.matches("input:not([type=radio]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// Enter in the search field opens the first hit, a number jumps to its ticket.
one(".search")?.addEventListener("submit", (event) => {
  event.preventDefault();
  one(".row")?.click();
});

// --- Small screens
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nav-toggle]")) {
    document.body.classList.toggle("nav-is-open");
    tell("nav-opened");
  } else if (event.target.closest("[data-side-toggle]")) document.body.classList.toggle("side-is-open");
  else if (!event.target.closest(".nav")) document.body.classList.remove("nav-is-open");
  if (!event.target.closest(".side, [data-side-toggle]")) document.body.classList.remove("side-is-open");
  if (!event.target.closest(".filters")) one(".filters[open]")?.removeAttribute("open");
  if (event.target.closest("#notice")) one("#notice").replaceChildren();
});

document.addEventListener("change", ({ target }) => {
  if (target.id !== "files") return;
  const label = one("[data-files-label]");
  label.textContent = [...target.files].map((file) => file.name).join(", ") || label.textContent;
});

// --- Live: told what changed, the page fetches it; without the stream it looks every few seconds
const stream = document.body.dataset.stream;
let lastTold = 0;
let refresh = 0;
let polling = 0;

function listChanged() {
  if (!refresh) refresh = setTimeout(() => { refresh = 0; tell("tickets-changed"); }, 400);
}

function everythingMayHaveChanged() {
  tell("ticket-changed");
  listChanged();
}

function heard(word) {
  listChanged();
  if (String(word.ticket) === one(".ticket")?.dataset.number) {
    lastTold = Math.max(lastTold, word.event);
    tell("ticket-changed");
  }
}

// A word that came while the end of the conversation was being replaced is asked for once more.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (Number(one("#tail")?.dataset.last ?? Infinity) < lastTold && detail.target?.id === "tail") tell("ticket-changed");
});

function poll() {
  if (!polling) polling = setInterval(() => document.hidden || everythingMayHaveChanged(), 5000);
}

function listen() {
  const source = new EventSource(stream, { withCredentials: true });
  source.addEventListener("hello", () => {
    clearInterval(polling);
    polling = 0;
    document.documentElement.dataset.live = "stream";
    everythingMayHaveChanged();
  });
  source.addEventListener("ticket", ({ data }) => heard(JSON.parse(data)));
  source.addEventListener("error", () => {
    document.documentElement.dataset.live = "polling";
    poll();
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 15000);
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`tz=${zone}`)) document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;
toEnd();
if (stream && inbox) listen();
