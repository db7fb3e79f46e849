"use client";

import Link from "next/link";
import { useState } from "react";
import { checkDatabaseAction, discoverAction } from "@/app/(dashboard)/settings/databases/actions";
import { ChooseDatabase, type Chosen } from "@/components/databases/choose-database";
import { EntryHead } from "@/components/shell/entry-shell";
import { Button } from "@/components/ui/button";
import { WizardPath } from "@/components/ui/wizard-path";
import { hasFailed } from "@/lib/databases/schemas";
import { StoreStep, type KnownStore } from "./store-step";

const steps = ["Administrator", "Database", "Where backups go", "First backup"] as const;
const nobody: [] = [];

/** Choose and test a database, choose and test where backups go, take the first backup. */
export function FirstRun({ store, proposed }: { store: KnownStore | null; proposed: { name: string; path: string } }) {
  const [step, setStep] = useState<"database" | "store">("database");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [answer, setAnswer] = useState<string | null>(null);
  const name = chosen?.address.databaseName;
  function go() {
    if (!chosen) return setAnswer("Choose a database first.");
    if (!chosen.check) return setAnswer(`Test ${name} first: it shows whether a backup could read everything.`);
    if (hasFailed(chosen.check)) return setAnswer(`The test of ${name} failed, so a backup would fail too. Mend what it names, then test again.`);
    setAnswer(null);
    setStep("store");
    window.scrollTo({ top: 0 });
  }
  return (
    <>
      <WizardPath label="Steps of setting up" steps={steps} current={step === "database" ? 1 : 2} />
      {/* Hidden rather than gone, so that going back finds the choice and its test. */}
      <div hidden={step !== "database"}>
        <EntryHead title="Which database should be protected first?" sub="You can add the others later." />
        <ChooseDatabase ask={{ discover: discoverAction, check: checkDatabaseAction }} registered={nobody} storeId={store?.id ?? null} onChange={(next) => {
            setChosen(next);
            setAnswer(null);
          }} />
        {answer ? <p role="alert" className="mt-4 text-table font-medium text-exposed">{answer}</p> : null}
        <div className="mt-5 flex flex-wrap justify-between gap-2">
          <Button asChild variant="quiet"><Link href="/">Do this later</Link></Button>
          <Button variant="primary" onClick={go}>{name ? `Use ${name}` : "Use this database"}</Button>
        </div>
      </div>
      {step === "store" && chosen ? <StoreStep address={chosen.address} known={store} proposed={proposed} onBack={() => setStep("database")} /> : null}
    </>
  );
}
