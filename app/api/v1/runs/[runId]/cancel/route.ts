import { postCancel } from "@/lib/api/operations/runs";
import { route } from "@/lib/api/route";

export const POST = route(postCancel);
