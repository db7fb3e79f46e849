import { isDebianRoot, installPackages } from "./apt.mjs";
import { outputOf } from "./command.mjs";
import { Stop } from "./progress.mjs";

/** How Compose is called here, as argv: Docker's own plugin, else the program of its own; null where neither is. */
export async function composeCommand() {
  if (await outputOf("docker", ["compose", "version"])) return ["docker", "compose"];
  if (await outputOf("docker-compose", ["version"])) return ["docker-compose"];
  return null;
}

/** The same, installed first where that can be done without asking anyone. */
export async function ensureCompose() {
  const found = await composeCommand();
  if (found) return found;
  if (!isDebianRoot()) throw new Stop("The test of docker-compose.yml needs Docker Compose. Install its plugin, or docker-compose.");
  await installPackages(["docker-compose"], "Install Docker Compose for its test");
  return composeCommand();
}
