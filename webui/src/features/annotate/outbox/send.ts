import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import type { NewAnnotation } from "@/api/schema";
import { currentSession } from "@/shared/session/session";
import type { Operation, Undo } from "./operation";
import type { Place } from "./storage";

/** Send one operation to the server; resolves once it is on disk there. */
export async function send(place: Place, operation: Operation): Promise<void> {
  // Somebody else may have signed in meanwhile: never send in another's name.
  if (currentSession()?.username !== place.user) {
    throw new Problem(401, `Sign in as ${place.user} to save what is waiting.`);
  }
  if (operation.kind === "annotate") await annotate(place, operation.annotation);
  else if (operation.kind === "skip") await skip(place, operation.lease);
  else await undo(place, operation);
}

function at(place: Place) {
  return { params: { path: { slug: place.project, scheme: place.scheme } } };
}

async function annotate(place: Place, annotation: NewAnnotation): Promise<void> {
  try {
    await post(place, annotation);
  } catch (error) {
    // A lapsed lease only means that the text may have gone to somebody else as well.
    const lapsed = error instanceof Problem && error.status === 409 && annotation.lease;
    if (!lapsed) throw error;
    await post(place, { ...annotation, lease: null });
  }
}

async function post(place: Place, annotation: NewAnnotation): Promise<void> {
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/annotations", {
      ...at(place),
      body: { annotations: [annotation] },
    }),
  );
}

async function skip(place: Place, lease: string): Promise<void> {
  try {
    await body(
      api.POST("/api/v1/projects/{slug}/schemes/{scheme}/skip", {
        ...at(place),
        body: { leases: [lease] },
      }),
    );
  } catch (error) {
    // A lease that is gone is given back already; nothing of the annotator's is lost.
    const gone = error instanceof Problem && !error.passing && error.status !== 401;
    if (!gone) throw error;
  }
}

async function undo(place: Place, operation: Undo): Promise<void> {
  // Asking twice could take back two: after a lost answer, say outright what should count.
  if (operation.tried) {
    await post(place, { id: operation.id, value: operation.before });
    return;
  }
  const undone = await body(api.POST("/api/v1/projects/{slug}/schemes/{scheme}/undo", at(place)));
  if (undone.id !== operation.id) {
    throw new Problem(
      409,
      `The server took back text ${undone.id ?? "(none)"} instead of ${operation.id}: it was coded later, perhaps in another tab. Code both again.`,
    );
  }
}
