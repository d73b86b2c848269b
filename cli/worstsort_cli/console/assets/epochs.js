// The epochs of an execution as a strip, the islands of one epoch as a timeline, and the log of a job.

import { get, pace, poll } from "./api.js";
import { badge, counted, duration, h, keyed, number, partly, table } from "./dom.js";

const MAX_BARS = 200;
const PAGE = 100;
const LOG_SECONDS = 2;
const ENDED = ["SUCCEEDED", "FAILED"];
const KINDS = ["waiting", "starting", "running", "succeeded", "failed"];

export const epochs = (panel, { signal, about, path, query, set, running }) => {
  const execution = query.get("execution") ?? "";
  const asked = query.get("epoch");
  const strip = h("div", { class: "strip", role: "group", "aria-label": "Epochs of this execution" });
  const said = h("p", { class: "soft" }, "Loading…");
  const below = h("div");
  let chosen = asked ? Number(asked) : null;
  let whole = true;
  let shown = null;
  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());

  const follow = h("button", { type: "button", hidden: chosen === null, onclick: () => { hold(null); set({ epoch: null, island: null, tab: "epochs" }, false); ask(); } }, "Follow the newest epoch");
  panel.append(h("h2", {}, "Epochs"), said, strip, h("div", { class: "tools" }, follow), below);
  // Whoever reads a log stays with its epoch while the run goes on.
  const hold = (epoch) => { chosen = epoch; follow.hidden = epoch === null; };

  const choose = (epoch, byHand) => {
    if (byHand) { hold(epoch); set({ epoch, island: null, tab: "epochs" }, false); }
    if (shown === epoch) return;
    shown = epoch;
    leaving.abort();
    leaving = new AbortController();
    islands(below, { signal: leaving.signal, about, path, execution, epoch, query, set, running, hold });
  };

  const draw = async () => {
    const answer = await get(`${path}/epochs`, { execution }, signal);
    const found = answer.epochs;
    whole = answer.whole;
    if (!found.length) { said.textContent = partly(answer) || "No epoch has begun in this execution."; return; }
    const longest = Math.max(...found.map((epoch) => epoch.seconds), 0.001);
    const last = found.slice(-MAX_BARS);
    const current = chosen ?? found.at(-1).epoch;
    said.textContent = `${counted(found.length, "epoch")} in this execution${found.length > last.length ? `; the last ${MAX_BARS} are shown` : ""}; the highest bar is ${duration(longest)}. ${partly(answer)}`;
    keyed(strip, last.map((epoch) => ({ ...epoch, height: Math.round(100 * epoch.seconds / longest), current: epoch.epoch === current })), (epoch) => `${epoch.epoch} ${epoch.entered_at}`, (epoch) =>
      h("button", { type: "button", class: epoch.status, "data-focus": "bar", "aria-pressed": `${epoch.current}`, title: `epoch ${epoch.epoch}: ${epoch.status}, ${duration(epoch.seconds)}`,
        "aria-label": `epoch ${epoch.epoch}: ${epoch.status}, ${duration(epoch.seconds)}`, onclick: () => choose(epoch.epoch, true) },
      h("span", { style: { height: `${Math.max(4, epoch.height)}%` } })));
    if (whole || chosen !== null) choose(current, false); // the newest one is known when all of them are
  };
  const ask = poll(signal, () => pace(about, running, whole), draw);
};

