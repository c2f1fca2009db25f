// Bundle the dashboard into ../static. D3 and esbuild are those of the report: one lock file for both.
//
//   npm --prefix ../../report/web ci && node build.mjs
//
// The bundle is committed: users of the Python package need no Node. The same sources and the same
// lock file give the same bytes.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const REPORT = "../../report/web";
const OUT = "../static";
const { build } = createRequire(resolve(REPORT, "package.json"))("esbuild");

/** The files a bundle depends on, in a fixed order; a test hashes the same ones. */
async function sources() {
  const found = ["build.mjs", `${REPORT}/package-lock.json`];
  for (const folder of ["src", `${REPORT}/src`]) {
    found.push(...(await readdir(folder)).map((name) => `${folder}/${name}`));
  }
  return found.sort();
}

async function hashOf(names) {
  const hash = createHash("sha256");
  for (const name of names) {
    const text = await readFile(name);
    hash.update(`${name}\n${text.length}\n`);
    hash.update(text);
  }
  return hash.digest("hex");
}

const common = {
  bundle: true, minify: true, write: false, charset: "utf8", legalComments: "none", logLevel: "warning",
  target: "es2022", nodePaths: [resolve(REPORT, "node_modules")],
};
const script = await build({
  ...common, entryPoints: ["src/main.js"], format: "esm",
  banner: { js: "/* D3, Copyright Mike Bostock, ISC licence; see standfast/report/static/LICENCES.txt */" },
});
const style = await build({
  ...common, entryPoints: ["src/dashboard.css"], loader: { ".woff2": "dataurl" },
  banner: { css: "/* Source Serif and Source Sans, Copyright Adobe, SIL Open Font License 1.1; see standfast/report/static/LICENCES.txt */" },
});
await mkdir(OUT, { recursive: true });
const made = { sources: await hashOf(await sources()) };
for (const [name, result] of [["dashboard.js", script], ["dashboard.css", style]]) {
  await writeFile(`${OUT}/${name}`, result.outputFiles[0].contents);
  made[name] = createHash("sha256").update(result.outputFiles[0].contents).digest("hex");
}
await writeFile(`${OUT}/bundle.json`, `${JSON.stringify(made, null, 2)}\n`);
