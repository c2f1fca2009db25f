// A form over plain data, made from the schema; every part is built when it is opened.

import { element } from "../../../report/web/src/element.js";
import { blank, read } from "./schema.js";
import { plain } from "./words.js";

let counter = 0;

/** The text of a path as the checker writes it. */
export const pathText = (path) => path.reduce((text, step) => (typeof step === "number" ? `${text}[${step}]` : text ? `${text}.${step}` : String(step)), "");

/**
 * Build the form of a value.
 *
 * @param schema of the value; @param value plain data; @param onChange(value) when it changed
 * @param known lists such as places, offered while one types
 */
export function field(schema, value, onChange, { path = [], name = "", known = {}, open = false } = {}) {
  const found = read(schema);
  const more = { path, name, known, open };
  switch (found.form) {
    case "object": return objectField(found, value ?? {}, onChange, more);
    case "dict": return dictField(found, value ?? {}, onChange, more);
    case "list": return scalar(read(found.items)) ? textList(found, value ?? [], onChange, more) : listField(found, value ?? [], onChange, more);
    case "kinds": return kindsField(found, value, onChange, more);
    default: return inputField(found, value, onChange, more);
  }
}

const scalar = (schema) => ["choice", "flag", "whole", "number", "text"].includes(schema.form);

function section(title, note, path, open, fill) {
  const body = element("div", { class: "fields" });
  const count = element("span", { class: "count", hidden: true });
  const node = element("details", { "data-path": pathText(path), class: "part", open }, element("summary", {}, element("span", {}, title), note ? element("small", {}, note) : null, count), body);
  let filled = false;
  const ensure = () => {
    if (filled) return;
    filled = true;
    fill(body);
  };
  node.addEventListener("toggle", () => node.open && ensure());
  node.ensure = ensure;
  if (open) ensure();
  return node;
}

const titleOf = (name, value) => value?.title || value?.id || (value?.kind ? plain(value.kind) : "") || plain(String(name));

function objectField(schema, value, onChange, { path, name, known, open }) {
  const fill = (body) => body.append(...objectParts(schema, value, onChange, { path, known }));
  return section(titleOf(name, value), schema.description, path, open, fill);
}

export function objectParts(schema, value, onChange, { path = [], known = {}, skip = [] } = {}) {
  const now = { ...value };
  return Object.entries(schema.properties).filter(([key]) => !skip.includes(key)).map(([key, part]) => field(part, now[key], (next) => {
    now[key] = next;
    if (next === null) delete now[key];
    onChange({ ...now });
  }, { path: [...path, key], name: key, known }));
}

function removable(node, remove) {
  const button = element("button", { type: "button", class: "plain-button" }, "Remove");
  button.addEventListener("click", remove);
  node.querySelector(".fields").append(button);
  node.addEventListener("toggle", () => node.querySelector(":scope > .fields").append(button));
  return node;
}

function dictField(schema, value, onChange, { path, name, known, open }) {
  let now = { ...value };
  const fill = (body) => {
    const draw = () => {
      const parts = Object.keys(now).map((key) => {
        const node = field(schema.additionalProperties, now[key], (next) => {
          now = { ...now, [key]: next };
          onChange(now);
        }, { path: [...path, key], name: key, known });
        const gone = () => {
          now = Object.fromEntries(Object.entries(now).filter(([each]) => each !== key));
          onChange(now);
          draw();
        };
        return node.matches("details") ? removable(node, gone) : element("div", { class: "row" }, node, small("Remove", gone, `Remove ${key}`));
      });
      const input = element("input", { type: "text", "aria-label": `New name in ${plain(name)}`, placeholder: "new-name" });
      const add = small("Add", () => {
        const key = input.value.trim();
        if (!key || key in now) return;
        now = { ...now, [key]: blank(schema.additionalProperties) };
        onChange(now);
        draw();
      });
      body.replaceChildren(...parts, element("div", { class: "row add" }, input, add));
    };
    draw();
  };
  return section(plain(name), `${Object.keys(now).length}`, path, open, fill);
}

function listField(schema, value, onChange, { path, name, known, open }) {
  let now = [...value];
  const fill = (body) => {
    const draw = () => {
      const parts = now.map((item, i) => removable(field(schema.items, item, (next) => {
        now = now.map((each, k) => (k === i ? next : each));
        onChange(now);
      }, { path: [...path, i], name: i + 1, known }), () => {
        now = now.filter((_, k) => k !== i);
        onChange(now);
        draw();
      }));
      const items = read(schema.items);
      const kinds = items.form === "kinds" ? items.options : null;
      const pick = kinds && element("select", { "aria-label": "Kind" }, ...kinds.map((each, k) => element("option", { value: k }, plain(read(each.properties.kind).enum[0]))));
      const add = small("Add", () => {
        now = [...now, kinds ? blank(kinds[Number(pick.value)]) : blank(schema.items)];
        onChange(now);
        draw();
      }, `Add to ${plain(name)}`);
      body.replaceChildren(...parts, element("div", { class: "row add" }, pick, add));
    };
    draw();
  };
  return section(plain(name), `${now.length}`, path, open, fill);
}

