// Elements and text. Nothing here reads markup: whatever comes from a run or a log becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// Show items in a parent, one element for each key; what has not changed stays, with its focus and selection.
export const keyed = (parent, items, keyOf, make) => {
  const kept = parent.kept ??= new Map();
  const seen = new Set();
  let before = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const text = JSON.stringify(item);
    seen.add(key);
    let entry = kept.get(key);
    if (!entry || entry.text !== text) {
      const element = make(item);
      if (entry) {
        const focus = entry.element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
        if (entry.element === before) before = before.nextElementSibling;
        entry.element.replaceWith(element);
        if (focus) element.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
      }
      entry = { element, text };
      kept.set(key, entry);
    }
    if (entry.element === before) before = before.nextElementSibling;
    else parent.insertBefore(entry.element, before);
  }
  for (const [key, { element }] of kept) {
    if (!seen.has(key)) { element.remove(); kept.delete(key); }
  }
};

export const number = (value, digits = 0) => value === null || value === undefined ? "–"
  : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const percent = (share) => share === null || share === undefined ? "–" : `${number(Math.floor(share * 1000) / 10, 1)} %`;

export const duration = (seconds) => {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return `${number(seconds, 1)} s`;
  if (seconds < 120) return `${number(seconds)} s`;
  return seconds < 7200 ? `${number(seconds / 60)} min` : `${number(seconds / 3600, 1)} h`;
};

export const counted = (count, name) => `${number(count)} ${name}${count === 1 ? "" : "s"}`;

export const partly = ({ whole, read }) => whole ? "" : `The history is long and still being read: ${counted(read, "event")} so far.`;

export const moment = (text) => text ? text.slice(0, 19).replace("T", " ") : "–";

export const dollars = (value) => `$${number(value, value < 1 ? 4 : 2)}`;

export const words = (status) => status.toLowerCase().replaceAll("_", " ");

export const badge = (status) => h("span", { class: `badge ${status.toLowerCase()}` }, words(status));

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const empty = (...text) => h("p", { class: "empty" }, ...text);

export const table = (caption, head, body) => h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption },
  h("table", {}, h("caption", { class: "hidden" }, caption), h("thead", {}, h("tr", {}, head)), body));
