// Draws the charts of a report with the theme's own colours, and again when theme or figures change.
// Each <figure data-chart="…/name.json"> has its values as JSON, in an attribute because htmx drops scripts, and the
// same numbers as a table, which stays what it is where this script does not run.
const language = document.documentElement.lang;
const isChinese = language.startsWith("zh");
const DAY = isChinese ? "%-m月%-d日" : "%-d %b";
const FULL_DAY = isChinese ? "%Y年%-m月%-d日" : "%-d %b %Y";
const MONTH = isChinese ? "%Y年%-m月" : "%b %Y";
const YEAR = 366 * 24 * 3600 * 1000;
const LABEL = 90; // the room that a day takes below a chart
const drawn = new Map();
const specs = new Map();

function spec(address) {
  if (!specs.has(address)) specs.set(address, fetch(address).then((answer) => answer.text()));
  return specs.get(address).then((text) => JSON.parse(text.replaceAll("%-d %b %Y", FULL_DAY)));
}

function config(figure) {
  const style = getComputedStyle(figure);
  // Custom properties hold light-dark(…): only a property that is used tells the colour itself.
  const probe = figure.appendChild(document.createElement("i"));
  const colour = (name) => {
    probe.className = `ink-${name}`;
    return getComputedStyle(probe).color;
  };
  const [accent, good, warn, ink, line, sunken] = ["accent", "good", "warn", "ink-2", "line", "sunken"].map(colour);
  probe.remove();
  return {
    background: null,
    font: style.fontFamily,
    mark: { color: accent },
    rule: { color: accent },
    view: { stroke: null },
    axis: { labelColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, labelPadding: 6 },
    legend: { labelColor: ink, labelFontSize: 12, symbolStrokeWidth: 2 },
    range: { category: [accent, warn, good], heatmap: [sunken, accent], ramp: [sunken, accent] },
  };
}

function timeFormat() {
  const told = (options, days) => (n) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(new Date(Date.UTC(2024, ...days(n))));
  const months = (options) => [...Array(12).keys()].map(told(options, (n) => [n, 1]));
  const weekdays = (options) => [...Array(7).keys()].map(told(options, (n) => [8, n + 1])); // 1 September 2024: a Sunday
  return {
    dateTime: "%x %X", date: "%Y-%m-%d", time: "%H:%M", periods: ["AM", "PM"],
    days: weekdays({ weekday: "long" }), shortDays: weekdays({ weekday: "short" }),
    months: months({ month: "long" }), shortMonths: months({ month: "short" }),
  };
}

// What the drawing leaves to the page: marks at days that have values, as many as there is room for, and their words.
function words(figure, values, width) {
  const days = [...new Set(values.map((value) => value.day ?? value.week))].map(Date.parse).sort((a, b) => a - b);
  const step = Math.ceil(days.length / Math.max(2, Math.floor(width / LABEL)));
  const isLong = days.at(-1) - days[0] > YEAR;
  return {
    ticks: days.filter((_, n) => (days.length - 1 - n) % step === 0),
    days: isLong ? MONTH : DAY,
    unit: figure.dataset.unit ?? "",
  };
}

async function draw(figure) {
  const values = JSON.parse(figure.dataset.values);
  const place = figure.querySelector("[data-place]");
  const chart = { ...(await spec(figure.dataset.chart)), datasets: { values } };
  const told = words(figure, values, place.clientWidth);
  chart.params = Object.entries(told).map(([name, value]) => ({ name, value }));
  delete chart.config; // Altair's own
  const options = {
    ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    config: config(figure), timeFormatLocale: timeFormat(),
  };
  drawn.get(figure)?.finalize();
  drawn.set(figure, await window.vegaEmbed(place, chart, options));
  if (!figure.classList.contains("is-drawn")) figure.querySelector("details").open = false;
  figure.classList.add("is-drawn");
}

function drawAll() {
  for (const [figure, view] of drawn) if (!figure.isConnected) { view.finalize(); drawn.delete(figure); }
  return Promise.all([...document.querySelectorAll("figure[data-chart]")].map(draw));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
document.addEventListener("htmx:historyRestore", drawAll);
drawAll();