const islands = (root, { signal, about, path, execution, epoch, query, set, running, hold }) => {
  let chosen = query.get("island") !== null && Number(query.get("epoch")) === epoch ? Number(query.get("island")) : null;
  const body = h("tbody");
  const said = h("p", { class: "soft", role: "status" }, "Loading…");
  const logs = h("section", { "aria-label": "Log", class: "log" });
  let offset = chosen === null ? 0 : PAGE * Math.floor(chosen / PAGE);
  const lower = h("button", { type: "button", onclick: () => move(-PAGE) }, "Lower islands");
  const higher = h("button", { type: "button", onclick: () => move(PAGE) }, "Higher islands");
  const pager = h("div", { class: "tools", hidden: true }, lower, higher);
  const move = (by) => { offset = Math.max(0, offset + by); ask(); };
  const legend = h("ul", { class: "legend", "aria-label": "Colours" }, KINDS.map((kind) => h("li", {}, h("span", { class: `bar key ${kind}` }), kind)));
  root.replaceChildren(h("h2", {}, `Epoch ${epoch}`), said, legend, pager,
    table(`Islands of epoch ${epoch}`, ["island", "state", "time", "attempts", "best", "timeline"].map((name) => h("th", { scope: "col", class: ["state", "timeline"].includes(name) ? "text" : "" }, name)), body), logs);
  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());
  const choose = (island, attempt) => {
    chosen = island;
    hold(epoch);
    leaving.abort();
    leaving = new AbortController();
    log(logs, { signal: leaving.signal, about, path, execution, epoch, island, attempt });
  };

  const bar = (island, { kind, said, attempt, left, width }) => {
    const place = { class: `bar ${kind}`, title: said, style: { left: `${left}%`, width: `${width}%` } };
    return attempt === undefined ? h("span", place) : h("button", { ...place, type: "button", "aria-label": `log of island ${island.island}, ${said}`, "data-focus": `bar${attempt}`, onclick: () => choose(island.island, attempt) });
  };
  const row = (island) => h("tr", { class: island.straggler ? "straggler" : "" },
    h("th", { scope: "row" }, h("button", { type: "button", "data-focus": "log", "aria-label": `log of island ${island.island}`, onclick: () => { set({ epoch, island: island.island, tab: "epochs" }, false); choose(island.island, null); } }, number(island.island))),
    h("td", { class: "text" }, badge(island.status), island.straggler ? h("span", { class: "soft" }, " straggler") : null,
      island.attempts.map((attempt, index) => outcome(attempt) === "failed" ? h("div", { class: "soft ended" }, `attempt ${index + 1}: ${told(attempt)}`) : null),
      island.status === "FAILED" && island.reason ? h("div", { class: "soft ended" }, island.reason) : null),
    h("td", {}, duration(island.seconds)),
    h("td", {}, number(island.attempts.length)), h("td", {}, number(island.best)),
    h("td", { class: "text line" }, h("div", { class: "track" }, island.bars.map((one) => bar(island, one)))));

  let ended = false;
  const draw = async () => {
    const { islands: found, total, now } = await get(`${path}/epochs/${epoch}`, { execution, offset, limit: PAGE }, signal);
    pager.hidden = total <= PAGE;
    lower.disabled = offset === 0;
    higher.disabled = offset + found.length >= total;
    const all = found.map((island) => stretches(island, Date.parse(now)));
    const from = Math.min(...all.flat().map((stretch) => stretch.from));
    const span = Math.max(1, Math.max(...all.flat().map((stretch) => stretch.to)) - from);
    const placed = ({ kind, said, attempt, ...stretch }) => {
      const left = Math.min(99, 100 * (stretch.from - from) / span);
      return { kind, said, attempt, left, width: Math.max(0.8, Math.min(100 - left, 100 * (stretch.to - stretch.from) / span)) };
    };
    const counts = {};
    for (const island of found) counts[island.status] = (counts[island.status] ?? 0) + 1;
    const retried = found.filter((island) => island.attempts.length > 1).length;
    said.textContent = Object.entries(counts).map(([status, count]) => `${number(count)} ${status.toLowerCase()}`).join(", ") + (retried ? `; ${number(retried)} retried` : "") + (total > PAGE ? `; islands ${number(offset)} to ${number(offset + found.length - 1)} of ${number(total)}` : "");
    keyed(body, found.map((island, index) => ({ ...island, bars: all[index].map(placed) })), (island) => `${island.island}`, row);
    if (chosen !== null && !logs.firstChild) choose(chosen, null);
    ended = found.every((island) => ENDED.includes(island.status));
  };
  const ask = poll(signal, () => pace(about, () => !ended), draw); // an epoch whose jobs have failed may be tried again
};

// The stretches of an island's job: waiting before each attempt, the attempt, and what it does now if nothing runs.
const stretches = (island, now) => {
  let since = Date.parse(island.created_at);
  const found = [];
  const wait = (until, kind) => { if (since < until) found.push({ kind, from: since, to: until, said: `${kind} for ${duration((until - since) / 1000)}` }); };
  island.attempts.forEach((attempt, index) => {
    const from = Date.parse(attempt.started_at);
    if (!Number.isFinite(from)) return; // it has ended before it began
    const to = attempt.stopped_at ? Date.parse(attempt.stopped_at) : now;
    wait(from, "waiting");
    found.push({ kind: outcome(attempt), from, to, attempt: index, said: `attempt ${index + 1}: ${duration(attempt.seconds)}, ${told(attempt)}` });
    since = to;
  });
  if (!ENDED.includes(island.status) && island.attempts.at(-1)?.stopped_at !== null) wait(now, island.status === "STARTING" ? "starting" : "waiting");
  return found;
};

const outcome = (attempt) => attempt.stopped_at === null ? "running" : attempt.exit_code === 0 ? "succeeded" : "failed";

const told = (attempt) => attempt.stopped_at === null ? "running" : `exit code ${attempt.exit_code ?? "unknown"}${attempt.reason ? `, ${attempt.reason}` : ""}`;

const log = (root, { signal, about, path, execution, epoch, island, attempt }) => {
  const lines = h("ol", { class: "lines", tabindex: "0", "aria-label": `log of island ${island} in epoch ${epoch}` });
  const said = h("p", { class: "soft", role: "status" }, "Loading…");
  const logged = h("label", {}, h("input", { type: "checkbox", onchange: (event) => lines.classList.toggle("logged", event.target.checked) }), " as logged, with metrics");
  root.replaceChildren(h("h3", {}, `Log of island ${island}, epoch ${epoch}${attempt === null ? "" : `, attempt ${attempt + 1}`}`), h("div", { class: "tools" }, said, logged), lines);
  let next = null;
  let stream = null;
  let count = 0;
  let ended = false;
  const draw = async () => {
    const found = await get(`${path}/epochs/${epoch}/islands/${island}/log`, { execution, attempt: attempt ?? "", next: next ?? "", stream: stream ?? "" }, signal);
    if (found.stream !== stream) { lines.replaceChildren(); count = 0; } // a job that is tried again has a new log
    stream = found.stream;
    const bottom = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
    for (const line of found.lines) lines.append(h("li", { class: line.words === null ? "metrics" : "" },
      h("span", { class: "words" }, line.words ?? ""), h("span", { class: "text" }, h("span", { class: "soft" }, `${line.at.slice(11, 23)} `), line.text)));
    while (lines.childElementCount > 2000) lines.firstElementChild.remove();
    count += found.lines.length;
    said.textContent = found.stream ? `${counted(count, "line")} of ${found.stream}` : "The job has no log yet.";
    lines.hidden = !count;
    if (bottom) lines.scrollTop = lines.scrollHeight;
    next = found.next;
    ended = found.ended && !found.lines.length;
  };
  poll(signal, () => ended ? pace(about, () => false) : LOG_SECONDS, draw);
};
