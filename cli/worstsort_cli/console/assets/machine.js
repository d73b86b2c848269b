// The state machine of an execution as a graph, the visits of a state, and the list of events.

import { get, pace, poll } from "./api.js";
import { badge, duration, empty, h, keyed, moment, number, partly, s } from "./dom.js";

const WIDTH = 184;
const HEIGHT = 46;
const GAP = 14;
const FRAME = 8;
const START = "Start";
const CAUGHT = "caught";

// Place the states of a machine, or of a state that holds others: those are placed first, and their frame as one.
const layout = (found, parent = null) => {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 26, ranksep: 34, marginx: GAP, marginy: GAP });
  const own = found.nodes.filter((node) => node.parent === parent);
  const inside = new Map();
  for (const { name } of own) {
    if (found.nodes.some((node) => node.parent === name)) inside.set(name, layout(found, name));
    const frame = inside.get(name);
    graph.setNode(name, frame ? { width: frame.width, height: frame.height + 2 * FRAME } : { width: name === START ? 64 : WIDTH, height: HEIGHT });
  }
  // most states lead to one and the same state after an error: that is drawn once, and said in each state's panel
  const isLast = (edge, index) => !found.edges.some((other, at) => at > index && other.label === CAUGHT && other.to === edge.to);
  found.edges.forEach((edge, index) => {
    if (!graph.hasNode(edge.from) || !graph.hasNode(edge.to) || (edge.label === CAUGHT && !isLast(edge, index))) return;
    graph.setEdge(edge.from, edge.to, { weight: edge.label === CAUGHT ? 0 : edge.label ? 2 : 8 }, `${index}`);
  });
  dagre.layout(graph);
  const places = new Map(own.map(({ name }) => [name, { ...graph.node(name), frame: inside.has(name) }]));
  for (const [name, { places: within }] of inside) {
    const at = graph.node(name);
    for (const [inner, place] of within) places.set(inner, { ...place, x: place.x + at.x - at.width / 2, y: place.y + at.y - at.height / 2 + FRAME });
  }
  const lines = graph.edges().map((key) => ({ points: graph.edge(key).points, label: found.edges[Number(key.name)].label }));
  return { places, lines, width: graph.graph().width, height: graph.graph().height };
};

