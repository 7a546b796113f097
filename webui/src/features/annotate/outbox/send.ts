import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import type { NewAnnotation, Redone, Saved } from "@/api/schema";
import { currentSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import { hear } from "./feedback";
import type { Operation, Redo, Undo } from "./operation";
import type { Place } from "./storage";

/** Send one operation to the server; resolves once it is on disk there. */
export async function send(place: Place, operation: Operation): Promise<void> {
  // Somebody else may have signed in meanwhile: never send in another's name.
  if (currentSession()?.username !== place.user) {
    throw new Problem(401, t("Sign in as {{user}} to save what is waiting.", { user: place.user }));
  }
  if (operation.kind === "annotate") await annotate(place, operation.annotation);
  else if (operation.kind === "skip") await skip(place, operation.lease);
  else if (operation.kind === "undo") await undo(place, operation);
  else await redo(place, operation);
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
  const saved: Saved = await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/annotations", {
      ...at(place),
      body: { annotations: [annotation] },
    }),
  );
  for (const feedback of saved.feedback ?? []) hear(place, feedback);
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
      t(
        "The server took back text {{other}} instead of {{text}}: it was coded later, perhaps in another tab. Code both again.",
        { other: undone.id ?? t("(none)"), text: operation.id },
      ),
    );
  }
}

async function redo(
  place: Place,
  { id, value, comment, flagged = false, tried }: Redo,
): Promise<void> {
  // Asking twice could say two things again: after a lost answer, say outright what should count.
  // So too where the server has nothing to say again, as after an undo whose own answer was lost.
  const redone = tried ? null : await redoLast(place);
  if (redone === null) {
    await post(place, { id, value, comment, flagged });
  } else if (redone.id !== id) {
    throw new Problem(
      409,
      t(
        "The server said again what you took back of text {{other}} instead of {{text}}: it was taken back later, perhaps in another tab. Look at both again.",
        { other: redone.id, text: id },
      ),
    );
  }
}

async function redoLast(place: Place): Promise<Redone | null> {
  try {
    return await body(api.POST("/api/v1/projects/{slug}/schemes/{scheme}/redo", at(place)));
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return null;
    throw error;
  }
}
