const number = (value) => (value === null ? "not counted" : value.toLocaleString("en-US"));

function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** What each rung says about a backup; nothing above the one it reached is claimed. */
const rungs = {
  stored: "stored (not yet read back)",
  intact: "intact: every byte was read back from the store and matches its SHA-256",
  readable: "readable: intact, and decoded to its end by PostgreSQL's own tool",
  proven: "proven: restored, with schema, counts and contents equal",
};

/** The lines about the newest backup. */
export function backupLines(backup) {
  return [
    `Backup     ${backup.file} (${size(backup.sizeBytes)}, of a database of ${size(backup.databaseBytes)})`,
    `Contents   ${number(backup.rows)} rows in ${backup.tables} tables`,
    `Evidence   ${rungs[backup.rung] ?? "none yet"}`,
  ];
}

function signInLines(admin, { email, password }) {
  if (admin === "others") return ["Sign in    with your own account; this Holdfast was set up before"];
  if (admin === "changed") return [`Sign in    ${email}, with the password you chose`];
  return [`Sign in    ${email}`, `Password   ${password}`];
}

/** What a person needs next. */
export function summary({ port, result, admin, demo, logFile, isRunning = false }) {
  const address = `http://localhost:${port}`;
  const lines = [`Holdfast   ${address}`];
  if (result?.setupToken) lines.push(`Set up     ${address}/setup?token=${result.setupToken}`);
  else if (result?.admin) lines.push(...signInLines(result.admin, admin));
  else if (admin) lines.push(...signInLines("fits", admin));
  if (demo) lines.push(`Demo app   ${demo.appUrl}`);
  if (result?.backup) lines.push("", ...backupLines(result.backup));
  if (logFile) lines.push("", `Log        ${logFile}`);
  if (!isRunning) lines.push("Stop       Ctrl-C stops web and worker; the demo goes on running", "           npm run quickstart -- --remove-demo removes the demo and its data");
  return `\n${lines.map((line) => (line ? `  ${line}` : "")).join("\n")}\n`;
}
