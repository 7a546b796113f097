import type { Operation } from "./operation";

/** Who does what where. */
export interface Place {
  readonly user: string;
  readonly project: string;
  readonly scheme: string;
}

const ROOT = "kodkod.outbox";

/**
 * Unconfirmed operations in localStorage, one entry each, so that tabs never overwrite each
 * other's and a crash or a closed tab loses nothing.
 */
export class OutboxStorage {
  constructor(
    private readonly place: Place,
    private readonly tab: string,
    private readonly storage: Storage = localStorage,
  ) {}

  put(operation: Operation): void {
    this.storage.setItem(this.entry(this.tab, operation.key), JSON.stringify(operation));
  }

  remove(operation: Operation): void {
    this.storage.removeItem(this.entry(this.tab, operation.key));
  }

  /** Names of other tabs that left operations here. */
  otherTabs(): string[] {
    const tabs = this.keys().map((key) => decode(key)?.tab);
    return [...new Set(tabs)].filter((tab) => tab !== undefined && tab !== this.tab) as string[];
  }

  /** Make `tab`'s operations this tab's own and return them, oldest first. */
  adopt(tab: string): Operation[] {
    const keys = this.keys().filter((key) => decode(key)?.tab === tab);
    return keys.sort().flatMap((key) => {
      const operation = parsed(this.storage.getItem(key));
      this.storage.removeItem(key);
      if (operation === null) return [];
      // Nobody knows whether an undo or redo of a lost tab got through: send what it meant instead.
      const own = "tried" in operation ? { ...operation, tried: true } : operation;
      this.put(own);
      return [own];
    });
  }

  private entry(tab: string, key: string): string {
    return [...prefix(this.place), tab, key].map(encodeURIComponent).join("/");
  }

  private keys(): string[] {
    const start = `${prefix(this.place).map(encodeURIComponent).join("/")}/`;
    return allKeys(this.storage).filter((key) => key.startsWith(start));
  }
}

/** Return the places where `user` has operations waiting. */
export function placesOf(user: string, storage: Storage = localStorage): Place[] {
  const places = new Map<string, Place>();
  for (const key of allKeys(storage)) {
    const entry = decode(key);
    if (entry?.place.user === user) places.set(JSON.stringify(entry.place), entry.place);
  }
  return [...places.values()];
}

function prefix(place: Place): string[] {
  return [ROOT, place.user, place.project, place.scheme];
}

function allKeys(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter(
    (key) => key !== null,
  );
}

function decode(key: string): { place: Place; tab: string } | null {
  const [root, user, project, scheme, tab] = key.split("/").map(decodeURIComponent);
  if (root !== ROOT || !user || !project || !scheme || !tab) return null;
  return { place: { user, project, scheme }, tab };
}

function parsed(raw: string | null): Operation | null {
  try {
    const value: unknown = JSON.parse(raw ?? "null");
    return typeof value === "object" && value !== null && "kind" in value
      ? (value as Operation)
      : null;
  } catch {
    return null;
  }
}
