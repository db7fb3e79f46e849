"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { fullTime } from "@/lib/format/times";
import type { ListedToken } from "@/lib/tokens/list";
import { AddToken, type MadeToken } from "./add-token";
import { TokensTable } from "./tokens-table";

export interface MadeTokensProps {
  tokens: readonly ListedToken[];
  databases: readonly { id: string; name: string }[];
  now: string;
}

/** The tokens, and the one that was made just now: the only time that it can be read. */
export function MadeTokens({ tokens, databases, now }: MadeTokensProps) {
  const router = useRouter();
  const [made, setMade] = useState<MadeToken | null>(null);
  const add = (
    <AddToken
      databases={databases}
      onMade={(token) => {
        setMade(token);
        router.refresh();
      }}
    />
  );
  return (
    <Section first id="tokens" title="Programs that may ask Holdfast" end={tokens.length > 0 ? add : null}>
      {made ? (
        <Banner tone="done" live title={`The token ${made.name}:`} className="mb-4">
          <code className="text-ink [overflow-wrap:anywhere]">{made.token}</code> <CopyButton text={made.token} label="Copy the token" />
          <br />
          It is shown this once, and Holdfast keeps only its hash. Put it where the program reads its secrets. It works until {fullTime(made.expiresAt)}.
        </Banner>
      ) : null}
      {tokens.length > 0 ? (
        <TokensTable tokens={tokens} now={now} />
      ) : (
        <EmptyState kind="nothing" title="No token yet" action={add}>
          With a token a program reads figures and health, or starts what you allow it: Prometheus, an uptime monitor, cron, your deployment. It can do what its scopes say and nothing else, and stands in the audit log under its name.
        </EmptyState>
      )}
    </Section>
  );
}
