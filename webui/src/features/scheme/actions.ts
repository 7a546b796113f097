import type { Action } from "@/shared/actions/action";
import { t } from "@/shared/words/translate";

interface Runs {
  readonly annotate: () => void;
  readonly addLabel: () => void;
  readonly writeCodebook: () => void;
}

/** What can be done on a scheme's page by a key, for whoever may change the scheme or only code. */
export function schemeActions(runs: Runs, editable: boolean): readonly Action[] {
  const section = t("Scheme");
  const changes: readonly Action[] = [
    { id: "scheme.add", title: t("Add a label"), section, keys: ["n"], run: runs.addLabel },
    {
      id: "scheme.codebook",
      title: t("Write the codebook"),
      section,
      keys: ["e"],
      run: runs.writeCodebook,
    },
  ];
  return [
    { id: "scheme.annotate", title: t("Annotate"), section, keys: ["a"], run: runs.annotate },
    ...(editable ? changes : []),
  ];
}
