/** The parts of a name between which a line may break: after a dot, an underscore or a dollar sign, so that words stay whole. */
export function breakable(name: string): string[] {
  return name.split(/(?<=[._$])(?=[^._$])/);
}
