// The JSON Schema of scenarios, read for a form: what stands at a place, without its evidence wrapper.

import { get } from "./api.js";

let known = null;

export async function loadSchema() {
  known ??= await get("/api/schema");
  return known;
}

function resolve(schema) {
  if (!schema.$ref) return schema;
  const name = schema.$ref.split("/").at(-1);
  return { ...known.$defs[name], ...schema, $ref: undefined, name };
}

const isWrapper = (schema) => schema.$ref?.endsWith("/Wrapper");

/** Return {form, ...}: object, dict, list, choice, flag, whole, number, text, kinds. */
export function read(schema) {
  let found = resolve(schema);
  if (found.anyOf) {
    const options = found.anyOf.filter((each) => !isWrapper(each) && each.type !== "null");
    const optional = found.anyOf.some((each) => each.type === "null");
    const { description, default: initial } = found;
    if (options.length === 1) found = { ...resolve(options[0]), optional };
    else if (options.every((each) => each.$ref)) found = { form: "kinds", options: options.map(resolve), optional };
    else found = { ...resolve(options.find((each) => each.type === "number") ?? options[0]), unit: options.find((each) => each.type === "string")?.description, optional };
    if (description) found.description = description;
    if (initial !== undefined) found.default = initial;
  }
  return { ...found, form: found.form ?? formOf(found) };
}

function formOf(schema) {
  if (schema.enum) return "choice";
  if (schema.type === "object") return schema.properties ? "object" : "dict";
  if (schema.type === "array") return "list";
  if (schema.type === "boolean") return "flag";
  if (schema.type === "integer") return "whole";
  if (schema.type === "number") return "number";
  return "text";
}

/** The definition of an event of a kind, or of an intervention. */
export function ofKind(kind) {
  for (const each of Object.values(known.$defs)) {
    const own = each.properties?.kind && read(each.properties.kind);
    if (own?.form === "choice" && own.enum.length === 1 && own.enum[0] === kind) return each;
  }
  return known.$defs.Intervention;
}

/** What a new value begins as. */
export function blank(schema) {
  const found = read(schema);
  if (found.default !== undefined) return found.default;
  if (found.optional) return null;
  switch (found.form) {
    case "object": return Object.fromEntries((found.required ?? []).map((name) => [name, blank(found.properties[name])]));
    case "dict": return {};
    case "list": return found.minItems ? Array.from({ length: found.minItems }, () => blank(found.items)) : [];
    case "choice": return found.enum[0];
    case "flag": return false;
    case "whole": return Math.max(0, found.minimum ?? 0);
    case "number": return Math.max(0, found.minimum ?? 0);
    case "kinds": return blank(found.options[0]);
    default: return "";
  }
}
