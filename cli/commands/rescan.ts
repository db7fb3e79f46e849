import type { Command } from "commander";
import { readJson } from "@/lib/db/codecs";
import { startRescanStore } from "@/lib/stores/manage";
import { RescanResult } from "@/lib/stores/schemas";
import { sentenceOfRescan } from "@/lib/stores/sentence";
import type { Act } from "../act";
import { exitCodeOfRun } from "../exit-codes";
import { findStore } from "../find";
import { perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addRescan(program: Command, act: Act): void {
  program
    .command("rescan")
    .argument("[store]", "its name or its directory; the first one unless you say")
    .summary("bring the list in line with the files of a store")
    .description("Takes files into the list that lie in a store and are not in it, and marks listed ones that are gone. Files are not touched.")
    .action(act.session(rescan));
}

async function rescan(session: Session, name: string | undefined): Promise<Done> {
  const store = await findStore(session, name);
  const view = await perform(session, () => startRescanStore(session.ctx, { storeId: store.id }));
  const { result } = await session.ctx.db.run.findUniqueOrThrow({ where: { id: view.id }, select: { result: true } });
  const found = readJson(RescanResult, result);
  return { data: { ...runData(view), store: store.name, found }, text: found ? [plain(`${store.name}: ${sentenceOfRescan(found)}`)] : runEnd(session.screen, view), exitCode: exitCodeOfRun(view) };
}
