import { postUndo } from "@/lib/api/operations/restores";
import { route } from "@/lib/api/route";

export const POST = route(postUndo);
