import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { span } from "@/lib/format/durations";
import { minuteTime } from "@/lib/format/times";
import { roomFor, type Room } from "./room";
import type { PlanCheck, RestoreEvidence } from "./schemas";

type Outcome = PlanCheck["outcome"];
type Id = PlanCheck["id"];

const order: readonly Outcome[] = ["blocking", "warning", "passed"];

/** Every question the plan asks of the evidence, blocking ones first. What could not be asked is not passed: it is missing here and blocks as `server`. */
export function checkPlan(evidence: RestoreEvidence): PlanCheck[] {
  const checks = [
    ...integrity(evidence),
    ...proof(evidence),
    ...server(evidence),
    ...(evidence.target.problem ? [] : onServer(evidence)),
    ...busy(evidence),
  ];
  return checks.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}

function check(id: Id, outcome: Outcome, title: string, detail: string, more: { fix?: string; offer?: PlanCheck["offer"] } = {}): PlanCheck {
  return { id, outcome, title, detail, fix: more.fix ?? null, offer: more.offer ?? null };
}

function onServer(evidence: RestoreEvidence): PlanCheck[] {
  return [
    ...identity(evidence), ...name(evidence), ...versions(evidence), ...encoding(evidence), ...space(evidence), ...extensions(evidence), ...roles(evidence),
    ...rights(evidence), ...prepared(evidence), ...slots(evidence), ...application(evidence), ...sessions(evidence), ...partial(evidence),
  ];
}

function integrity({ backup }: RestoreEvidence): PlanCheck[] {
  if (backup.origin === "foreign") {
    return [check("integrity", "blocking", "This file is from elsewhere", "It may hold commands, so it is never loaded into a live server.", { fix: "Try it in a scratch container first. What comes of it is a backup of Holdfast's own, which can be restored." })];
  }
  if (backup.problem && backup.rung === "stored") {
    return [check("integrity", "blocking", "The backup's file is damaged or gone", backup.problem, { fix: "Choose another backup, or verify this one again once its file is back." })];
  }
  return backup.problem ? [check("integrity", "warning", "The backup failed its last check", backup.problem)] : [];
}

function proof({ backup }: RestoreEvidence): PlanCheck[] {
  const equal = backup.tables ? plural(backup.tables.filter((table) => !table.excluded).length, "table") : "no tables on record";
  if (backup.rung === "proven" && backup.provenAt) return [check("proof", "passed", "Backup is proven", `${equal} equal in the drill of ${minuteTime(backup.provenAt)} UTC`)];
  const detail = backup.rung === "readable" ? "It was read to its last byte; no drill has restored it yet. It is compared before anything live is touched." : `It is ${backup.rung}: it has not been decoded to its last byte yet.`;
  return [check("proof", "warning", "Backup is not proven", detail, { fix: "A drill restores it elsewhere first. You need not wait for one." })];
}

function server({ target }: RestoreEvidence): PlanCheck[] {
  const { problem, containerState } = target;
  if (!problem) return [];
  if (containerState === null) return [check("server", "blocking", `There is no container ${target.container}`, problem.message, { fix: problem.hint ?? "Create it again, then refresh this plan." })];
  const isStopped = containerState !== "running";
  return [check("server", "blocking", isStopped ? `${target.container} is not running` : "The server could not be asked", problem.message, { ...(problem.hint ? { fix: problem.hint } : {}), offer: isStopped && containerState !== "paused" ? "start_container" : null })];
}

function identity({ target }: RestoreEvidence): PlanCheck[] {
  if (!target.expectedIdentity || !target.systemIdentifier) return [];
  const [system] = target.expectedIdentity.split("/");
  if (system === target.systemIdentifier) return [];
  return [check("identity", "warning", "This is another server than the one registered", `Its identity is ${target.systemIdentifier}, not ${system ?? ""}. After a loss that is expected: a new container has a new identity.`, { fix: `Make sure that ${target.container} is where you mean to restore to.` })];
}

function name({ target, request }: RestoreEvidence): PlanCheck[] {
  const { method, newName } = request.choices;
  if (method !== "beside") return target.live ? [] : [check("name", "passed", "Nothing is replaced", `${target.container} has no database ${target.databaseName}; it is created.`)];
  if (!newName) return [check("name", "blocking", "The new database has no name", "It needs one that is not taken.", { fix: "Go back and name it." })];
  if (target.databaseNames.includes(newName)) return [check("name", "blocking", `There is a database ${newName} already`, `${target.container} has a database of that name, and it is left alone.`, { fix: "Go back and choose another name." })];
  return [check("name", "passed", "The name is free", `${newName}, beside ${target.databaseName}`)];
}

