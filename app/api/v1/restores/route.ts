import { getRestores, postRestore } from "@/lib/api/operations/restores";
import { route } from "@/lib/api/route";

export const POST = route(postRestore);
export const GET = route(getRestores);
