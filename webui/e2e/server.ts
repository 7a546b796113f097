import type { components } from "../src/api/generated";
import type { Settings } from "./settings";

type Account = components["schemas"]["Account"];
type Disagreement = components["schemas"]["Disagreement"];
type Element = components["schemas"]["Element"];
type JobView = components["schemas"]["JobView"];
type LogEntry = components["schemas"]["LogEntry"];
type ProjectInfo = components["schemas"]["ProjectInfo"];
type SchemeInfo = components["schemas"]["SchemeInfo"];
type ThreadView = components["schemas"]["ThreadView"];

/** The server itself, asked without the page in between. */
export class Server {
  private constructor(
    private readonly settings: Settings,
    private readonly token: string,
  ) {}

  static async signIn(settings: Settings): Promise<Server> {
    const { baseUrl, username, password } = settings;
    const answer = await fetch(`${baseUrl}/api/v1/auth/token`, {
      method: "POST",
      body: new URLSearchParams({ username, password }),
    });
    if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    return new Server(settings, access_token);
  }

  createUser(username: string, password: string): Promise<Account> {
    const account = JSON.stringify({ username, password, role: "annotator" });
    return this.ask("POST", "users", account);
  }

  scheme(name: string, project = this.settings.project): Promise<SchemeInfo> {
    return this.ask("GET", `projects/${project}/schemes/${name}`);
  }

  createScheme(
    project: string,
    name: string,
    labels: readonly string[],
    codebook = "",
    type = "multiclass",
  ): Promise<SchemeInfo> {
    const scheme = JSON.stringify({ name, labels, codebook, type });
    return this.ask("POST", `projects/${project}/schemes`, scheme);
  }

  /** Make a scheme that is coded already, as a column of the corpus says. */
  createSchemeFrom(
    project: string,
    name: string,
    labels: readonly string[],
    column: string,
    type = "multiclass",
  ): Promise<SchemeInfo> {
    const scheme = JSON.stringify({ name, labels, type, from_column: column });
    return this.ask("POST", `projects/${project}/schemes`, scheme);
  }

  /** Change a scheme as somebody else would, while a page shows it. */
  changeScheme(project: string, name: string, patch: object): Promise<SchemeInfo> {
    return this.ask("PATCH", `projects/${project}/schemes/${name}`, JSON.stringify(patch));
  }

  async log(scheme: string): Promise<LogEntry[]> {
    const path = `projects/${this.settings.project}/schemes/${scheme}/annotations`;
    return (await this.ask<{ items: LogEntry[] }>("GET", path)).items;
  }

  /** Make a project from texts and return its slug. */
  createProject(name: string, texts: readonly string[]): Promise<string> {
    return this.createTable(name, ["text", ...texts], {});
  }

  /** Make a project from lines of CSV, the first of them the columns, and return its slug. */
  async createTable(name: string, lines: readonly string[], config: object): Promise<string> {
    const form = new FormData();
    form.set("file", new Blob([lines.join("\n")]), "texts.csv");
    form.set("config", JSON.stringify({ name, text_columns: ["text"], ...config }));
    return (await this.ask<ProjectInfo>("POST", "projects", form)).slug;
  }

  /** List texts with what was said of them. */
  async elements(project: string, scheme: string, query: string): Promise<Element[]> {
    const path = `projects/${project}/schemes/${scheme}/elements?${query}`;
    return (await this.ask<{ items: Element[] }>("GET", path)).items;
  }

  computeFeature(
    project: string,
    name: string,
    params: object,
    component = "tfidf",
  ): Promise<JobView> {
    const feature = JSON.stringify({ name, component, params });
    return this.ask("POST", `projects/${project}/features`, feature);
  }

  trainModel(project: string, name: string, scheme: string, feature: string): Promise<JobView> {
    const model = JSON.stringify({ name, scheme, features: [feature] });
    return this.ask("POST", `projects/${project}/models`, model);
  }

