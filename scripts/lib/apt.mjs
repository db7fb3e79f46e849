import { existsSync, readFileSync } from "node:fs";
import { run } from "./command.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";

const families = ["debian", "fedora", "alpine", "arch"];

/** `{ id, codename, family }` from os-release; Ubuntu's family is debian. */
export function osRelease(file = "/etc/os-release") {
  if (!existsSync(file)) return { id: "", codename: "", family: "" };
  const values = Object.fromEntries(
    readFileSync(file, "utf8").split("\n").map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line)).filter(Boolean).map(([, name, value]) => [name, value]),
  );
  const ids = [values.ID ?? "", ...(values.ID_LIKE ?? "").split(" ")];
  return { id: values.ID ?? "", codename: values.VERSION_CODENAME ?? "", family: families.find((family) => ids.includes(family)) ?? "" };
}

/** Whether packages can be installed without asking anyone. */
export function isDebianRoot() {
  return process.platform === "linux" && process.getuid?.() === 0 && osRelease().family === "debian";
}

/** Installs Debian packages, with progress. The caller has said what and why. */
export async function installPackages(names, title = `Install ${names.join(", ")}`) {
  const env = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const patience = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];
  await withLock("apt", () =>
    step(title, async ({ say, done }) => {
      const onLine = (line) => say(line.replace(/\s+/g, " ").slice(0, 70));
      say("apt-get update");
      // One unreachable third-party source must not matter; what is missing shows at the install.
      await run("apt-get", [...patience, "update", "-q"], { env, onLine }).catch(() => {});
      await run("apt-get", [...patience, "install", "-y", "-q", "--no-install-recommends", ...names], { env, onLine });
      done(`Installed ${names.join(", ")}`);
    }),
  );
}
