import { z } from "zod";

/** docker compose hands on what is not set as an empty text. */
const Address = z.literal("").or(z.url({ protocol: /^https?$/ })).default("");

const schema = z.object({
  DATABASE_URL: z.string().default("file:./data/holdfast.db"),
  HOLDFAST_NAME: z.string().min(1).max(60).default("holdfast"),
  HOLDFAST_BACKUP_DIR: z.string().default("./backups"),
  HOLDFAST_URL: Address,
  AUTH_URL: Address,
  PORT: z.string().default(""),
  /** Of the host, where a container's own port is another. */
  HOLDFAST_PUBLISHED_PORT: z.string().default(""),
  HOLDFAST_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  /** Set by the command line, whose standard output is its result. */
  HOLDFAST_LOG_STREAM: z.enum(["stdout", "stderr"]).default("stdout"),
});

/** Process settings, parsed once on first use. `.env.example` says what each one does. */
function parse() {
  const values = schema.parse(process.env);
  return {
    databaseUrl: values.DATABASE_URL,
    installationName: values.HOLDFAST_NAME,
    backupDirectory: values.HOLDFAST_BACKUP_DIR,
    /** Under which port of this machine the web process is reached. */
    publishedPort: values.HOLDFAST_PUBLISHED_PORT || values.PORT || "3000",
    logLevel: values.HOLDFAST_LOG_LEVEL,
    logStream: values.HOLDFAST_LOG_STREAM,
    /** Under which address people reach Holdfast; null: nobody has said. */
    baseUrl: values.HOLDFAST_URL || values.AUTH_URL || null,
  };
}

type Env = ReturnType<typeof parse>;
let parsed: Env | undefined;

export const env: Env = new Proxy({} as Env, {
  get: (_, name) => Reflect.get((parsed ??= parse()), name) as unknown,
});
