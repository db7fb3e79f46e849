import type { Metadata } from "next";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Section } from "@/components/ui/section";
import { currentUser } from "@/lib/auth/context";
import { pageContext } from "@/lib/auth/page";
import { browserName } from "@/lib/users/browser-name";
import { listSessions } from "@/lib/users/list-sessions";
import { roleWords } from "@/lib/users/role-words";
import { SettingsPage } from "../settings-page";
import { ChangePassword } from "./change-password";
import { SessionsTable } from "./sessions-table";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const ctx = await pageContext();
  const [user, sessions] = await Promise.all([currentUser(), listSessions(ctx)]);
  return (
    <SettingsPage title="Account">
      {user ? (
        <Section first id="you" title="You">
          <FactList labelWidth={104}>
            <Fact label="Name">{user.name}</Fact>
            <Fact label="Email">{user.email}</Fact>
            <Fact label="Role" sub={roleWords[user.role].alone}>
              {roleWords[user.role].word}
            </Fact>
          </FactList>
        </Section>
      ) : null}
      <div className="mt-10 max-sm:mt-8">
        <ChangePassword guessable={user ? [user.name, user.email] : []} email={user?.email ?? ""} />
      </div>
      <Section id="sessions" title="Where you are signed in">
        <SessionsTable sessions={sessions.map(({ userAgent, ...session }) => ({ ...session, browser: browserName(userAgent) }))} now={ctx.clock.now().toISOString()} />
      </Section>
    </SettingsPage>
  );
}
