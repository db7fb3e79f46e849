// An ESLint rule: a component must not import a module that only works on the server, directly or through others. Whether
// it does is read from the module itself: it says `server-only`, or imports something of Node's.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const importOf = /^\s*(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']/gm;
const endings = ["", ".ts", ".tsx", ".mts", "/index.ts"];
const cache = new Map();

function fileOf(specifier, from, root) {
  const base = specifier.startsWith("@/") ? path.join(root, specifier.slice(2)) : specifier.startsWith(".") ? path.resolve(path.dirname(from), specifier) : null;
  return base && endings.map((ending) => base + ending).find((file) => /\.[a-z]+$/.test(file) && existsSync(file));
}

/** The chain of modules that leads to something of the server's, or null. */
function wayToServer(file, root, seen = new Set()) {
  if (cache.has(file)) return cache.get(file);
  if (seen.has(file)) return null;
  seen.add(file);
  let way = null;
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(importOf)) {
    const next = fileOf(specifier, file, root);
    if (specifier === "server-only" || specifier.startsWith("node:")) way = [specifier];
    else if (next) way = wayToServer(next, root, seen);
    if (way) break;
  }
  const found = way && [path.relative(root, file), ...way];
  cache.set(file, found);
  return found;
}

const rule = {
  meta: { type: "problem", schema: [], messages: { server: "Components run in the browser too, and this is server code: {{ way }}." } },
  create: (context) => ({
    ImportDeclaration(node) {
      if (node.importKind === "type" || !node.source.value.startsWith("@/lib/")) return;
      const file = fileOf(node.source.value, context.filename, context.cwd);
      const way = file && wayToServer(file, context.cwd);
      if (way) context.report({ node, messageId: "server", data: { way: way.join(" → ") } });
    },
  }),
};

export default rule;