const major = (versionNumber: number) => Math.floor(versionNumber / 10_000);

function versions({ backup, target }: RestoreEvidence): PlanCheck[] {
  const detail = `backup ${backup.serverVersion ?? "of unknown version"}, server ${target.serverVersion ?? "unknown"}`;
  if (backup.serverVersionNumber === null || target.serverVersionNumber === null) return [check("versions", "warning", "The backup's version is not known", detail)];
  if (major(backup.serverVersionNumber) > major(target.serverVersionNumber)) {
    return [check("versions", "blocking", "The backup is from a newer PostgreSQL", `${detail}. The tools of an older server cannot read it.`, { fix: `Restore to a server of version ${major(backup.serverVersionNumber)} or later.` })];
  }
  if (major(backup.serverVersionNumber) < major(target.serverVersionNumber)) {
    return [check("versions", "warning", "The backup is from an older PostgreSQL", `${detail}. Definitions may be worded differently, so the schema's text is not compared; rows and objects are.`)];
  }
  return [check("versions", "passed", "Versions fit", detail)];
}

function encoding({ backup, target }: RestoreEvidence): PlanCheck[] {
  const { live } = target;
  if (!live || !backup.encoding || backup.encoding === live.encoding) return [];
  return [check("encoding", "warning", "The encodings differ", `the backup has ${backup.encoding}, ${target.databaseName} has ${live.encoding}; the restored database gets ${live.encoding}, and text that does not exist there stops the restore before anything live is touched`)];
}

function space({ backup, target, request }: RestoreEvidence): PlanCheck[] {
  const needed = backup.databaseBytes ?? target.live?.sizeBytes ?? null;
  if (needed === null || !target.volumes.some(({ roles }) => roles.includes("home"))) return [check("space", "warning", "Free space is not known", "It could not be asked. It is watched while the restore runs, and the restore stops before a volume fills.")];
  const isInPlace = request.choices.method === "in_place";
  const beside = roomFor(target, needed, { isInPlace: false });
  const inPlace = roomFor(target, needed, { isInPlace: true });
  const rooms = isInPlace ? inPlace : beside;
  const words = (some: readonly Room[]) => some.map((room) => roomWords(room, isInPlace)).join("; ");
  const detail = `${words(rooms)}${rooms.some(({ roles }) => roles.includes("wal")) ? "" : "; the volume of its write-ahead log could not be asked"}`;
  if (isInPlace && target.live && beside.every(({ isEnough }) => isEnough)) {
    return [check("space", "blocking", "There is room for both databases", `${detail}. In place drops the live one first, and then nothing but a backup brings it back`, { fix: "Go back and replace it by swapping: the live database is kept, and the restore can be undone." })];
  }
  const short = rooms.filter(({ isEnough }) => !isEnough);
  if (short.length > 0) {
    const helpsInPlace = !isInPlace && inPlace.every(({ isEnough }) => isEnough);
    return [check("space", "blocking", shortTitle(short, isInPlace), words(short), { fix: shortFix(target, short, helpsInPlace), offer: helpsInPlace ? "choose_in_place" : null })];
  }
  const behind = target.wal?.archiving === "working" ? roomFor(target, needed, { isInPlace, isWalKept: true }).filter(({ isEnough }) => !isEnough) : [];
  if (behind.length > 0) {
    return [check("space", "warning", "Archiving has to keep up with the load", `the server keeps its write-ahead log until it is archived, and where that falls behind, it ${words(behind)}`, { fix: "It is watched while the restore runs, and the restore stops before a volume fills." })];
  }
  return [check("space", "passed", isInPlace ? "Room for the database" : "Room for both databases", detail)];
}

/** What one volume has to take, and what of it stays free. */
function roomWords({ mount, freeBytes, databaseBytes, walBytes, gainedBytes, floorBytes }: Room, isInPlace: boolean): string {
  const takes = [...(databaseBytes > 0 ? [`${bytes(databaseBytes)}${isInPlace ? "" : " beside the live one"}`] : []), ...(walBytes > 0 ? [`${bytes(walBytes)} of write-ahead log`] : [])];
  const gained = gainedBytes > 0 ? `, ${bytes(gainedBytes)} more once the live one is dropped` : "";
  return `needs ${takes.join(" and ") || "nothing"}, ${bytes(freeBytes)} free at ${mount}${gained}, of which ${bytes(floorBytes)} stay free`;
}

