/** Milliseconds by step, whatever the step's end. */
export class PhaseMeter {
  readonly phases: Record<string, number> = {};

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = Date.now();
    try {
      return await work();
    } finally {
      this.phases[name] = Date.now() - started;
    }
  }
}
