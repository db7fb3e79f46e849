"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { checkChain } from "@/lib/audit/check-chain";

export const checkChainAction = action({ name: "audit.verify", input: z.object({}), role: "operator" }, checkChain);
