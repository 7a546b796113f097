import type { Energy, JobView } from "@/api/schema";
import type { JobNews } from "./news";

/** Make a job as the server shows it: one that computes a feature for Ada. */
export function aJob(change: Partial<JobView> = {}): JobView {
  return {
    id: "a",
    kind: "feature",
    subject: "tfidf-svd",
    queue: "cpu",
    project: "climate",
    user: "ada",
    params: { name: "lsa50", component: "tfidf-svd", params: {} },
    state: "running",
    progress: 0.25,
    message: "",
    metrics: {},
    result: null,
    error: null,
    warning: "",
    seconds: null,
    expected: null,
    energy: null,
    wh: null,
    g_co2e: null,
    created_at: "2026-11-24T12:00:00.000000Z",
    started_at: "2026-11-24T12:00:01.000000Z",
    finished_at: null,
    eta: null,
    ...change,
  };
}

/** Make an account of energy, estimated. */
export function anEnergy(change: Partial<Energy> = {}): Energy {
  return {
    cpu_wh: 0.3,
    gpu_wh: 0,
    ram_wh: 0.12,
    remote_wh: 0,
    g_co2e: 0.02,
    g_per_kwh: 56,
    mix: "France 2023",
    measured: [],
    methods: { cpu: "Estimated: 4 W." },
    ...change,
  };
}

/** Make what an event tells of a job. */
export function someNews(change: Partial<JobNews> = {}): JobNews {
  const job = aJob(change);
  const { id, kind, queue, state, progress, message, metrics, eta, wh, g_co2e, result, error } =
    job;
  return { id, kind, queue, state, progress, message, metrics, eta, wh, g_co2e, result, error };
}
