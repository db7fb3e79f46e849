"use server";

import { action } from "@/lib/action";
import { createToken } from "@/lib/tokens/create";
import { revokeToken } from "@/lib/tokens/revoke";
import { CreateTokenInput, TokenIdInput } from "@/lib/tokens/schemas";

export const createTokenAction = action({ name: "token.create", input: CreateTokenInput, role: "admin" }, createToken);
export const revokeTokenAction = action({ name: "token.revoke", input: TokenIdInput, role: "admin" }, revokeToken);
