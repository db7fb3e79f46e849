import type { Command } from "commander";

/** More options than these are a matter for --help. */
const fewOptions = 2;

/** How the command that `argv` names is called, in one line; null where it names none, or only a group of them. */
export function usageOf(program: Command, argv: readonly string[]): string | null {
  const [command, ...groups] = named(program, argv.filter((word) => !word.startsWith("-")));
  if (!command || command.commands.length > 0) return null;
  // People call the procedures by their scripts, and have never heard of the command behind them.
  const isScript = groups.some((group) => group.name() === "procedure");
  const path = ["holdfast", ...groups.toReversed().map((group) => group.name()), command.name()].join(" ");
  const call = [isScript ? `./${command.summary()}` : path, ...optionsOf(command), ...argumentsOf(command)].join(" ");
  return isScript ? `Usage: ${call}` : `Usage: ${call}. ${path} --help says more.`;
}

/** The command and the groups it is in, innermost first. */
function named(program: Command, words: readonly string[]): Command[] {
  const found = program.commands.find((one) => one.name() === words[0]);
  return found ? [...named(found, words.slice(1)), found] : [];
}

function optionsOf(command: Command): string[] {
  const all = command.options.filter(({ hidden }) => !hidden);
  return all.length > fewOptions ? ["[options]"] : all.map(({ flags }) => `[${flags}]`);
}

function argumentsOf(command: Command): string[] {
  return command.registeredArguments.map((one) => {
    const name = one.argChoices ? one.argChoices.join("|") : `${one.name()}${one.variadic ? "..." : ""}`;
    if (!one.required) return `[${name}]`;
    return one.argChoices ? name : `<${name}>`;
  });
}
