import type { Metadata } from "next";
import { Refused } from "@/components/account/refused";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Section } from "@/components/ui/section";
import { guardedPage } from "@/lib/auth/page";
import { listUsers } from "@/lib/users/list-users";
import { restoreWords, roleWords } from "@/lib/users/role-words";
import { roles } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";
import { AddUser } from "./add-user";
import { UsersTable } from "./users-table";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const page = await guardedPage({ role: "admin", attempt: "user.list" });
  if (!page.ok) {
    return (
      <SettingsPage title="Users">
        <Refused error={page.error} />
      </SettingsPage>
    );
  }
  const users = await listUsers(page.ctx);
  return (
    <SettingsPage title="Users">
      <Section first id="people" title="Who may sign in" end={<AddUser />}>
        <UsersTable users={users} ownId={page.ctx.actor.id ?? ""} now={page.ctx.clock.now().toISOString()} />
      </Section>
      <Section id="roles" title="What each role may do, and the permission to restore">
        <FactList labelWidth={104}>
          {roles.map((role) => (
            <Fact key={role} label={roleWords[role].word}>
              {roleWords[role].may}
            </Fact>
          ))}
          <Fact label="Restore" sub={roles.map((role) => `${roleWords[role].word}s ${restoreWords.who[role]}`).join(" · ")}>
            {restoreWords.may}
          </Fact>
        </FactList>
      </Section>
    </SettingsPage>
  );
}
