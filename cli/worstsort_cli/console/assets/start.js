// The form that starts a run: made from the configuration's own schema, checked as it is filled in, estimated before it is sent.

import { get, post, runPath, say } from "./api.js";
import { dollars, duration, empty, h, number } from "./dom.js";

const FIRST = ["target", "size", "preset", "islands", "population", "generations_per_epoch", "seed", "values", "stop.max_epochs", "stop.max_seconds", "stop.target_comparisons"];
const CHECK_MILLISECONDS = 400;

const resolve = (schema, root) => schema.$ref ? root.$defs[schema.$ref.split("/").at(-1)] : schema;

// One entry for each field that holds a value, with the fields of objects within it under a dotted name.
const fields = (schema, root, prefix = "") => Object.entries(schema.properties).flatMap(([name, given]) => {
  const of = resolve(given, root);
  if (of.properties) return fields(of, root, `${prefix}${name}.`);
  const options = of.anyOf ?? [of];
  const kind = options.find((option) => option.type !== "null") ?? {};
  return [{ name: `${prefix}${name}`, type: kind.type, least: kind.minimum ?? kind.exclusiveMinimum, most: kind.maximum ?? kind.exclusiveMaximum, nullable: options.length > 1, preset: given.default ?? of.default, about: of.description ?? "" }];
});

export const start = async (root, { signal, about, go }) => {
  document.title = "Start a run – Worstsort";
  root.append(h("h1", {}, "Start a run"));
  if (about.read_only) { root.append(empty("This console was started with --read-only.")); return; }
  const { schema, presets, targets } = await get("schema", {}, signal);
  const all = fields(schema, schema);
  const inputs = new Map();
  const errors = new Map();
  const lists = { target: targets, preset: Object.keys(presets), values: ["any", "distinct"] };

  const control = (field) => {
    const id = `field-${field.name.replaceAll(".", "-")}`;
    const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
    const shared = { id, name: field.name, "aria-describedby": `${id}-error ${id}-hint`, oninput: changed };
    const unset = field.nullable ? "never" : presets.strong?.[field.name] !== undefined ? "the preset's" : `${field.preset ?? ""}`;
    const input = field.name === "preset" || field.name === "values"
      ? h("select", shared, ...lists[field.name].map((name) => h("option", { value: name, selected: name === field.preset }, name)))
      : field.type === "boolean" ? h("select", shared, ...[["", unset], ["true", "yes"], ["false", "no"]].map(([value, name]) => h("option", { value }, name)))
        : h("input", { ...shared, type: "text", inputmode: ["integer", "number"].includes(field.type) ? "decimal" : "text", placeholder: unset, autocomplete: "off", spellcheck: "false", list: lists[field.name] ? `${id}-list` : null });
    inputs.set(field.name, { input, field });
    errors.set(field.name, error);
    const range = field.least !== undefined ? `${number(field.least)} to ${number(field.most)}` : "";
    return h("div", { class: "field" }, h("label", { for: id }, field.name.replaceAll("_", " ").replace(".", ": ")), input,
      lists[field.name] ? h("datalist", { id: `${id}-list` }, ...lists[field.name].map((value) => h("option", { value }))) : null,
      h("p", { class: "soft hint", id: `${id}-hint` }, range), error);
  };

  const given = () => {
    const config = {};
    for (const [name, { input, field }] of inputs) {
      const text = input.value.trim();
      if (text === "" || (["preset", "values"].includes(name) && text === field.preset)) continue;
      const asNumber = ["integer", "number"].includes(field.type) && text !== "" && Number.isFinite(Number(text.replaceAll("_", "")));
      const value = asNumber ? Number(text.replaceAll("_", "")) : field.type === "boolean" ? text === "true" : text;
      const path = name.split(".");
      let at = config;
      for (const part of path.slice(0, -1)) at = at[part] ??= {};
      at[path.at(-1)] = value;
    }
    return config;
  };

  const summary = h("div", { role: "status", class: "checked" });
  const estimate = h("div", { role: "status", class: "estimate" });
  const name = h("input", { id: "field-name", name: "name", type: "text", autocomplete: "off", placeholder: "made from the configuration", "aria-describedby": "field-name-error", oninput: () => changed() });
  errors.set("name", h("p", { class: "error", id: "field-name-error", hidden: true }));
  const estimating = h("button", { type: "button", onclick: () => project() }, "Estimate cost and time");
  const send = h("button", { type: "submit", class: "main" }, "Start");
  let estimated = "";

  const refuse = (problems) => {
    for (const [field, error] of errors) {
      const said = problems.filter((problem) => problem.field === field).map((problem) => problem.said.slice(field.length + 2));
      error.textContent = said.join("; ");
      error.hidden = !said.length;
      const input = field === "name" ? name : inputs.get(field).input;
      if (said.length) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    const others = problems.filter((problem) => !errors.has(problem.field));
    summary.replaceChildren(...(problems.length ? [h("p", { class: "problem" }, `${problems.length} ${problems.length === 1 ? "field is" : "fields are"} refused`, others.length ? ": " : ".", others.map((problem) => problem.said).join("; "))] : []));
  };
  const attempt = async (path) => {
    try {
      const answer = await post(path, { config: given(), name: name.value.trim() });
      refuse([]);
      say("");
      return answer;
    } catch (error) {
      if (error.problems.length) refuse(error.problems);
      else say(error.message);
      return null;
    }
  };
  let waiting = 0;
  function changed() {
    clearTimeout(waiting);
    if (estimated !== JSON.stringify(given())) estimate.replaceChildren();
    waiting = setTimeout(() => { if (!signal.aborted) attempt("check"); }, CHECK_MILLISECONDS);
  }
  const project = async () => {
    estimating.disabled = true;
    estimate.replaceChildren(h("p", { class: "soft" }, "Measuring the pace of an island on this machine, which takes a few seconds…"));
    const asked = JSON.stringify(given());
    const found = await attempt("estimate");
    estimating.disabled = false;
    estimated = asked;
    estimate.replaceChildren(...(found ? [h("dl", { class: "tiles" },
      ...[["time", duration(found.seconds)], ["epochs", number(found.epochs)], ["evaluations", number(found.evaluations)],
        [found.embedded ? "cost (here nothing; on AWS)" : "cost", dollars(found.total_dollars)], ["cost at worst", dollars(found.at_worst_dollars)]].map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
    h("p", { class: "soft" }, `Limited by ${found.ended_by}; prices of ${found.prices.as_of}, ${found.prices.region}.`)] : []));
    return found;
  };
  const submit = async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    if (estimated !== JSON.stringify(given())) {
      if (await project()) estimate.append(h("p", {}, "Press Start again to start the run."));
      else root.querySelector('[aria-invalid="true"]')?.focus();
      return;
    }
    send.disabled = true;
    const started = await attempt("start");
    send.disabled = false;
    if (started) go(`/${runPath("cloud", started.run_id)}`);
  };

  const known = new Map(all.map((field) => [field.name, field]));
  root.append(h("form", { onsubmit: submit, novalidate: true },
    h("p", {}, "Whatever is left empty is as the preset has it, or as shown. Nothing is started before you have seen what it takes."),
    h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: "field-name" }, "name"), name, errors.get("name")), ...FIRST.filter((field) => known.has(field)).map((field) => control(known.get(field)))),
    h("details", {}, h("summary", {}, "All other fields"), h("div", { class: "fields" }, ...all.filter((field) => !FIRST.includes(field.name)).map(control))),
    summary, h("div", { class: "tools" }, estimating, send), estimate));
};
