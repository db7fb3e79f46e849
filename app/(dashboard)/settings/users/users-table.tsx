"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useState, useTransition } from "react";
import { toast } from "sonner";
import { Cell, Column, HiddenColumn, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { DropdownMenuItem, KebabMenu } from "@/components/ui/dropdown-menu";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import type { ListedUser } from "@/lib/users/list-users";
import { restoreWords, roleWords } from "@/lib/users/role-words";
import { roles, type Role } from "@/lib/users/schemas";
import { changePermissionAction, changeRoleAction, enableUserAction } from "./actions";
import { DisableUser, ResetPassword } from "./user-dialogs";

type Asked = { what: "disable" | "reset"; user: ListedUser };

/** Everyone with an account, and what an admin can do about them. */
export function UsersTable({ users, ownId, now }: { users: readonly ListedUser[]; ownId: string; now: string }) {
  const router = useRouter();
  const [, change] = useTransition();
  const [chosen, choose] = useOptimistic<{ id: string; role?: Role; restoreGranted?: boolean } | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [error, setError] = useState<PublicError | null>(null);
  const [made, setMade] = useState<{ name: string; password: string } | null>(null);

  /** Shows the new role at once; when it is refused the old one comes back by itself. */
  function setRole(user: ListedUser, role: Role, undoing = false) {
    change(async () => {
      choose({ id: user.id, role });
      const result = await changeRoleAction({ userId: user.id, role });
      setError(result.ok ? null : result.error);
      router.refresh();
      if (!result.ok) return;
      const undo = { action: { label: "Undo", onClick: () => setRole({ ...user, role }, user.role, true) } };
      toast.success(`${user.name} is ${roleWords[role].word.toLowerCase()} ${undoing ? "again" : "now"}.`, undoing ? {} : undo);
    });
  }
  /** As with roles: shown at once, taken back when refused. */
  function setPermission(user: ListedUser, mayRestore: boolean, undoing = false) {
    change(async () => {
      choose({ id: user.id, restoreGranted: mayRestore });
      const result = await changePermissionAction({ userId: user.id, mayRestore });
      setError(result.ok ? null : result.error);
      router.refresh();
      if (!result.ok) return;
      const undo = { action: { label: "Undo", onClick: () => setPermission(user, !mayRestore, true) } };
      toast.success(`${user.name} may ${mayRestore ? "restore" : "not restore"} ${undoing ? "again" : "from now on"}.`, undoing ? {} : undo);
    });
  }
  async function enable(user: ListedUser) {
    const result = await enableUserAction({ userId: user.id });
    setError(result.ok ? null : result.error);
    if (result.ok) toast.success(`${user.name} can sign in again.`);
    router.refresh();
  }

  return (
    <>
      {error ? (
        <Banner tone="danger" live title={error.message} className="mb-4">
          {error.hint}
        </Banner>
      ) : null}
      {made ? (
        <Banner tone="done" live title={`New password of ${made.name}:`} className="mb-4">
          <code className="text-ink">{made.password}</code> <CopyButton text={made.password} label="Copy the password" />
          <br />
          It is shown this once. Give it to them in a way you trust; they can change it under Settings, Account.
        </Banner>
      ) : null}
      <Table caption="People who may sign in" rows="two">
        <TableHead>
          <Column>Name</Column>
          <Column>Role</Column>
          <Column>May restore</Column>
          <Column>Last seen</Column>
          <HiddenColumn>Actions</HiddenColumn>
        </TableHead>
        <TableBody>
          {users.map((user) => (
            <TableRow key={user.id}>
              <Cell phone="full">
                <span className="flex flex-wrap items-center gap-2 font-medium">
                  {user.name}
                  {user.id === ownId ? <Tag>You</Tag> : null}
                  {user.disabledAt ? <Tag>Disabled</Tag> : null}
                </span>
                <span className="block text-caption text-ink-3 [overflow-wrap:anywhere]">{user.email}</span>
              </Cell>
              <Cell label="Role">
                <Select
                  aria-label={`Role of ${user.name}`}
                  className="w-[128px]"
                  value={(chosen?.id === user.id ? chosen.role : null) ?? user.role}
                  onChange={(event) => setRole(user, roles.find((role) => role === event.target.value) ?? user.role)}
                >
                  {roles.map((role) => (
                    <option key={role} value={role}>
                      {roleWords[role].word}
                    </option>
                  ))}
                </Select>
              </Cell>
              <Cell label="May restore">
                <RestorePermission user={user} role={(chosen?.id === user.id ? chosen.role : null) ?? user.role} granted={(chosen?.id === user.id ? chosen.restoreGranted : null) ?? user.restoreGranted} onChange={(granted) => setPermission(user, granted)} />
              </Cell>
              <Cell label="Last seen">{user.lastSeenAt ? <Age at={user.lastSeenAt} now={now} /> : <span className="text-ink-3">Never signed in</span>}</Cell>
              <Cell phone="end" className="text-right">
                {user.id === ownId ? null : (
                  <KebabMenu label={`More actions for ${user.name}`}>
                    <DropdownMenuItem onSelect={() => setAsked({ what: "reset", user })}>Make a new password</DropdownMenuItem>
                    {user.disabledAt ? (
                      <DropdownMenuItem onSelect={() => void enable(user)}>Enable {user.name}</DropdownMenuItem>
                    ) : (
                      <DropdownMenuItem tone="danger" onSelect={() => setAsked({ what: "disable", user })}>
                        Disable {user.name}
                      </DropdownMenuItem>
                    )}
                  </KebabMenu>
                )}
              </Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {asked?.what === "disable" ? <DisableUser user={asked.user} close={() => setAsked(null)} /> : null}
      {asked?.what === "reset" ? <ResetPassword user={asked.user} close={() => setAsked(null)} onMade={(password) => setMade({ name: asked.user.name, password })} /> : null}
    </>
  );
}

/** Only operators are asked about; the others' answer comes with the role. */
function RestorePermission({ user, role, granted, onChange }: { user: ListedUser; role: Role; granted: boolean; onChange: (granted: boolean) => void }) {
  if (role !== "operator") return <span className="inline-block text-ink-3 first-letter:uppercase">{restoreWords.who[role]}</span>;
  return (
    <Checkbox aria-label={`${user.name} may restore`} checked={granted} onChange={(event) => onChange(event.target.checked)} className="w-fit">
      {granted ? "Yes" : "No"}
    </Checkbox>
  );
}
