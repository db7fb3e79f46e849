import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";
import noServerCode from "./scripts/lint/no-server-code.mjs";

/** Folders of what the product does. The layers below must not know them. */
const domains = ["alerts", "api", "audit", "backup", "config", "databases", "download", "drill", "history", "monitoring", "recovery", "restore", "retention", "runs", "schedule", "stores", "tokens", "users"];
const inDomains = domains.flatMap((name) => [`@/lib/${name}`, `@/lib/${name}/*`, `../${name}/*`]);

/** One rule of ARCHITECTURE's "data flows one way". */
const noImport = (files, group, message, extra = {}) => ({
  files,
  ignores: ["**/*.test.*", "**/*.test-program.*", "lib/testing/**"],
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [{ group, message, ...extra }] }] },
});

const interfaceCode = ["@/app/*", "@/cli/*", "@/components/*", "**/app/**", "**/cli/**", "**/components/**"];

const config = [
  { ignores: [".next/**", "dist/**", "node_modules/**", "lib/db/generated/**", "data/**", "backups/**", "next-env.d.ts", "test-results/**", "playwright-report/**", "bench-results/**", "coverage/**"] },
  ...next,
  ...typescript,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none", ignoreRestSiblings: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  noImport(["lib/**/*.{ts,tsx}"], interfaceCode, "lib does not know who shows it.", { allowTypeImports: true }),
  noImport(["lib/pipeline/**/*.ts"], [...interfaceCode, ...inDomains, "@/lib/docker/*", "@/lib/postgres/*", "@/lib/db/*", "../docker/*", "../postgres/*", "../db/*"], "The pipeline moves bytes and knows nothing of what they are."),
  noImport(["lib/docker/**/*.ts", "lib/postgres/**/*.ts", "lib/db/**/*.ts"], [...interfaceCode, ...inDomains], "The layers below do not know what the product does.", { allowTypeImports: true }),
  {
    files: ["components/**/*.{ts,tsx}"],
    ignores: ["**/*.test.*"],
    plugins: { holdfast: { rules: { "no-server-code": noServerCode } } },
    rules: { "holdfast/no-server-code": "error" },
  },
  // Playwright hands fixtures over through a function called `use`.
  { files: ["e2e/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
  { files: ["*.config.mjs"], rules: { "import/no-anonymous-default-export": "off" } },
];

export default config;