function shortTitle(short: readonly Room[], isInPlace: boolean): string {
  if (short.some(({ databaseBytes }) => databaseBytes > 0)) return isInPlace ? "No room for the database" : "No room for both databases";
  return short.some(({ walBytes }) => walBytes > 0) ? "No room for the write-ahead log" : "The volume of the server's data is nearly full";
}

function shortFix({ kept, wal }: RestoreEvidence["target"], short: readonly Room[], helpsInPlace: boolean): string {
  const at = short.map(({ mount }) => mount).join(" and ");
  const keptBytes = short.some(({ roles }) => roles.includes("home")) ? kept.reduce((total, one) => total + one.sizeBytes, 0) : 0;
  const isWalShort = short.some(({ walBytes }) => walBytes > 0);
  const fixes = [
    keptBytes > 0 ? `Databases that earlier restores keep take ${bytes(keptBytes)}: remove one, or free other space at ${at}.` : `Free space at ${at}${helpsInPlace ? ", or restore in place, behind a backup of what is there now" : ""}.`,
    ...(isWalShort && wal && wal.idleSlots.length > 0 ? [`Nobody reads from ${plural(wal.idleSlots.length, "replication slot")} (${wal.idleSlots.join(", ")}), for which the server keeps the whole write-ahead log: connect the reader, or drop what is not used any more.`] : []),
    ...(isWalShort && wal?.archiving === "failing" ? ["The server fails to archive its write-ahead log and keeps all of it until it can: mend its archive_command."] : []),
  ];
  return fixes.join(" ");
}

/** Extensions that cannot be loaded into a database under another name, or not without steps of their own. */
const unloadable: Readonly<Record<string, string>> = {
  pg_cron: "can be created in one database only, the one that cron.database_name names, and not in a staging database beside it",
  timescaledb: "has to be put into a restoring state of its own (timescaledb_pre_restore) before its tables are loaded",
};

function extensions({ backup, target }: RestoreEvidence): PlanCheck[] {
  const [stubborn] = backup.extensions.flatMap(({ name }) => (unloadable[name] ? [`${name} ${unloadable[name]}`] : []));
  if (stubborn) return [check("extensions", "blocking", "An extension cannot be restored this way", stubborn, { fix: "Restore this backup by hand, as its page says under Restore without Holdfast, with the steps of the extension's own manual." })];
  const available = new Set(target.availableExtensions);
  const missing = backup.extensions.filter((extension) => !available.has(extension.name)).map((extension) => extension.name);
  if (missing.length > 0) {
    return [check("extensions", "blocking", `${missing.length === 1 ? "An extension is" : "Extensions are"} missing`, `${target.container} does not have ${missing.join(", ")}`, { fix: "Use an image that has them, the one the backup was taken on for instance." })];
  }
  return [check("extensions", "passed", "Extensions present", backup.extensions.length > 0 ? backup.extensions.map((extension) => extension.name).join(", ") : "the backup uses none")];
}

function roles({ backup, target, request }: RestoreEvidence): PlanCheck[] {
  const existing = new Set(target.existingRoles);
  const missing = backup.roles.filter((role) => !existing.has(role));
  if (missing.length === 0) return [check("roles", "passed", "Roles present", backup.roles.length > 0 ? backup.roles.join(", ") : "the backup names none")];
  const lost = missing.flatMap((role) => {
    const choice = request.choices.missingRoles[role];
    return choice?.do === "map" && !existing.has(choice.to) ? [choice.to] : [];
  });
  if (lost.length > 0) return [check("roles", "blocking", "A role to map to does not exist", lost.join(", "), { fix: "Choose one that is there." })];
  const words = missing.map((role) => {
    const choice = request.choices.missingRoles[role];
    if (choice?.do === "map") return `${role} becomes ${choice.to}`;
    return choice?.do === "skip" ? `${role} is left out` : `${role} is created without the right to sign in`;
  });
  return [check("roles", "warning", `${plural(missing.length, "role")} ${missing.length === 1 ? "is" : "are"} missing`, words.join(", "))];
}

