import type { components } from "../src/api/generated";
import type { Settings } from "./settings";

type Element = components["schemas"]["Element"];
type JobView = components["schemas"]["JobView"];
type LogEntry = components["schemas"]["LogEntry"];
type ProjectInfo = components["schemas"]["ProjectInfo"];
type SchemeInfo = components["schemas"]["SchemeInfo"];

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

  scheme(name: string, project = this.settings.project): Promise<SchemeInfo> {
    return this.ask("GET", `projects/${project}/schemes/${name}`);
  }

  createScheme(project: string, name: string, labels: readonly string[]): Promise<SchemeInfo> {
    return this.ask("POST", `projects/${project}/schemes`, JSON.stringify({ name, labels }));
  }

  async log(scheme: string): Promise<LogEntry[]> {
    const path = `projects/${this.settings.project}/schemes/${scheme}/annotations`;
    return (await this.ask<{ items: LogEntry[] }>("GET", path)).items;
  }

  /** Make a project from texts and return its slug. */
  async createProject(name: string, texts: readonly string[]): Promise<string> {
    const form = new FormData();
    form.set("file", new Blob([["text", ...texts].join("\n")]), "texts.csv");
    form.set("config", JSON.stringify({ name, text_columns: ["text"] }));
    return (await this.ask<ProjectInfo>("POST", "projects", form)).slug;
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

  /** Annotate every text that is to be coded, as `answer` says. */
  async annotate(project: string, scheme: string, answer: (text: string) => string): Promise<void> {
    const path = `projects/${project}/schemes/${scheme}`;
    const { items } = await this.ask<{ items: Element[] }>("GET", `${path}/elements?limit=500`);
    const annotations = items.map(({ id, text }) => ({ id, value: answer(text) }));
    await this.ask("POST", `${path}/annotations`, JSON.stringify({ annotations }));
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
