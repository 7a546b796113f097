import { Outbox } from "./outbox";
import { send } from "./send";
import { OutboxStorage, type Place, placesOf } from "./storage";

const outboxes = new Map<string, Outbox>();

/** This page's name among the browser's tabs. randomUUID is missing on plain http. */
const TAB = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) =>
  part.toString(36),
).join("");

let operations = 0;

/** Make a key for an operation; keys sort by time. */
export function operationKey(): string {
  operations += 1;
  return `${Date.now()}-${String(operations).padStart(6, "0")}`;
}

/** Return the outbox of a place. It outlives the page that uses it, so that leaving loses nothing. */
export function outboxFor(place: Place): Outbox {
  const name = JSON.stringify(place);
  const known = outboxes.get(name);
  if (known !== undefined) return known;
  const storage = new OutboxStorage(place, TAB);
  const outbox = new Outbox(storage, (operation) => send(place, operation));
  outboxes.set(name, outbox);
  for (const tab of storage.otherTabs()) {
    void ifClosed(tab, () => outbox.resume(storage.adopt(tab)));
  }
  return outbox;
}

/** Send what `user` left unsent in earlier visits. */
export function resumeOutboxes(user: string): void {
  for (const place of placesOf(user)) outboxFor(place).retry();
}

/** Hold this tab's name while it is open, retry when the network returns, warn before loss. */
export function startOutboxes(): void {
  void navigator.locks?.request(lockName(TAB), () => new Promise(() => undefined));
  window.addEventListener("online", () => {
    for (const outbox of outboxes.values()) outbox.retry();
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...outboxes.values()].some((outbox) => outbox.state().waiting > 0)) event.preventDefault();
  });
}

async function ifClosed(tab: string, adopt: () => void): Promise<void> {
  // Without locks (plain http) nobody can tell: sending an annotation twice does no harm.
  if (navigator.locks === undefined) return adopt();
  // Shared: a closed tab may have left something in several schemes, and each asks for itself.
  await navigator.locks.request(lockName(tab), { mode: "shared", ifAvailable: true }, (lock) => {
    if (lock !== null) adopt();
  });
}

function lockName(tab: string): string {
  return `kodkod.tab.${tab}`;
}
