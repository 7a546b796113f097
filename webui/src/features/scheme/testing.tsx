import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { CodebookVersion, LabelInfo, SchemeInfo } from "@/api/schema";

/** A label for tests. */
export function aLabel(id: number, name: string): LabelInfo {
  return { id, name, color: null, description: "" };
}

/** A scheme for tests. */
export function aScheme(part: Partial<SchemeInfo> = {}): SchemeInfo {
  return {
    id: 1,
    name: "stance",
    type: "multiclass",
    widget: "choice",
    labels: [aLabel(1, "agree"), aLabel(2, "neutral"), aLabel(3, "disagree")],
    codebook: "old",
    params: {},
    overlap: 1,
    annotated: { train: 0, valid: 0, test: 0 },
    guide: null,
    codebook_version: 1,
    checks: null,
    created_at: "2026-11-26T12:00:00Z",
    ...part,
  };
}

/** A version of a codebook for tests. */
export function aVersion(part: Partial<CodebookVersion> = {}): CodebookVersion {
  return {
    number: 2,
    note: "",
    affects: null,
    created_by: "anna",
    created_at: "2026-11-26T12:00:00Z",
    seq: 1,
    annotations: 0,
    outdated: 0,
    ...part,
  };
}

/** What a hook that asks the server stands in. */
export function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
}
