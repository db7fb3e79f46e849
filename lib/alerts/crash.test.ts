import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { testDatabase } from "@/lib/testing/database";
import { startMailServer, startWebReceiver } from "@/lib/testing/receivers";
import { raise } from "./raise";
import { saveChannel } from "./save";
import { SaveChannelInput } from "./schemas";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = fileURLToPath(new URL("./deliverer.test-program.ts", import.meta.url));
const many = 60;

it("loses nothing and tells nothing twice under another id while two processes send and are killed in the middle", { timeout: 120_000 }, async () => {
  const test = await testDatabase();
  const [mail, hook] = [await startMailServer(), await startWebReceiver()];
  try {
    // The processes know no other clock than the machine's.
    test.clock.set(new Date());
    const admin = await test.as("admin");
    await saveChannel(admin, SaveChannelInput.parse({ kind: "email", name: "Mail", host: "127.0.0.1", port: mail.port, tls: "none", from: "holdfast@bimcalc.example", to: ["ops@bimcalc.example"] }));
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: `${hook.url}/in`, signingSecret: "sign-with-this-1234" }));
    await transaction(test, async (tx) => {
      for (let runId = 1; runId <= many; runId += 1) await raise(tx, test, { cause: `run:${runId}`, facts: { event: "backup_failed", database: { id: "d", name: "orders" }, good: null, attempts: 1, runId, reason: `Number ${runId}.`, hint: null, isLost: false } });
    });
    const launch = () => spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", program, test.url], { cwd: root, stdio: "ignore" });
    const ended = (child: ReturnType<typeof launch>) => new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
    // Each is killed after so many have arrived, so that it comes while something is being sent.
    const killAt = async (child: ReturnType<typeof launch>, arrived: number) => {
      const end = ended(child);
      while (hook.requests.length < arrived && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill("SIGKILL");
      return end;
    };
    expect(await Promise.all([killAt(launch(), 10), killAt(launch(), 30)])).toEqual([null, null]);
    expect(await ended(launch())).toBe(0);

    const ids = { hook: hook.requests.map(({ headers }) => String(headers["holdfast-event-id"])), mail: mail.mails.map(({ messageId }) => messageId ?? "") };
    for (const [name, all] of Object.entries(ids)) {
      expect(new Set(all).size, name).toBe(many);
      // A second copy comes only of a kill between the sending and its record, and carries the id of the first.
      expect(all.length - many, name).toBeLessThanOrEqual(2);
    }
    expect(await test.db.alertDelivery.groupBy({ by: ["state"], _count: true })).toEqual([{ state: "sent", _count: 2 * many }]);
  } finally {
    await Promise.all([mail.stop(), hook.stop()]);
    await test.close();
  }
});
