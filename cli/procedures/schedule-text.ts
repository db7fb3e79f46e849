/** What an entry of a crontab or a systemd unit is made of. */
export interface Entry {
  /** The database, as Holdfast calls it. */
  name: string;
  /** The installation's directory: the script's `cd`, and where `logs` lies. */
  home: string;
  script: string;
  node: string;
  user: string;
  /** Variables that the script needs and a scheduler would not hand on. */
  env: Readonly<Record<string, string>>;
}

/** One word of a shell's command line, quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const comment = (name: string) => `# ${name.replace(/\s+/g, " ")} daily backup at 2:00 AM (Holdfast)`;

/** The two lines of the procedures' crontab. A percent sign ends a command there, so it is escaped (crontab(5)). */
export function cronLines({ name, home, script, node, env }: Entry): [string, string] {
  const variables = Object.entries({ ...env, HOLDFAST_NODE: node }).map(([key, value]) => `${key}=${shellWord(value)}`).join(" ");
  const command = `cd ${shellWord(home)} && ${variables} ${shellWord(script)} >> ${shellWord(`${home}/logs/backup.log`)} 2>&1`;
  return [comment(name), `0 2 * * * ${command.replaceAll("%", String.raw`\%`)}`];
}

/** A crontab with this entry in it once, whatever it held before; everything else stays as it is. */
export function crontabWith(present: string, entry: Entry): string {
  const [head, line] = cronLines(entry);
  const lines = present.replace(/\n+$/, "").split("\n");
  const kept = lines.filter((one, index) => one !== head && lines[index - 1] !== head);
  return [...(kept.length === 1 && kept[0] === "" ? [] : kept), head, line, ""].join("\n");
}

/** A name that systemd takes for a unit (systemd.unit(5)). */
export function unitName(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, 100) || "database"}-backup`;
}

/** A percent sign is a specifier and a dollar a variable there (systemd.unit(5), systemd.service(5)). */
const specifier = (text: string) => text.replaceAll("%", "%%");
const unitWord = (text: string) => `"${specifier(text).replace(/[\\"]/g, String.raw`\$&`)}"`;

/** The service and the timer of the procedures; what was missed while the machine was off is made up for. */
export function systemdUnits({ name, home, script, node, user, env }: Entry): { service: string; timer: string } {
  const title = specifier(name.replace(/\s+/g, " "));
  const service = [
    "[Unit]",
    `Description=${title} PostgreSQL backup (Holdfast)`,
    "After=docker.service",
    "",
    "[Service]",
    "Type=oneshot",
    `User=${user}`,
    `WorkingDirectory=${specifier(home)}`,
    ...Object.entries({ ...env, HOLDFAST_NODE: node }).map(([key, value]) => `Environment=${unitWord(`${key}=${value}`)}`),
    `ExecStart=${unitWord(script).replaceAll("$", "$$$$")}`,
    "",
  ];
  const timer = ["[Unit]", `Description=Daily ${title} PostgreSQL backup at 2:00 AM (Holdfast)`, "", "[Timer]", "OnCalendar=*-*-* 02:00:00", "Persistent=true", "", "[Install]", "WantedBy=timers.target", ""];
  return { service: service.join("\n"), timer: timer.join("\n") };
}