const path = (points) => points.map((point, index) => `${index ? "L" : "M"}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("");

const text = (states, name) => {
  const seen = states[name];
  if (!seen) return "not entered";
  const more = [seen.running ? `${number(seen.running)} running` : "", seen.retries ? `${number(seen.retries)} retried` : "", seen.failures ? `${number(seen.failures)} failed` : ""];
  return [`${number(seen.count)} ×, ${duration(seen.seconds)}`, ...more.filter(Boolean)].join(", ");
};

export const machine = (panel, { signal, about, path: runPath, query, set, running }) => {
  const execution = query.get("execution") ?? "";
  const picture = h("div", { class: "graph" });
  const reading = h("p", { class: "soft", role: "status" }, "Loading…");
  const side = h("section", { class: "side", "aria-label": "State" });
  panel.append(h("ul", { class: "legend", "aria-label": "Colours" }, ...["running", "succeeded", "caught", "failed", "aborted", "untouched"].map((status) => h("li", {}, h("span", { class: `key ${status}` }), status === "untouched" ? "not entered" : status))),
    reading, h("div", { class: "split" }, picture, side));
  const drawn = new Map();
  let chosen = query.get("state");

  const build = (found) => {
    const { places, lines, width, height } = layout(found);
    const root = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": "State machine" },
      s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" }, s("path", { d: "M0 0L8 4L0 8z" }))));
    for (const { points, label } of lines) {
      root.append(s("path", { d: path(points), class: `edge ${label === CAUGHT ? CAUGHT : ""}`, "marker-end": "url(#arrow)" }, s("title", {}, label || "next")));
    }
    for (const node of [...found.nodes].sort((a, b) => places.get(b.name).frame - places.get(a.name).frame)) {
      const at = places.get(node.name);
      const group = s("g", { transform: `translate(${at.x - at.width / 2} ${at.y - at.height / 2})`, class: "node", "data-state": node.name });
      const inside = at.frame;
      group.append(s("rect", { width: at.width, height: at.height, rx: node.name === START ? 22 : 6 }));
      group.append(s("text", { x: inside ? 10 : at.width / 2, y: inside ? 15 : node.name === START ? 28 : 19, class: inside ? "within" : "" }, node.name));
      if (node.name !== START) {
        const said = s("text", { x: inside ? at.width - 10 : at.width / 2, y: inside ? at.height - 6 : 36, class: inside ? "told outside" : "told" });
        const title = s("title");
        group.append(said, title);
        group.setAttribute("role", "button");
        group.setAttribute("tabindex", "0");
        group.addEventListener("click", () => choose(node.name));
        group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(node.name); } });
        const leads = found.edges.filter((edge) => edge.from === node.name).map((edge) => `${edge.to}${edge.label ? ` (${edge.label})` : ""}`);
        drawn.set(node.name, { group, said, title, node, leads });
      }
      root.append(group);
    }
    picture.replaceChildren(root);
  };

  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());
  const choose = (name) => {
    chosen = name;
    set({ state: name, tab: "machine" }, false);
    for (const [state, { group }] of drawn) group.setAttribute("aria-pressed", state === name);
    leaving.abort();
    leaving = new AbortController();
    visits(side, { signal: leaving.signal, about, runPath, execution, name, running, of: drawn.get(name), set });
  };

  side.append(empty("Choose a state to see what it was given, what it returned, and what went wrong."));
  let last = "";
  let whole = true;
  const draw = async () => {
    const found = await get(`${runPath}/machine`, { execution }, signal);
    whole = found.whole;
    reading.textContent = partly(found);
    const structure = JSON.stringify([found.nodes, found.edges]);
    if (structure !== last) {
      last = structure;
      build(found);
      if (chosen && drawn.has(chosen)) choose(chosen);
    }
    for (const [name, { group, said, title, node }] of drawn) {
      const status = found.states[name]?.status ?? "untouched";
      const told = text(found.states, name);
      group.setAttribute("class", `node ${status}`);
      group.setAttribute("aria-pressed", name === chosen);
      said.textContent = found.states[name] ? told : "";
      title.textContent = `${name}: ${status === "untouched" ? "" : `${status}, `}${told}. ${node.comment}`;
    }
  };
  poll(signal, () => pace(about, running, whole), draw);
};

const visits = (side, { signal, about, runPath, execution, name, running, of, set }) => {
  const list = h("ol", { class: "visits" });
  const said = h("p", { class: "soft" }, "Loading…");
  side.replaceChildren(h("h2", {}, name), h("p", {}, of?.node.comment ?? ""),
    of?.leads.length ? h("p", { class: "soft" }, `Leads to ${of.leads.join(", ")}.`) : "",
    h("p", {}, h("button", { type: "button", onclick: () => set({ tab: "events", state: name }) }, "Its events")), said, list);
  const part = (label, content) => content ? [h("h3", {}, label), h("pre", { tabindex: "0", "aria-label": `${label} of ${name}` }, content)] : [];
  let whole = true;
  const draw = async () => {
    const found = await get(`${runPath}/states/${encodeURIComponent(name)}`, { execution, limit: 20 }, signal);
    whole = found.whole;
    said.textContent = found.total > found.visits.length ? `The last ${found.visits.length} of ${number(found.total)} visits.` : found.total ? "" : "It has not been entered.";
    keyed(list, found.visits, (visit) => `${visit.first_event}`, (visit) => h("li", {},
      h("details", { open: visit === found.visits[0] }, h("summary", {}, badge(visit.status), ` ${moment(visit.entered_at)}, ${duration(visit.seconds)}`, visit.attempts > 1 ? `, ${visit.attempts} attempts` : ""),
        ...part("Error", visit.error), ...part("Input", visit.input), ...part("Output", visit.output))));
  };
  poll(signal, () => pace(about, running, whole), draw);
};

const PAGE = 100;

export const events = (panel, { signal, about, path: runPath, query, set, running }) => {
  const asked = { execution: query.get("execution") ?? "", state: query.get("state") ?? "", text: "", offset: 0 };
  const body = h("ol", { class: "events" });
  const said = h("p", { class: "soft", role: "status" }, "Loading…");
  const newer = h("button", { type: "button", onclick: () => move(-PAGE) }, "Newer");
  const older = h("button", { type: "button", onclick: () => move(PAGE) }, "Older");
  panel.append(h("form", { class: "tools", onsubmit: (event) => event.preventDefault() },
    h("label", {}, "Find ", h("input", { type: "search", placeholder: "type or text", oninput: (event) => { asked.text = event.target.value; asked.offset = 0; again(); } })),
    asked.state ? h("span", {}, `of the state ${asked.state} `, h("button", { type: "button", onclick: () => set({ state: null }) }, "all states")) : null),
  said, body, h("div", { class: "tools" }, newer, older));
  let waiting = 0;
  const again = () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); };
  const move = (by) => { asked.offset = Math.max(0, asked.offset + by); again(); };
  let whole = true;
  const draw = async () => {
    const found = await get(`${runPath}/events`, { ...asked, limit: PAGE }, signal);
    whole = found.whole;
    said.textContent = `${number(found.total)} of ${number(found.of)} events, the last first${whole ? "" : "; the history is still being read"}`;
    newer.disabled = asked.offset === 0;
    older.disabled = asked.offset + found.events.length >= found.total;
    keyed(body, found.events, (event) => `${event.id}`, (event) => h("li", {}, h("details", {}, h("summary", {},
      h("span", { class: "soft" }, `${event.id}  ${event.at.slice(11, 23)} `), event.type, event.state ? h("span", { class: "soft" }, `  ${event.state}`) : ""),
    h("pre", { tabindex: "0", "aria-label": `details of event ${event.id}` }, event.details))));
  };
  const ask = poll(signal, () => pace(about, running, whole), draw);
};
