// What the tests of this folder share: reading the files of deploy/, and running programs that check them.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

export const root = join(import.meta.dirname, "../..");

/** The folder of the Python tools, which `cargo xtask test deploy` makes. */
export const tools = process.env.DEPLOY_TOOLS;
if (!tools) throw new Error("DEPLOY_TOOLS is not set: run cargo xtask test deploy");

export const read = (path) => readFileSync(join(root, path), "utf8");

/** Compose's own tags: `!reset` empties what other files set, `!override` replaces it. */
const tags = ["reset", "override"].flatMap((name) =>
  [{ collection: "seq" }, { collection: "map" }, {}].map((kind) => ({
    tag: `!${name}`,
    ...kind,
    // What they hold is checked as if the tag were not there.
    resolve: (node) => node,
  })),
);

export const compose = (path) => parse(read(path), { customTags: tags, merge: true });

export const documents = (path) =>
  parseAllDocuments(read(path)).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });

/** Two parts of compose files as Compose lays them over each other: maps are merged, lists are joined. */
export function merged(below, above) {
  if (Array.isArray(below) && Array.isArray(above)) return [...below, ...above];
  const maps = [below, above].every((part) => part !== null && typeof part === "object" && !Array.isArray(part));
  if (!maps) return above ?? below;
  const both = { ...below };
  for (const [name, value] of Object.entries(above)) both[name] = name in both ? merged(both[name], value) : value;
  return both;
}

/** Runs a program; its output is the message where it fails. */
export function run(program, ...parameters) {
  try {
    return execFileSync(program, parameters, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${program} is not installed`);
    throw new Error(`${program} ${parameters.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}

/** Files of a folder below the root, with an ending. */
export const files = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
