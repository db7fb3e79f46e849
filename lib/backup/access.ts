import type { AccessGroup } from "@/lib/postgres/schemas";
import type { Difference, Manifest } from "./schemas";

/** What was decided about owners and grants before the data was loaded, and is no difference therefore. */
export interface AccessChoices {
  /** Roles that were left out or mapped, with who has their objects now. */
  replaced: ReadonlyMap<string, string>;
  /** Everything belongs to the role that loaded it. */
  ownersLost: boolean;
}

export const asItWas: AccessChoices = { replaced: new Map(), ownersLost: false };

type Grants = NonNullable<AccessGroup["grants"]>;

interface Entry {
  kind: string;
  schema: string | null;
  name: string;
  owner: string | null;
  grants: AccessGroup["grants"];
}

/** Kinds that exist by their grants: without them they are not there at all, and one too many is a grant too many. */
const byGrantsAlone: ReadonlySet<string> = new Set(["column", "default privileges", "policy", "large objects"]);
/** Whether these are there is compared with their rows and values. */
const comparedElsewhere: ReadonlySet<string> = new Set(["table", "sequence"]);

/**
 * Names the objects of a restored database whose owner or grants are others than in the backup. What follows from `choices` is none.
 * A null of `manifest.access` says nothing, so nothing differs from it.
 */
export function accessDifferences(manifest: Pick<Manifest, "access" | "tables" | "server">, found: readonly AccessGroup[], choices: AccessChoices = asItWas): Difference[] {
  const got = entriesOf(found);
  const known = entriesOf(manifest.access ?? []);
  const different: Changed[] = [];
  for (const [key, entry] of known) {
    const restored = got.get(key);
    if (restored) different.push(...compareEntry(entry, restored, rulesFor(entry, manifest, choices)));
    else if (isExpected(entry, manifest, choices)) different.push(missing(entry));
  }
  for (const [key, entry] of got) {
    if (!known.has(key) && byGrantsAlone.has(entry.kind) && mentioned(entry).every((role) => !isInvolved(role, choices))) different.push({ entry, what: "grants", expected: none, got: words(entry.grants) });
  }
  return grouped(different);
}

/** How many objects belong to another role than in the backup. */
export function countOtherOwners(access: readonly AccessGroup[], found: readonly AccessGroup[]): number {
  const got = entriesOf(found);
  return [...entriesOf(access)].filter(([key, { owner }]) => (got.get(key)?.owner ?? owner) !== owner).length;
}

/** The groups that name none of these roles: what a throwaway server's own roles had is nobody's. */
export function withoutRoles(access: readonly AccessGroup[], roles: readonly string[]): AccessGroup[] {
  return access.filter(({ owner, grants }) => !roles.includes(owner ?? "") && !(grants ?? []).some(({ to }) => roles.includes(to ?? "")));
}

/**
 * What can be compared between majors: PostgreSQL 15 gives the schema public to somebody else, and since 17 GRANT ALL means one privilege
 * more, MAINTAIN.
 */
export function acrossMajors(access: readonly AccessGroup[]): AccessGroup[] {
  const known = (may: string) => may.split(", ").filter((privilege) => !privilege.startsWith("MAINTAIN")).join(", ");
  return access
    .map((group) => (group.kind === "schema" ? { ...group, names: group.names.filter((name) => name !== "public") } : group))
    .map((group) => ({ ...group, grants: group.grants && group.grants.map(({ to, may }) => ({ to, may: known(may) })).filter(({ may }) => may !== "") }));
}

/** How many there are of each, for people. Grants to an owner are its own and no grants. */
export function countAccess(access: readonly AccessGroup[]): { owners: number; grants: number } {
  const owners = new Set(access.flatMap(({ owner }) => owner ?? []));
  const grants = access.filter(({ kind }) => kind !== "policy").reduce((total, group) => total + (group.grants ?? []).filter(({ to }) => to === null || to !== group.owner).length * group.names.length, 0);
  return { owners: owners.size, grants };
}

function entriesOf(groups: readonly AccessGroup[]): Map<string, Entry> {
  return new Map(groups.flatMap(({ kind, schema, names, owner, grants }) => names.map((name) => [JSON.stringify([kind, schema, name]), { kind, schema, name, owner, grants }])));
}

interface Rules {
  owner: string | null;
  comparesOwner: boolean;
  /** Roles whose grants follow from who owns it now. */
  ignored: ReadonlySet<string>;
}

/** PostgreSQL 15 was the first whose dumps say whose the schema public is. */
const dumpsOwnerOfPublic = 150_000;

