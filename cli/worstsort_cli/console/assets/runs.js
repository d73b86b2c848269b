// The list of all runs.

import { get, pace, poll } from "./api.js";
import { badge, counted, dollars, duration, empty, h, keyed, moment, number, percent, table } from "./dom.js";

const COLUMNS = [
  ["run_id", "run", "text"], ["status", "state", "text"], ["target", "sorts", "text"], ["size", "size"], ["best", "best"],
  ["", "of bound"], ["epoch", "epochs"], ["evaluations", "evaluations"], ["", "time"], ["", "cost on AWS"], ["started_at", "started"],
];
const PAGE = 50;

export const runs = (root, { signal, about, go }) => {
  const query = new URLSearchParams(location.search);
  const asked = {
    text: query.get("text") ?? "", status: query.get("status") ?? "", sort: query.get("sort") ?? "-started_at",
    offset: Math.max(0, Number(query.get("offset")) || 0),
  };
  const chosen = new Set();
  document.title = "Runs – Worstsort";

  const body = h("tbody");
  const head = COLUMNS.map(([field, name, kind]) => h("th", { scope: "col", class: kind, "data-sort": field },
    field ? h("button", { type: "button", onclick: () => sort(field) }, name, h("span", { "aria-hidden": "true" })) : name));
  const list = table("Runs", [h("th", { scope: "col" }, h("span", { class: "hidden" }, "to compare")), ...head], body);
  const said = h("p", { class: "soft", role: "status" }, "Loading…");
  const message = h("div");
  const problem = h("p", { class: "problem", hidden: true });
  const compare = h("button", { type: "button", disabled: true, onclick: () => go(`/compare?runs=${[...chosen].join(",")}`) }, "Compare");
  const earlier = h("button", { type: "button", onclick: () => move(-PAGE) }, "Newer");
  const later = h("button", { type: "button", onclick: () => move(PAGE) }, "Older");
  root.append(
    h("h1", {}, "Runs"),
    h("form", { class: "tools", role: "search", onsubmit: (event) => event.preventDefault() },
      h("label", {}, "Find ", h("input", { type: "search", name: "text", value: asked.text, placeholder: "run, sort or preset", oninput: (event) => change({ text: event.target.value, offset: 0 }) })),
      h("label", {}, "State ", h("select", { name: "status", onchange: (event) => change({ status: event.target.value, offset: 0 }) },
        h("option", { value: "" }, "all"),
        ...about.statuses.map((status) => h("option", { value: status, selected: status === asked.status }, status.toLowerCase().replace("_", " "))))),
      compare),
    problem, list, message, h("div", { class: "tools" }, earlier, later, said));

  const sort = (field) => change({ sort: asked.sort === `-${field}` ? field : `-${field}`, offset: 0 });
  const move = (by) => change({ offset: Math.max(0, asked.offset + by) });
  let waiting = 0;
  const change = (changes) => {
    Object.assign(asked, changes);
    const kept = new URLSearchParams(Object.entries(asked).filter(([name, value]) => value && !(name === "sort" && value === "-started_at")));
    go(`/${kept.size ? `?${kept}` : ""}`, { replace: true, stay: true });
    clearTimeout(waiting);
    waiting = setTimeout(again, 150);
  };

  const row = (run) => {
    const key = `${run.place}:${run.id}`;
    const box = h("input", { type: "checkbox", "aria-label": `compare ${run.id}`, "data-focus": "box",
      onchange: (event) => { chosen[event.target.checked ? "add" : "delete"](key); compare.disabled = chosen.size < 2; } });
    box.checked = chosen.has(key);
    const left = run.left_seconds === null ? "" : `, at most ${duration(run.left_seconds)} left`;
    return h("tr", {},
      h("td", {}, box),
      h("th", { scope: "row", class: "text" }, h("a", { href: `/runs/${run.place}/${encodeURIComponent(run.id)}`, "data-focus": "link" }, run.id),
        run.place === "folder" ? h("span", { class: "soft" }, " in ./", about.folder ?? "") : null),
      h("td", { class: "text" }, badge(run.status)),
      h("td", { class: "text", title: run.target }, run.sort),
      h("td", {}, number(run.size)), h("td", { class: "best" }, number(run.best)),
      h("td", {}, run.optimal ? "proven optimal" : percent(run.share)),
      h("td", {}, `${number(run.epoch)} of ${number(run.max_epochs)}`), h("td", {}, number(run.evaluations)),
      h("td", {}, duration(run.elapsed_seconds), left), h("td", {}, dollars(run.dollars)),
      h("td", {}, moment(run.started_at)));
  };

  let whole = true;
  const draw = async () => {
    const found = await get("runs", { ...asked, limit: PAGE }, signal);
    keyed(body, found.runs, (run) => `${run.place}:${run.id}`, row);
    for (const cell of head) {
      const [plain, turned] = [cell.dataset.sort, `-${cell.dataset.sort}`];
      if (plain && asked.sort === plain) cell.setAttribute("aria-sort", "ascending");
      else if (plain && asked.sort === turned) cell.setAttribute("aria-sort", "descending");
      else cell.removeAttribute("aria-sort");
    }
    whole = !found.unread;
    const first = found.total ? asked.offset + 1 : 0;
    said.textContent = `${number(first)} to ${number(asked.offset + found.runs.length)} of ${counted(found.total, "run")}${whole ? "" : `; ${number(found.unread)} older ones are still being read`}`;
    earlier.disabled = asked.offset === 0;
    later.disabled = asked.offset + found.runs.length >= found.total;
    problem.textContent = found.problem;
    problem.hidden = !found.problem;
    list.hidden = !found.runs.length;
    message.replaceChildren(...(found.runs.length ? [] : [asked.text || asked.status ? empty("No run is like this.")
      : empty("There are no runs yet. ", about.read_only ? "" : h("a", { href: "/start" }, "Start a run"), about.read_only ? "" : ", or use ", h("code", {}, "worstsort run"), ".")]));
  };
  const again = poll(signal, () => pace(about, () => true, whole), draw);
};
