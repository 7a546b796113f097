import { useEffect, useSyncExternalStore } from "react";
import { api, body } from "@/api/client";
import { noteServerTime } from "@/shared/clock";
import { queryClient } from "@/shared/query";
import { type Connect, EventStream, type StreamState } from "./eventStream";
import { refreshAll, takeUp } from "./feed";

const connect: Connect = async (lastId, signal) => {
  const asked = api.GET("/api/v1/events", {
    params: { header: lastId === null ? {} : { "Last-Event-ID": lastId } },
    headers: { Accept: "text/event-stream" },
    parseAs: "stream",
    cache: "no-store",
    signal,
  });
  const stream = (await body(asked)) as ReadableStream<Uint8Array> | null;
  noteServerTime((await asked).response.headers.get("Date"));
  if (stream === null) throw new TypeError("The answer has no body.");
  return stream;
};

function open(): EventStream {
  return new EventStream(connect, {
    event: (event) => takeUp(queryClient, event),
    opened: () => refreshAll(queryClient),
  });
}

let stream = open();
const watchers = new Set<() => void>();

/** A hidden tab lets go after so long: browsers open six connections to a server, not more. */
const HIDDEN_FOR = 20_000;

/** Keep this tab up to date while `user` is signed in and looks at it. */
export function useEvents(user: string | null): void {
  useEffect(() => {
    if (user === null) return;
    // What another user has heard is not this one's position.
    stream = open();
    for (const watcher of watchers) watcher();
    let letGo: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(letGo);
      if (document.hidden) letGo = setTimeout(() => stream.stop(), HIDDEN_FOR);
      else stream.start();
      if (!document.hidden) stream.wake();
    };
    const wake = () => stream.wake();
    look();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", wake);
    return () => {
      clearTimeout(letGo);
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("online", wake);
      stream.stop();
    };
  }, [user]);
}

function subscribe(listener: () => void): () => void {
  let stop = stream.subscribe(listener);
  const replaced = () => {
    stop();
    stop = stream.subscribe(listener);
    listener();
  };
  watchers.add(replaced);
  return () => {
    watchers.delete(replaced);
    stop();
  };
}

/** Whether news arrive in this tab. */
export function useStreamState(): StreamState {
  return useSyncExternalStore(subscribe, () => stream.current());
}