function rights({ target, request }: RestoreEvidence): PlanCheck[] {
  if (target.isSuperuser) return [];
  const needs = [
    ...(target.mayCreate ? [] : ["CREATEDB"]),
    ...(request.choices.method === "beside" || !target.live || target.live.ownedByRole ? [] : [`ownership of ${target.databaseName}`]),
    ...(request.choices.method === "beside" || !target.live || target.maySignal ? [] : ["membership in pg_signal_backend"]),
  ];
  if (needs.length > 0) return [check("rights", "blocking", `The role ${target.role} may not do this`, `it lacks ${needs.join(" and ")}`, { fix: "Grant what is missing, or name a superuser under Settings, Databases." })];
  return [check("rights", "warning", `${target.role} is not a superuser`, "Objects that belong to roles it is not a member of, and extensions that need one, may fail to restore. Nothing live is touched before everything was compared.")];
}

function prepared({ target, request }: RestoreEvidence): PlanCheck[] {
  if (request.choices.method === "beside" || target.preparedTransactions.length === 0) return [];
  return [check("prepared", "blocking", "Prepared transactions hold the database", target.preparedTransactions.join(", "), { fix: "End each with COMMIT PREPARED or ROLLBACK PREPARED; nothing else can." })];
}

function slots({ target, request }: RestoreEvidence): PlanCheck[] {
  if (request.choices.method === "beside") return [];
  const lines: PlanCheck[] = [];
  if (target.replicationSlots.length > 0) {
    const inPlace = request.choices.method === "in_place";
    lines.push(check("slots", inPlace ? "blocking" : "warning", "Replication slots live in this database", `${target.replicationSlots.join(", ")}: they stay with the database from before, which is kept as long as they exist`, inPlace ? { fix: "Drop the slots, or restore by swapping." } : {}));
  }
  if (target.subscriptions.length > 0) lines.push(check("slots", "warning", "Subscriptions are not continued", `${target.subscriptions.join(", ")}: the restored ones are disabled until you enable them`));
  return lines;
}

function application({ target, application: app, request }: RestoreEvidence): PlanCheck[] {
  if (request.choices.method === "beside" || !target.live) return [];
  if (app.containers.length === 0) {
    return [check("application", "warning", "No application containers are named", `Whatever uses ${target.databaseName} is disconnected for a moment and has to reconnect by itself.`, { fix: "Name them under Settings, Databases, and they are stopped and started around the swap." })];
  }
  const gone = app.states.filter((one) => one.state === null).map((one) => one.container);
  if (gone.length > 0) return [check("application", "warning", "An application container does not exist", gone.join(", "), { fix: "Correct it under Settings, Databases. The others are stopped and started." })];
  const stopped = app.states.filter((one) => one.state !== "running").map((one) => one.container);
  if (stopped.length > 0) return [check("application", "warning", "An application container is not running", `${stopped.join(", ")}; it is left as it is`)];
  const health = app.healthUrl ? `; health at ${app.healthUrl} ${app.health?.detail ?? "was not asked"}` : "; no health address is set, so only the start is checked";
  const isWell = !app.healthUrl || app.health?.ok === true;
  return [check("application", isWell ? "passed" : "warning", isWell ? "Application can be stopped and started" : "The application does not answer now", `${app.containers.join(", ")}${health}`)];
}

function sessions({ target, request }: RestoreEvidence): PlanCheck[] {
  if (request.choices.method === "beside" || !target.live) return [];
  const total = target.sessions.reduce((sum, session) => sum + session.count, 0);
  if (total === 0) return [check("sessions", "passed", "Nobody is connected", `${target.databaseName} has no sessions at this moment`)];
  const groups = target.sessions.slice(0, 4).map((session) => {
    const idle = session.idleSeconds === null || session.idleSeconds < 60 ? "" : `, idle for ${span(session.idleSeconds)}`;
    const open = session.inTransaction > 0 ? `, ${count(session.inTransaction)} in a transaction` : "";
    return `${session.count} from ${session.application || "a client without a name"} by ${session.role}${idle}${open}`;
  });
  return [check("sessions", "warning", `${plural(total, "connection")} will be closed`, groups.join("; "))];
}

function partial({ backup, request }: RestoreEvidence): PlanCheck[] {
  if (!backup.isPartial) return [];
  const replaces = request.choices.method !== "beside";
  return [check("partial", "warning", "The backup leaves tables out", replaces ? "The restored database does not have their rows. The database from before still does, as long as it is kept." : "The new database does not have their rows.")];
}

function busy({ activeRunId, target }: RestoreEvidence): PlanCheck[] {
  if (activeRunId === null) return [];
  return [check("busy", "blocking", "Another run works on this database", `run ${count(activeRunId)} on ${target.name}`, { fix: "Wait until it is over, or cancel it." })];
}
