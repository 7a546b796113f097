import type { SampleInfo } from "@/api/schema";

/** How many texts of a sample people have coded in a scheme. */
export function coded({ progress }: Pick<SampleInfo, "progress">, scheme: string): number {
  return progress.find((each) => each.scheme === scheme)?.annotated ?? 0;
}

/** Whether every text of a sample is coded in a scheme. */
export function complete(sample: Pick<SampleInfo, "n" | "progress">, scheme: string): boolean {
  return coded(sample, scheme) >= sample.n;
}

/** The sample to begin with: the one that is coded furthest. */
export function furthest(samples: readonly SampleInfo[], scheme: string): SampleInfo | undefined {
  return samples.toSorted((a, b) => coded(b, scheme) / b.n - coded(a, scheme) / a.n)[0];
}

/** A name that no sample has yet. */
export function freeName(samples: readonly Pick<SampleInfo, "name">[], base: string): string {
  const taken = new Set(samples.map(({ name }) => name));
  let at = samples.length + 1;
  while (taken.has(`${base} ${at}`)) at += 1;
  return `${base} ${at}`;
}
