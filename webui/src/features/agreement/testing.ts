import type { Disagreement, VoteView } from "@/api/schema";

/** A vote for tests. */
export function aVote(seq: number, user: string, value: unknown): VoteView {
  return {
    seq,
    user,
    value,
    source: "human",
    comment: "",
    seconds: null,
    created_at: "2026-11-26T12:00:00Z",
    competence: null,
  };
}

/** A text on which ada and ben disagree. */
export function aDisagreement(id: string, part: Partial<Disagreement> = {}): Disagreement {
  return {
    id,
    row: 0,
    split: "train",
    text: `Text ${id}`,
    context: {},
    severity: 0.5,
    votes: [aVote(1, "ada", "rain"), aVote(2, "ben", "snow")],
    adjudications: [],
    seen: [1, 2],
    suggestion: null,
    assigned_to: null,
    ...part,
  };
}
