"use client";

import { useReplan } from "@/components/restore/wizard-replan";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import type { MissingRole, RestorePlan } from "@/lib/restore/schemas";
import type { WizardParams } from "@/lib/restore/search-params";

/** Roles that the backup names and the server does not have: made, left out, or another one in their place. */
export function MissingRoles({ missing, existing, params }: { missing: RestorePlan["missingRoles"]; existing: readonly string[]; params: WizardParams }) {
  const { replan } = useReplan();
  if (missing.length === 0) return null;
  const choose = (role: string, choice: MissingRole) => replan({ roles: { ...params.roles, [role]: choice } });
  return (
    <Section id="roles" title="Roles the server does not have" note="each choice makes a new plan">
      <div className="grid gap-4">
        {missing.map(({ role, choice }) => (
          <Role key={role} role={role} choice={choice} existing={existing} onChoose={(next) => choose(role, next)} />
        ))}
      </div>
    </Section>
  );
}

const consequences = {
  create: "Made without the right to sign in. Give it a password, or LOGIN, yourself.",
  skip: "What it owned belongs to the role that restores; what was granted to it is left out.",
  map: "What it owned and was granted goes to the other role.",
} as const satisfies Record<MissingRole["do"], string>;

function Role({ role, choice, existing, onChoose }: { role: string; choice: MissingRole; existing: readonly string[]; onChoose: (choice: MissingRole) => void }) {
  const value = choice.do === "map" ? `map:${choice.to}` : choice.do;
  return (
    <Field label={<code className="[overflow-wrap:anywhere]">{role}</code>} hint={consequences[choice.do]} className="max-w-[420px]">
      <Select
        value={value}
        onChange={({ target }) => {
          if (target.value === "create" || target.value === "skip") onChoose({ do: target.value });
          else onChoose({ do: "map", to: target.value.slice("map:".length) });
        }}
      >
        <option value="create">Create it</option>
        <option value="skip">Leave it out</option>
        {existing.map((name) => (
          <option key={name} value={`map:${name}`}>
            Use {name} instead
          </option>
        ))}
      </Select>
    </Field>
  );
}
