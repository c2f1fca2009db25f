// Saying what happened: a line that comes and goes, and is read out.

const node = () => document.getElementById("told");
let timer = null;

export function tell(text) {
  node().textContent = text;
  node().classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => node().classList.remove("shown"), 6000);
}

export function hush() {
  node().classList.remove("shown");
}

/** Do something that the server may refuse, and say so in its words. */
export async function attempt(action, where) {
  try {
    return await action();
  } catch (error) {
    const says = [error.message, ...(error.problems ?? []).map((p) => `${p.path ? `${p.path} ` : ""}${p.says}${p.advice ? ` ${p.advice}` : ""}`)].join("\n");
    if (where) where.textContent = says;
    else tell(says);
    return undefined;
  }
}
