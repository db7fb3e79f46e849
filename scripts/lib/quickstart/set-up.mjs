import { run } from "../command.mjs";
import { root } from "../paths.mjs";
import { step, Stop } from "../progress.mjs";

/** Runs dist/quickstart-setup.js, which speaks to the record, and returns what it found or made. */
export async function setUp({ admin, database }) {
  return step(database ? "Take and verify the first backup" : "Prepare the setup page", async ({ say, done }) => {
    let result;
    let failed;
    const onLine = (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line);
      if (message.progress) say(message.progress);
      result = message.done ?? result;
      failed = message.failed ?? failed;
    };
    try {
      await run(process.execPath, ["--enable-source-maps", "dist/quickstart-setup.js"], {
        cwd: root,
        // What it prints is for this process: nothing else may come in between.
        env: { HOLDFAST_LOG_LEVEL: "silent" },
        input: JSON.stringify({ admin, database }),
        onLine,
      });
    } catch (error) {
      throw failed ? new Stop(failed) : error;
    }
    if (result.backup) done(result.backup.isFirst ? "First backup taken and read back in full" : "A verified backup is there");
    return result;
  });
}
