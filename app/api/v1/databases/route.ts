import { getDatabases } from "@/lib/api/operations/databases";
import { route } from "@/lib/api/route";

export const GET = route(getDatabases);
