import "server-only";
import { Counter, Gauge, Registry } from "prom-client";
import { families, type FamilyName, type Sample } from "./families";

export const contentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Samples in the text format of Prometheus. Families without a sample are left out: a fresh gauge would stand at 0. */
export async function render(samples: readonly Sample[]): Promise<string> {
  const registry = new Registry();
  for (const name of Object.keys(families) as FamilyName[]) {
    const { type, help, labels } = families[name];
    const own = samples.filter((sample) => sample.name === name);
    if (own.length === 0) continue;
    const options = { name, help, labelNames: [...labels] as string[], registers: [registry] };
    if (type === "counter") {
      const counter = new Counter(options);
      for (const sample of own) counter.inc(sample.labels, sample.value);
    } else {
      const gauge = new Gauge(options);
      for (const sample of own) gauge.set(sample.labels, sample.value);
    }
  }
  return registry.metrics();
}
