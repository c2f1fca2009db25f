// Bundle the charts and the style into ../static, with licences and the hash of what they were made of.
//
//   npm ci && npm run build
//
// The bundle is committed: users of the Python package need no Node. The same sources and the same
// lock file give the same bytes.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const OUT = "../static";

/** The files a bundle depends on, in a fixed order; a test hashes the same ones. */
async function sources() {
  const inside = (await readdir("src")).map((name) => `src/${name}`);
  return [...inside, "build.mjs", "package.json", "package-lock.json"].sort();
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

/** Licences of every package whose code or type is in the bundle. */
async function notices(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (match) packages.add(match[1]);
  }
  const parts = [];
  for (const name of [...packages].sort()) {
    const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
    const licence = await readFile(`node_modules/${name}/LICENSE`, "utf8");
    parts.push(`${name} ${about.version} (${about.license})\n\n${licence.trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(78)}\n\n`);
}

const common = { bundle: true, minify: true, metafile: true, write: false, charset: "utf8", legalComments: "none", logLevel: "warning" };
const script = await build({
  ...common, entryPoints: ["src/main.js"], format: "iife", target: "es2022",
  banner: { js: "/* D3, Copyright Mike Bostock, ISC licence; see LICENCES.txt */" },
});
const style = await build({
  ...common, entryPoints: ["src/report.css"], loader: { ".woff2": "dataurl" }, target: "es2022",
  banner: { css: "/* Source Serif and Source Sans, Copyright Adobe, SIL Open Font License 1.1; see LICENCES.txt */" },
});
await mkdir(OUT, { recursive: true });
await writeFile(`${OUT}/charts.js`, script.outputFiles[0].contents);
await writeFile(`${OUT}/report.css`, style.outputFiles[0].contents);
const inputs = { ...script.metafile.inputs, ...style.metafile.inputs };
await writeFile(`${OUT}/LICENCES.txt`, await notices({ inputs }));
const made = { sources: await hashOf(await sources()) };
for (const [name, result] of [["charts.js", script], ["report.css", style]]) {
  made[name] = createHash("sha256").update(result.outputFiles[0].contents).digest("hex");
}
await writeFile(`${OUT}/bundle.json`, `${JSON.stringify(made, null, 2)}\n`);