function kindsField(schema, value, onChange, more) {
  const own = schema.options.find((each) => read(each.properties.kind).enum[0] === value?.kind) ?? schema.options[0];
  return objectField(own, value ?? blank(own), onChange, more);
}

function textList(schema, value, onChange, { path, name, known }) {
  const item = read(schema.items);
  const input = element("input", { type: "text", value: value.join(", ") });
  input.addEventListener("input", () => onChange(input.value.split(",").map((part) => part.trim()).filter(Boolean).map((part) => (["whole", "number"].includes(item.form) ? numberOr(part) : part))));
  suggestInto(input, name, known);
  return labelled(input, name, schema, path);
}

function inputField(schema, value, onChange, { path, name, known }) {
  let input;
  if (schema.form === "choice") {
    input = element("select", {}, ...(schema.optional ? [element("option", { value: "" }, "–")] : []), ...schema.enum.map((each) => element("option", { value: each, selected: each === value }, plain(String(each)))));
    input.addEventListener("change", () => onChange(input.value === "" ? null : schema.enum.find((each) => String(each) === input.value)));
  } else if (schema.form === "flag") {
    input = element("input", { type: "checkbox", checked: value === true });
    input.addEventListener("change", () => onChange(input.checked));
  } else if (schema.maxLength > 500) {
    input = element("textarea", { rows: 3 });
    input.value = value ?? "";
    input.addEventListener("input", () => onChange(input.value));
  } else {
    const numeric = ["whole", "number"].includes(schema.form);
    input = element("input", { type: "text", value: value ?? "", inputmode: numeric ? "decimal" : null });
    input.addEventListener("input", () => {
      const text = input.value.trim();
      if (text === "" && (schema.optional || schema.default !== undefined)) onChange(null);
      else onChange(numeric ? numberOr(text) : text);
    });
    suggestInto(input, name, known);
  }
  return labelled(input, name, schema, path);
}

const numberOr = (text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

function suggestInto(input, name, known) {
  const words = { place: known.places, places: known.places, to: known.places, unless_held: known.places, start: known.places, end: known.places, force: known.forces }[name];
  if (!words || input.closest("datalist")) return;
  const id = `known-${++counter}`;
  input.setAttribute("list", id);
  input.list_ = element("datalist", { id }, ...words.map((word) => element("option", { value: word })));
}

function labelled(input, name, schema, path) {
  const id = `field-${++counter}`;
  input.id = id;
  const wrong = element("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const note = schema.description ?? schema.unit;
  const hint = note ? element("small", { id: `${id}-note` }, note) : null;
  input.setAttribute("aria-describedby", `${id}-note ${id}-wrong`);
  return element("div", { class: "field", "data-path": pathText(path) }, element("label", { for: id }, plain(String(name))), input, input.list_ ?? null, hint, wrong);
}

function small(text, action, label) {
  const button = element("button", { type: "button", class: "plain-button", "aria-label": label }, text);
  button.addEventListener("click", action);
  return button;
}

/** Write problems beside the fields they are about; the sections above say how many they hold. */
export function mark(root, problems) {
  for (const node of root.querySelectorAll(".wrong")) node.hidden = true;
  for (const node of root.querySelectorAll("[aria-invalid]")) node.removeAttribute("aria-invalid");
  for (const node of root.querySelectorAll(".count")) node.hidden = true;
  for (const problem of problems) {
    const parts = [...root.querySelectorAll("[data-path]")].filter((node) => holds(node.dataset.path, problem.path));
    for (const part of parts) {
      const count = part.querySelector(":scope > summary > .count");
      if (count) {
        count.textContent = Number(count.hidden ? 0 : count.textContent) + 1;
        count.hidden = false;
      }
    }
    const own = parts.find((node) => node.matches(".field") && node.dataset.path === problem.path);
    if (!own) continue;
    const wrong = own.querySelector(".wrong");
    wrong.textContent = `${problem.says}. ${problem.advice}`;
    wrong.hidden = false;
    own.querySelector("input, select, textarea").setAttribute("aria-invalid", "true");
  }
}

const holds = (path, problem) => path === problem || problem.startsWith(`${path}.`) || problem.startsWith(`${path}[`);

/** Open everything above a path, and go there. */
export function reveal(root, path) {
  for (;;) {
    const next = [...root.querySelectorAll("details.part:not([open])")].find((node) => holds(node.dataset.path, path));
    if (!next) break;
    next.ensure();
    next.open = true;
  }
  const all = [...root.querySelectorAll("[data-path]")].filter((node) => holds(node.dataset.path, path));
  const node = all.at(-1);
  node?.scrollIntoView({ block: "center" });
  node?.querySelector("input, select, textarea, summary")?.focus();
}
