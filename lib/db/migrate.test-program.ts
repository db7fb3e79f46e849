// One of the processes of migrate.test.ts: says which migrations it applied itself.
import { migrate } from "./migrate";

const [url = "", directory = ""] = process.argv.slice(2);
console.log(JSON.stringify(await migrate(url, directory)));
