import type { ModelInfo, ProjectInfo, ProjectState, SchemeInfo } from "@/api/schema";

export const aProject = (change: Partial<ProjectInfo> = {}): ProjectInfo => ({
  slug: "letters",
  name: "Letters",
  language: "en",
  n_rows: 1100,
  splits: { train: 1000, valid: 0, test: 100 },
  text_columns: ["text"],
  label_columns: [],
  context_columns: [],
  created_by: "root",
  created_at: "2026-01-01T00:00:00Z",
  role: "manager",
  budget: null,
  archived_at: null,
  gone_at: null,
  progress: null,
  ...change,
});

export const aScheme = (train: number, change: Partial<SchemeInfo> = {}): SchemeInfo => ({
  id: 1,
  name: "stance",
  type: "multiclass",
  widget: "choice",
  labels: [],
  codebook: "What counts as what.",
  params: {},
  overlap: 1,
  annotated: { train, valid: 0, test: 0 },
  guide: null,
  created_at: "2026-01-01T00:00:00Z",
  codebook_version: 1,
  checks: null,
  ...change,
});

export const aModel = (name: string, change: object = {}): ModelInfo =>
  ({ id: name, name, kind: "model", scheme: "stance", scores: {}, ...change }) as ModelInfo;

export const aState = (change: Partial<ProjectState> = {}): ProjectState => ({
  project: aProject(),
  schemes: [],
  features: [],
  models: [],
  jobs: [],
  ...change,
});
