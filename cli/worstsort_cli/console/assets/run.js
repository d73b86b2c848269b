// One run: its figures, what can be done to it, and a tab for each way to look at it.

import { get, pace, poll, post, runPath, say } from "./api.js";
import { convergence } from "./convergence.js";
import { badge, dollars, duration, empty, h, keyed, moment, number, percent, words } from "./dom.js";
import { epochs } from "./epochs.js";
import { events, machine } from "./machine.js";

const TABS = [
  ["machine", "State machine", machine], ["epochs", "Epochs and islands", epochs], ["convergence", "Convergence", convergence],
  ["events", "Events", events], ["report", "Report", null], ["configuration", "Configuration", null],
];
const OF_FOLDER = ["epochs", "convergence", "report", "configuration"];

export const run = (root, { signal, about, parts, go }) => {
  const [place, id] = parts;
  const path = runPath(place, id);
  document.title = `${id} – Worstsort`;
  const query = () => new URLSearchParams(location.search);
  const tabs = TABS.filter(([name]) => place === "cloud" || OF_FOLDER.includes(name));

  const title = h("h1", {}, h("span", { class: "soft" }, "Run "), id, " ");
  const state = h("span");
  title.append(state);
  const asked = h("p", { class: "soft" });
  const tiles = h("dl", { class: "tiles" });
  const reason = h("p", { class: "reason", hidden: true });
  const stop = h("button", { type: "button", hidden: true, onclick: () => act("stop", `Stop run ${id}? It can be resumed later.`) }, "Stop");
  const resume = h("button", { type: "button", hidden: true, onclick: () => act("resume", null) }, "Resume");
  const files = h("span", { class: "files" });
  const picker = h("select", { "aria-label": "execution", onchange: (event) => set({ execution: event.target.value }) });
  const executions = h("label", { hidden: true }, "Execution ", picker);
  const list = h("div", { role: "tablist", "aria-label": "Ways to look at the run" });
  const panel = h("div", { role: "tabpanel", id: "panel", tabindex: "0" });
  root.append(h("p", {}, h("a", { href: "/" }, "← All runs")), title, asked, reason, h("div", { class: "tools" }, stop, resume, executions, files), tiles, list, panel);

  const current = () => tabs.find(([name]) => name === query().get("tab"))?.[0] ?? tabs[0][0];
  const set = (changes, redraw = true) => {
    const next = query();
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    go(`${location.pathname}${next.size ? `?${next}` : ""}`, { stay: true });
    if (redraw) show();
  };

  for (const [name, label] of tabs) {
    list.append(h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel",
      onclick: () => set({ tab: name, state: null, epoch: null, island: null }) }, label));
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const now = tabs.findIndex(([name]) => name === current());
    const [name] = tabs[(now + step + tabs.length) % tabs.length];
    event.preventDefault();
    set({ tab: name, state: null, epoch: null, island: null });
    document.getElementById(`tab-${name}`).focus();
  });

  let known = null;
  // A run that has just been started is not recorded yet; one that was refused never is.
  const status = () => known?.run?.status ?? known?.execution?.status ?? "RUNNING";
  const running = () => status() === "RUNNING";
  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());
  const show = () => {
    leaving.abort();
    leaving = new AbortController();
    const name = current();
    for (const tab of list.children) {
      const selected = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", selected);
      tab.tabIndex = selected ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    panel.replaceChildren();
    const view = TABS.find(([tab]) => tab === name)[2];
    const context = { signal: leaving.signal, about, place, id, path, query: query(), set, run: () => known?.run, running };
    if (view) view(panel, context);
    else if (name === "report") report();
    else configuration();
  };
  const report = () => {
    if (!known) { panel.append(h("p", { class: "soft" }, "Loading…")); return; }
    if (!known.run?.generations && !known.files?.includes("report.html")) { panel.append(empty("There is no report before the first epoch has closed.")); return; }
    const source = `/api/${path}/report`;
    panel.append(h("p", {}, h("a", { href: source, target: "_blank", rel: "noopener" }, "Open it by itself")),
      h("iframe", { title: `Report of run ${id}`, sandbox: "allow-scripts", src: source, class: "report" }));
  };
  const configuration = () => {
    panel.append(h("pre", { tabindex: "0", "aria-label": "configuration" }, known?.config ? JSON.stringify(known.config, null, 2) : "Loading…"),
      h("p", { class: "soft" }, known?.code_version ? `code version ${known.code_version}` : ""));
  };

  const act = async (what, question) => {
    if (question && !confirm(question)) return;
    [stop, resume].forEach((button) => { button.disabled = true; });
    say("");
    try {
      await post(`${path}/${what}`);
      stop.hidden = resume.hidden = true; // until the answer says what can be done now
      ask();
    } catch (error) {
      say(error.message);
    }
    [stop, resume].forEach((button) => { button.disabled = false; });
  };

  const tile = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const draw = async () => {
    const found = await get(path, {}, signal);
    const changed = JSON.stringify(found) !== JSON.stringify(known);
    const first = known === null || (known.run === null && found.run !== null);
    const resumed = !running();
    known = found;
    if (!changed) return;
    const names = found.executions ?? [];
    executions.hidden = names.length < 2;
    keyed(picker, names.map((name, index) => ({ name, value: index ? name : "" })), ({ name }) => name, ({ name, value }) =>
      h("option", { value, selected: query().get("execution") === name }, name));
    if (!found.run) {
      state.replaceChildren(badge(running() ? "STARTING" : status()));
      tiles.replaceChildren();
      reason.hidden = !found.execution?.reason;
      reason.textContent = found.execution?.reason ?? "";
    } else {
      const of = found.run;
      state.replaceChildren(badge(of.status));
      asked.textContent = `${number(of.size)} integers${of.values === "distinct" ? ", all distinct" : ""}, sorted by ${of.sort}; preset ${of.preset}, seed ${of.seed}; started ${moment(of.started_at)}`;
      reason.hidden = !of.reason;
      reason.textContent = of.reason;
      stop.hidden = about.read_only || !found.can_stop;
      resume.hidden = about.read_only || !found.can_resume;
      tiles.replaceChildren(
        tile("best", number(of.best)),
        tile("of the bound", of.optimal ? "proven optimal" : percent(of.share)),
        tile("epochs", `${number(of.epoch)} of ${number(of.max_epochs)}`), tile("islands", number(of.islands)),
        tile("evaluations", number(of.evaluations)),
        tile("time", duration(of.elapsed_seconds)), tile("at most left", duration(of.left_seconds)),
        tile("cost on AWS", dollars(of.dollars)));
      files.replaceChildren(...found.files.map((name) => h("a", { href: `/api/${path}/files/${name}`, download: name }, name)));
    }
    document.title = `${words(found.run || !running() ? status() : "STARTING")}: ${id} – Worstsort`;
    if (resumed && running()) show();
    if (first && ["report", "configuration"].includes(current())) show();
  };
  addEventListener("popstate", show, { signal });
  show();
  const ask = poll(signal, () => pace(about, () => running() || !known?.run?.settled), draw);
};