  /** Let a model predict the complete corpus. */
  predict(project: string, model: string): Promise<JobView> {
    return this.ask("POST", `projects/${project}/models/${model}/predictions`, "{}");
  }

  findTopics(project: string, name: string, wish: object): Promise<JobView> {
    return this.ask("POST", `projects/${project}/topics`, JSON.stringify({ name, ...wish }));
  }

  makeMap(project: string, name: string, feature: string): Promise<JobView> {
    const map = JSON.stringify({ name, feature, component: "pca" });
    return this.ask("POST", `projects/${project}/projections`, map);
  }

  /** Give a scheme a guide that reads these features. */
  setGuide(project: string, scheme: string, features: readonly string[]): Promise<unknown> {
    const guide = JSON.stringify({ features, refresh_every: 10 });
    return this.ask("PUT", `projects/${project}/schemes/${scheme}/guide`, guide);
  }

  /** Annotate texts that are to be coded, all of them or so many, as `answer` says. */
  async annotate(
    project: string,
    scheme: string,
    answer: (text: string) => string,
    most = 500,
  ): Promise<void> {
    const path = `projects/${project}/schemes/${scheme}`;
    const found = `${path}/elements?limit=${most}`;
    const { items } = await this.ask<{ items: Element[] }>("GET", found);
    const annotations = items.map(({ id, text }) => ({ id, value: answer(text) }));
    await this.ask("POST", `${path}/annotations`, JSON.stringify({ annotations }));
  }

  /** Make the texts with these words in them gold. */
  async addGold(project: string, scheme: string, words: string, value: string): Promise<void> {
    const path = `projects/${project}/schemes/${scheme}`;
    const found = `${path}/elements?regex=${encodeURIComponent(words)}`;
    const { items } = await this.ask<{ items: Element[] }>("GET", found);
    const texts = items.map(({ id }) => ({ id, value, note: "It fell as rain." }));
    await this.ask("PUT", `${path}/gold`, JSON.stringify({ texts }));
  }

  /** Let a user belong to a project. */
  putMember(project: string, username: string, role = "annotator"): Promise<unknown> {
    return this.ask("PUT", `projects/${project}/members/${username}`, JSON.stringify({ role }));
  }

  /** Ids of a project's texts, in their order. */
  async textIds(project: string, scheme: string): Promise<readonly string[]> {
    const path = `projects/${project}/schemes/${scheme}/elements?limit=500&sample=all`;
    return (await this.ask<{ items: Element[] }>("GET", path)).items.map(({ id }) => id);
  }

  /** Say something of texts, as this user. */
  async say(
    project: string,
    scheme: string,
    said: readonly { readonly id: string; readonly value: unknown; readonly comment?: string }[],
  ): Promise<void> {
    const path = `projects/${project}/schemes/${scheme}/annotations`;
    await this.ask("POST", path, JSON.stringify({ annotations: said }));
  }

  /** What coders disagree on; `yes` for what was decided. */
  async disagreements(
    project: string,
    scheme: string,
    decided: "no" | "yes" = "no",
  ): Promise<Disagreement[]> {
    const path = `projects/${project}/schemes/${scheme}/disagreements?decided=${decided}`;
    return (await this.ask<{ items: Disagreement[] }>("GET", path)).items;
  }

  async threads(project: string, id: string): Promise<ThreadView[]> {
    const path = `projects/${project}/threads?id=${encodeURIComponent(id)}`;
    return (await this.ask<{ items: ThreadView[] }>("GET", path)).items;
  }

  startThread(project: string, scheme: string, id: string, text: string): Promise<ThreadView> {
    return this.ask("POST", `projects/${project}/threads`, JSON.stringify({ id, scheme, text }));
  }

  job(id: string): Promise<JobView> {
    return this.ask("GET", `jobs/${id}`);
  }

  stop(id: string): Promise<JobView> {
    return this.ask("DELETE", `jobs/${id}`);
  }

  private async ask<T>(method: string, path: string, body?: FormData | string): Promise<T> {
    const answer = await fetch(`${this.settings.baseUrl}/api/v1/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