function rulesFor(entry: Entry, { server }: Pick<Manifest, "server">, choices: AccessChoices): Rules {
  const isUnsaid = entry.kind === "schema" && entry.name === "public" && server.versionNumber < dumpsOwnerOfPublic;
  const touched = mentioned(entry).filter((role) => choices.replaced.has(role));
  const heirs = touched.flatMap((role) => choices.replaced.get(role) ?? []);
  const owner = entry.owner === null ? null : (choices.replaced.get(entry.owner) ?? entry.owner);
  return { owner, comparesOwner: !choices.ownersLost && !isUnsaid, ignored: new Set([...touched, ...heirs]) };
}

function compareEntry(entry: Entry, restored: Entry, { owner, comparesOwner, ignored }: Rules): Changed[] {
  const different: Changed[] = [];
  if (comparesOwner && restored.owner !== owner) different.push({ entry, what: "owner", expected: owner ?? none, got: restored.owner ?? none });
  const left = new Set([...ignored, entry.owner, restored.owner]);
  const [expected, got] = [others(entry, left), others(restored, left)];
  if (!isSame(expected, got)) different.push({ entry, what: "grants", expected: words(without(expected, got)), got: words(without(got, expected)) });
  // What an owner may do itself is its own matter where it is another one, and that is said already.
  else if (ignored.size === 0 && restored.owner === entry.owner && !isSame(entry.grants, restored.grants)) different.push({ entry, what: "grants", expected: words(entry.grants), got: words(restored.grants) });
  return different;
}

function isSame(one: AccessGroup["grants"], other: AccessGroup["grants"]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The grants to everybody but these, with the default ones written out. */
function others({ kind, grants }: Entry, left: ReadonlySet<string | null>): Grants {
  return (grants ?? defaultsOf(kind)).filter(({ to }) => to === null || !left.has(to));
}

/** What a new object grants to others than its owner (manual, "Privileges"). */
function defaultsOf(kind: string): Grants {
  if (["function", "procedure", "aggregate"].includes(kind)) return [{ to: null, may: "EXECUTE" }];
  return ["type", "domain", "language"].includes(kind) ? [{ to: null, may: "USAGE" }] : [];
}

/** What one has and the other has not. */
function without(one: Grants, other: Grants): Grants {
  return one.filter(({ to, may }) => !other.some((same) => same.to === to && same.may === may));
}

function mentioned({ owner, grants }: Entry): string[] {
  return [...(owner === null ? [] : [owner]), ...(grants ?? []).flatMap(({ to }) => to ?? [])];
}

function isInvolved(role: string, { replaced }: AccessChoices): boolean {
  return replaced.has(role) || [...replaced.values()].includes(role);
}

/** Whether an object ought to be there: what was left out of the dump, or went with a role, need not. */
function isExpected(entry: Entry, { tables }: Pick<Manifest, "tables">, { replaced }: AccessChoices): boolean {
  if (comparedElsewhere.has(entry.kind)) return false;
  if (byGrantsAlone.has(entry.kind) && mentioned(entry).some((role) => replaced.has(role))) return false;
  // Those of a table that was left out went with it; the fingerprint has the others.
  if (entry.kind === "statistics" && tables.some(({ excluded }) => excluded === "absent")) return false;
  return !tables.some(({ schema, name, excluded }) => excluded === "absent" && schema === entry.schema && (entry.name === name || entry.name.startsWith(`${name}.`)));
}

interface Changed {
  entry: Entry;
  what: "owner" | "grants";
  expected: string;
  got: string;
}

const none = "none";

function missing(entry: Entry): Changed {
  return byGrantsAlone.has(entry.kind) ? { entry, what: "grants", expected: words(entry.grants), got: none } : { entry, what: "owner", expected: entry.owner ?? none, got: "missing" };
}

/** "SELECT to reader; USAGE to PUBLIC". */
function words(grants: AccessGroup["grants"]): string {
  if (grants === null) return "the default privileges";
  return grants.length === 0 ? none : grants.map(({ to, may }) => `${may} to ${to ?? "PUBLIC"}`).join("; ");
}

const mostNamed = 3;

/** Objects of a kind and schema that differ alike are one difference, which names the first of them. */
function grouped(different: readonly Changed[]): Difference[] {
  const groups = new Map<string, Changed[]>();
  for (const one of different) {
    const key = JSON.stringify([one.what, one.entry.kind, one.entry.schema, one.expected, one.got]);
    const alike = groups.get(key);
    if (alike) alike.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { entry, what, expected, got } = first;
    const names = alike.slice(0, mostNamed).map((one) => nameOf(one.entry));
    const more = alike.length > names.length ? `, and ${alike.length - names.length} more` : "";
    return [{ what, name: `${what === "owner" ? "owner of" : "grants on"} ${entry.kind} ${names.join(", ")}${more}`, expected, got }];
  });
}

function nameOf({ kind, schema, name }: Entry): string {
  if (schema === null) return name;
  return kind === "default privileges" ? `${name} in ${schema}` : `${schema}.${name}`;
}
