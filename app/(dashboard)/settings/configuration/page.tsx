import { Download, FileCog } from "lucide-react";
import type { Metadata } from "next";
import { ConfigManages } from "@/components/config/config-manages";
import { ConfigProblems } from "@/components/config/config-problems";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { exportConfig } from "@/lib/config/export";
import { readConfigView, type ConfigView } from "@/lib/config/read";
import { atLeast } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";

export const metadata: Metadata = { title: "Configuration" };

export default async function ConfigurationPage() {
  const ctx = await pageContext();
  const isAdmin = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "admin");
  const [view, present] = await Promise.all([readConfigView(ctx), isAdmin ? exportConfig(ctx) : null]);
  return (
    <SettingsPage title="Configuration">
      <Section first id="file" title="Configuration file" note="for those who keep settings in git">
        <State view={view} />
      </Section>
      {view.inForce ? (
        <Section id="manages" title="What it decides">
          <ConfigManages view={view} />
        </Section>
      ) : null}
      {present === null ? null : (
        <Section
          id="present"
          title="Present settings as a file"
          end={
            <Button asChild size="sm">
              <a href="/api/config/export" download>
                <Download size={16} strokeWidth={1.75} aria-hidden />
                Download
              </a>
            </Button>
          }
        >
          <p className="mb-3 max-w-[72ch] text-table text-ink-2">Begin from this: put in place as it is, it changes nothing, and everything in it is decided by the file from then on. Take out what should stay with the browser. It holds no secret.</p>
          <CodeBlock label="Present settings" copy={present} className="max-h-[420px]">{present}</CodeBlock>
        </Section>
      )}
    </SettingsPage>
  );
}

function State({ view }: { view: ConfigView }) {
  const { inForce, refused, waiting, lookedFor } = view;
  return (
    <div className="grid gap-4">
      {refused ? (
        <Banner tone="danger" title={`${refused.name} is not applied: something in it is wrong.`}>
          {inForce ? "What it said before stays in force; nothing of the new version holds." : "None of it holds; everything is decided here."} It is looked at again as soon as it changes.
        </Banner>
      ) : null}
      {refused ? <ConfigProblems problems={refused.problems} /> : null}
      {waiting.map(({ id, name }) => (
        <Banner key={id} tone="warning" title={`What is kept of ${name} waits for you.`} action={<TextLink href={`/settings/retention?database=${id}`}>See what would go</TextLink>}>
          The rules in the file would remove backups. The rules from before hold until an administrator has looked and saved them.
        </Banner>
      ))}
      {inForce || refused ? (
        <FactList labelWidth={132}>
          <Fact label="File"><code>{inForce?.path ?? refused?.path}</code></Fact>
          <Fact label="In force">{inForce ? <>since <Time at={inForce.since} format="full" /></> : "no, and it never was"}</Fact>
          {refused ? <Fact label="Refused"><Time at={refused.at} format="full" /></Fact> : null}
        </FactList>
      ) : (
        <EmptyState kind="nothing" icon={<FileCog size={18} strokeWidth={1.75} aria-hidden />} title={lookedFor ? "There is no file" : "No worker has looked for a file yet"}>
          Everything is decided in the browser. {lookedFor ? <>To decide some of it in a file, put one where the worker looks every few seconds:</> : null}
          {lookedFor ? (
            <ul className="mt-1.5">
              {lookedFor.map((place) => <li key={place}><code className="[overflow-wrap:anywhere]">{place}</code></li>)}
            </ul>
          ) : null}
        </EmptyState>
      )}
    </div>
  );
}
