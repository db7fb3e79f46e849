import type { Metadata } from "next";
import { Refused } from "@/components/account/refused";
import { CodeBlock } from "@/components/ui/code-block";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Section } from "@/components/ui/section";
import { guardedPage } from "@/lib/auth/page";
import { listDatabases } from "@/lib/databases/list";
import { listTokens } from "@/lib/tokens/list";
import { scopes } from "@/lib/tokens/schemas";
import { scopeWords } from "@/lib/tokens/scope-words";
import { SettingsPage } from "../settings-page";
import { MadeTokens } from "./made-tokens";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const page = await guardedPage({ role: "admin", attempt: "token.list" });
  if (!page.ok) {
    return (
      <SettingsPage title="API tokens">
        <Refused error={page.error} />
      </SettingsPage>
    );
  }
  const [tokens, databases] = await Promise.all([listTokens(page.ctx), listDatabases(page.ctx)]);
  return (
    <SettingsPage title="API tokens">
      <MadeTokens tokens={tokens} databases={databases.map(({ id, name }) => ({ id, name }))} now={page.ctx.clock.now().toISOString()} />
      <Section id="scopes" title="What each scope lets a program do">
        <FactList labelWidth={104}>
          {scopes.map((scope) => (
            <Fact key={scope} label={scopeWords[scope].word}>
              {scopeWords[scope].may}
            </Fact>
          ))}
        </FactList>
      </Section>
      <Section id="use" title="How a program uses one">
        <CodeBlock label="the request" wrap>
          {'curl -fsS -H "Authorization: Bearer $HOLDFAST_TOKEN" http://localhost:3000/api/health/backups'}
        </CodeBlock>
      </Section>
    </SettingsPage>
  );
}
